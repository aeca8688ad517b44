"""Keying in twins, brothers and sisters: each begins with what they share."""

from datetime import timedelta
from uuid import uuid4

import pytest

from cdop.core import documents
from cdop.core.documents import Document
from cdop.core.drafts import Draft
from notifications.models import Notification
from tests.notifications.filling import CHILD, DEATH, YESTERDAY, boxes, text_of, typed_on
from tests.notifications.keying import attach, begin, fill, fill_all, place, press_keep
from tests.notifications.triage import page_of

pytestmark = pytest.mark.usefixtures("store", "trust")


def test_a_twin_begins_with_what_both_share_and_the_letter(desk, coordinator):
    draft = begin(desk, came_by="letter")
    born = boxes("date_of_birth", YESTERDAY - timedelta(days=9))
    fill_all(desk, draft, child=CHILD | born)
    attach(desk, draft)
    press_keep(desk, draft)
    first = Notification.objects.get()

    press = {"who": "twin", "subject": str(uuid4())}
    answers = [desk.post(place("another", draft), press) for _ in range(2)]

    second = Draft.objects.get()
    assert {answer.url for answer in answers} == {place("tasks", second)}
    assert [each.name for each in documents.of(second.data_key)] == ["letter.pdf"]
    assert Document.objects.count() == 2
    assert desk.get(place("check", second)).url == place("tasks", second)  # no name is copied
    fill(desk, second, "child", {"family_name": "Second-Child"} | born)
    fill(desk, second, "death", DEATH)
    press_keep(desk, second)
    twin = Notification.objects.latest("pk")
    first.refresh_from_db()
    assert twin.together == first.together is not None
    assert (twin.received_at, twin.organisation) == (first.received_at, first.organisation)
    assert twin.answers["notifier_came_by"] == "letter"
    assert twin.answers["date_of_birth"] == first.answers["date_of_birth"]
    assert "letter.pdf" in text_of(desk.get(page_of(twin)))


def test_a_sister_shares_no_date_of_birth(desk):
    draft = begin(desk)
    fill_all(desk, draft, child=CHILD | boxes("date_of_birth", YESTERDAY - timedelta(days=9)))
    press_keep(desk, draft)

    desk.post(place("another", draft), {"who": "sibling", "subject": str(uuid4())})

    page = typed_on(desk.get(place("page", Draft.objects.get(), "child")))
    assert f'value="{(YESTERDAY - timedelta(days=9)).year}"' not in page
