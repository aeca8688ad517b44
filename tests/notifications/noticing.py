"""Filling in a registrar's or a coroner's notice as a browser does."""

import pytest
from django.urls import reverse

from notifications.models import Notification
from notifications.notices import KINDS
from tests.client import Client
from tests.notifications.filling import YESTERDAY, boxes, version_on

BOTH = pytest.mark.parametrize("kind", list(KINDS.values()), ids=list(KINDS))
SAID = {
    "registrar": {"notifier_notice": "registered"},
    "coroner": {"notifier_notice": "investigation"},
}
TYPED = {
    "notifier_name": "Notifier Invented",
    "notifier_organisation": "Invented district",
    "notifier_phone": "01632 960001",
    "family_name": "Exampleby",
    "given_names": "Testina",
    **boxes("date_of_death", YESTERDAY),
    **boxes("notifier_acted_on", YESTERDAY),
}


def address(kind, name="") -> str:
    return reverse(f"report:{kind.code}{'_' if name else ''}{name}")


def fill(browser: Client, kind, **typed):
    page = browser.get(address(kind))
    boxes_ = TYPED | SAID[kind.code] | typed | {"version": version_on(page)}
    return browser.post(address(kind), boxes_)


def press(browser: Client, kind, **pressed):
    version = version_on(browser.get(address(kind, "check")))
    return browser.post(address(kind, "check"), {"version": version, **pressed})


def send(browser: Client, kind, **typed) -> Notification:
    fill(browser, kind, **typed)
    press(browser, kind)
    return Notification.objects.latest("pk")
