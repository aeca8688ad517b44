"""Pages of the papers, with the people who may, may not and must not know."""

from dataclasses import replace

import pytest
from django.urls import reverse

from cdop.cases import identity
from cdop.core.audit import AuditEntry
from cdop.panel import paper_actions
from cdop.panel.paper_models import Paper
from tests.cdop.panel.makers import on_agenda, planned_meeting
from tests.cdop.panel.paper_makers import drafted, released, settled
from tests.guard import nothing_forbidden
from tests.pages import sign_in, text_of

PEOPLE = [
    "coordinator",
    "chair",
    "member",
    "other_member",
    "doctor",
    "reader",
    "governance_lead",
    "stranger",
]
READ, PREPARE = ["pack", "pack_pdf"], ["prepare", "release", "prepare_part", "settle_place"]


@pytest.fixture
def meeting(chair, member):
    return planned_meeting(member, chair=chair)


@pytest.fixture
def item(meeting):
    return on_agenda(meeting)


def url(name, item, *more):
    return reverse(f"panel:{name}", args=[item.meeting_id, item.serial, *more])


def address(name, item):
    """The address of a page while a draft is open, whose summary names the child."""
    more = {"prepare_part": ["summary"], "settle_place": ["0" * 32]}
    if name == "settle_place" and (draft := paper_actions.open_draft(item)):
        more["settle_place"] = [draft.found[0].mark]
    return url(name, item, *more.get(name, []))


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", READ + PREPARE)
def test_each_page_opens_for_those_who_may_and_is_not_there_for_others(
    client, request, item, coordinator, who, name
):
    released(item, by=coordinator)
    drafted(item, "Aaaa slept.", by=coordinator)
    where = address(name, item)
    may = {"coordinator"} | ({"chair", "member"} if name in READ else set())

    with nothing_forbidden():
        page = sign_in(client, request.getfixturevalue(who)).get(where)

    assert page.status_code == (200 if who in may else 404)
    if who not in may:
        assert item.serial not in text_of(page)


def test_nobody_reads_without_signing_in(client, item):
    for name in READ + PREPARE:
        page = client.get(address(name, item))
        assert (page.status_code, page.url.split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("who", ["chair", "member"])
def test_before_the_release_a_reader_sees_nothing_but_that(client, request, item, coordinator, who):
    drafted(item, "Aaaa slept.", by=coordinator)
    sign_in(client, request.getfixturevalue(who))

    page = text_of(client.get(url("pack", item)))

    assert "These papers are not released yet." in page
    assert "Halton" not in page and "Aaaa" not in page and "slept" not in page
    assert client.get(url("pack_pdf", item)).status_code == 404


def test_the_coordinator_takes_papers_from_draft_to_release_on_the_pages(
    client, coordinator, member, item
):
    sign_in(client, coordinator)
    with nothing_forbidden():
        client.post(url("prepare", item))
        part = url("prepare_part", item, "summary")
        typed = {"text": "Aaaa slept. In May Dr Vexley came.", "version": "1"}
        assert client.post(part, typed).url == url("prepare", item)
        first, second = paper_actions.open_draft(item).found
        page = client.post(
            url("settle_place", item, first.mark),
            {"version": "2", "becomes": "the child", "everywhere": "true"},
        )
        assert page.url == url("settle_place", item, paper_actions.open_draft(item).found[0].mark)
        page = client.post(page.url, {"version": "3", "becomes": "keep", "why": "Invented."})
        assert page.url == url("prepare", item)
        shown = text_of(client.get(url("release", item)))
        assert "The child slept. In May Dr Vexley came." in shown
        assert "Kept with a reason" in shown and "Why Invented. By" in shown
        client.post(url("release", item), {"version": "3"})
        page = text_of(sign_in(client, member).get(url("pack", item)))

    assert second.words == "Dr Vexley"
    assert "Summary The child slept. In May Dr Vexley came. Facts Area Halton" in page


def test_a_release_with_places_left_is_refused_with_the_reason(client, coordinator, item):
    draft = drafted(item, "Aaaa slept.", by=coordinator)
    sign_in(client, coordinator)

    assert "is not settled" in text_of(client.get(url("release", item)))
    page = client.post(url("release", item), {"version": str(draft.version)})

    assert (page.status_code, Paper.objects.count()) == (409, 0)
    assert "1 place that may say who somebody is is not settled." in text_of(page)
    assert client.post(url("release", item)).status_code == 400


def test_what_is_missing_in_an_answer_is_said_beside_it_and_nothing_is_lost(
    client, coordinator, item
):
    draft = drafted(item, "Aaaa slept.", by=coordinator)
    where = url("settle_place", item, draft.found[0].mark)
    sign_in(client, coordinator)

    assert "Choose what should stand there" in text_of(client.post(where, {"version": "2"}))
    typed = {"version": "2", "becomes": "keep", "words": "my words <b>"}
    page = client.post(where, typed)

    assert "Say why it can stay" in text_of(page)
    assert "my words &lt;b&gt;" in page.content.decode()
    assert draft.decided.count() == 0


def test_a_stale_part_keeps_what_was_typed_beside_what_is_there(client, coordinator, item):
    drafted(item, "First words.", by=coordinator)
    where = url("prepare_part", item, "summary")

    page = sign_in(client, coordinator).post(where, {"text": "Second words.", "version": "1"})

    said = text_of(page)
    assert page.status_code == 409
    assert "Your words Text Second words." in said
    assert "What is there now Text First words." in said
    assert "Second words.</textarea>" in page.content.decode()


def test_a_stale_place_is_told(client, coordinator, item):
    draft = drafted(item, "Aaaa slept.", by=coordinator)
    where = url("settle_place", item, draft.found[0].mark)

    page = sign_in(client, coordinator).post(
        where, {"version": "1", "becomes": "the child", "everywhere": "true"}
    )

    assert (page.status_code, "Somebody else changed this" in text_of(page)) == (409, True)


def test_a_part_that_is_not_there_and_a_place_that_is_gone(client, coordinator, item):
    sign_in(client, coordinator)
    assert client.get(url("prepare_part", item, "summary")).status_code == 404
    drafted(item, by=coordinator)

    assert client.get(url("prepare_part", item, "nonsense")).status_code == 404
    assert client.get(url("settle_place", item, "0" * 32)).url == url("prepare", item)
    assert client.get(url("drop", item)).status_code == 405


def test_a_draft_is_dropped_from_its_page(client, coordinator, item):
    draft = drafted(item, "Aaaa.", by=coordinator)

    page = sign_in(client, coordinator).post(url("drop", item), {"version": str(draft.version)})

    assert page.url == url("prepare", item)
    assert paper_actions.open_draft(item) is None


def test_a_draft_is_searched_again_from_its_page_with_what_identity_knows_by_now(
    client, coordinator, item
):
    draft = settled(drafted(item, "Then Zzyzx slept.", by=coordinator), by=coordinator)
    known = identity.read(item.case, by=coordinator, purpose="tests")
    identity.edit(item.case, replace(known, mother_name="Zzyzx"), by=coordinator)
    sign_in(client, coordinator)

    assert client.post(url("prepare", item), {"version": "1"}).status_code == 409
    client.post(url("prepare", item), {"version": str(draft.version)})

    assert "1 place to settle" in text_of(client.get(url("prepare", item))).replace("\xa0", " ")


def test_opening_the_page_of_the_draft_changes_nothing_and_is_recorded(client, coordinator, item):
    draft = drafted(item, "Aaaa.", by=coordinator)
    sign_in(client, coordinator)

    for name in ("prepare", "release", "prepare_part", "settle_place"):
        client.get(address(name, item))

    draft.refresh_from_db()
    reads = AuditEntry.objects.filter(action="papers.draft_read", actor=coordinator)
    assert (draft.version, reads.count()) == (2, 4)
