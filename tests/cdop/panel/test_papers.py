"""Papers drafted by rule, settled, released, added to and read."""

import pytest
from django.urls import reverse

from cdop.panel import paper_actions
from tests.cdop.panel.makers import on_agenda, planned_meeting
from tests.guard import nothing_forbidden
from tests.pages import sign_in, text_of


@pytest.fixture
def meeting(chair, member):
    return planned_meeting(member, chair=chair)


@pytest.fixture
def item(meeting):
    return on_agenda(meeting)


def test_thread(client, item, coordinator, member):
    with nothing_forbidden():
        draft = paper_actions.begin(item, by=coordinator)
        for s in draft.sections:
            print(s.code, repr(s.text))
        print(draft.found)
        draft = paper_actions.write(
            draft,
            "summary",
            "Aaaa was found. Dr Made-Up came. # x\n\n! She had bruises.",
            version=draft.version,
            by=coordinator,
        )
        print(draft.found)
        c = sign_in(client, coordinator)
        base = reverse("panel:prepare", args=[item.meeting_id, item.serial])
        page = c.get(base)
        assert page.status_code == 200
        print(text_of(page))
        mark = draft.found[0].mark
        place = reverse("panel:settle_place", args=[item.meeting_id, item.serial, mark])
        print(text_of(c.get(place)))
        r = c.post(place, {"version": draft.version, "becomes": "the child", "everywhere": "true"})
        print(r.status_code, r.url)
        r = c.post(r.url, {"version": draft.version + 1, "becomes": "keep", "why": "x"})
        print(r.status_code, r.url)
        print(text_of(c.get(base + "release/")))
        r = c.post(base + "release/", {"version": draft.version + 1})
        print(r.status_code, text_of(r)[:500])
        sign_in(client, member)
        page = client.get(reverse("panel:pack", args=[item.meeting_id, item.serial]))
        print(text_of(page))
        pdf = client.get(reverse("panel:pack_pdf", args=[item.meeting_id, item.serial]))
        open("/tmp/papers.pdf", "wb").write(pdf.content)
    assert 0
