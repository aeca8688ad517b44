"""Keying in a notification as a coordinator does: page by page, box by box."""

import re
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cdop.core.dates import in_london
from cdop.core.drafts import Draft
from cdop.core.organisations import Organisation
from notifications.keyed import KIND
from notifications.models import Notification
from tests.cdop.core.files import pdf
from tests.client import Client
from tests.notifications.filling import CHILD, DEATH, NOTIFIER, YESTERDAY, boxes, version_on

START = "/notifications/key-in/"
AN_HOUR_AGO = timedelta(hours=1)


def place(name: str, draft: Draft | str, *gaps) -> str:
    return reverse(f"notifications:keyed_{name}", args=[getattr(draft, "pk", draft), *gaps])


def arrival(at: datetime | None = None, **other: str) -> dict[str, str]:
    """What the first page is sent with: a call, an hour ago unless told otherwise."""
    here = in_london(at or timezone.now() - AN_HOUR_AGO)
    organisation = Organisation.objects.first()
    return {
        "came_by": "telephone",
        **boxes("arrived_on", here.date()),
        "arrived_time": f"{here:%H:%M}",
        "teller": "Nurse Invented-Caller",
        "organisation": str(organisation.pk) if organisation else "not_listed",
        **other,
    }


def begin(browser: Client, at: datetime | None = None, **other: str) -> Draft:
    """Send the first page; the draft that it began."""
    page = browser.get(START).content.decode()
    subject = re.search(r'name="subject" value="([^"]+)"', page).group(1)
    answer = browser.post(START, arrival(at, **other) | {"subject": subject, "version": "0"})
    assert answer.status_code == 302, answer.content
    return Draft.objects.get(kind=KIND, subject=subject)


def fill(browser: Client, draft: Draft, code: str, typed: dict, **kwargs):
    """Open a page, type into its boxes and press Continue; the answer to that."""
    at = place("page", draft, code)
    return browser.post(at, typed | {"version": version_on(browser.get(at))}, **kwargs)


def fill_all(browser: Client, draft: Draft, **pages: dict) -> None:
    """The least that can be kept, with more or other answers where told."""
    typed = {
        "when": boxes("date_of_death", YESTERDAY),
        "notifier": NOTIFIER,
        "child": CHILD,
        "death": DEATH,
    }
    for code, usual in (typed | {code: {} for code in pages if code not in typed}).items():
        fill(browser, draft, code, usual | pages.get(code, {}))


def attach(
    browser: Client, draft: Draft, content: bytes | None = None, name="letter.pdf", **kwargs
):
    file = SimpleUploadedFile(name, pdf() if content is None else content)
    return browser.post(place("files", draft), {"file": file}, **kwargs)


def press_keep(browser: Client, draft: Draft, **kwargs):
    """Press the button of the page that shows all answers."""
    at = place("check", draft)
    return browser.post(at, {"version": version_on(browser.get(at))}, **kwargs)


def keep(browser: Client, at: datetime | None = None, **other: str) -> Notification:
    """Key in the least that can be kept, and keep it."""
    draft = begin(browser, at, **other)
    fill_all(browser, draft)
    press_keep(browser, draft)
    return Notification.objects.get(draft=draft.pk)
