"""Papers as they are read: what is new to whom, until when, as a PDF, and who has read what."""

from datetime import timedelta
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cdop.core.audit import AuditEntry
from cdop.core.steps import edit
from cdop.panel import actions, paper_actions, paper_reading, reading
from cdop.panel.models import Meeting
from cdop.panel.paper_models import Reading
from tests.cast import TESTS, person
from tests.cdop.panel.makers import on_agenda, opened, planned_meeting
from tests.cdop.panel.paper_makers import drafted, released, settled
from tests.pages import sign_in, text_of

READ = ["pack", "pack_pdf"]
IDENTIFYING = ("Aaaa", "Bbbb", "9990000123", "6 May 2014", "ZZ99", "1 February 2014")


@pytest.fixture
def meeting(chair, member):
    return planned_meeting(member, chair=chair)


@pytest.fixture
def item(meeting):
    return on_agenda(meeting)


def url(name, item, *more):
    return reverse(f"panel:{name}", args=[item.meeting_id, item.serial, *more])


def words_of(page) -> str:
    """The words of a PDF, on one line."""
    file = pypdfium2.PdfDocument(page.content)
    return " ".join(" ".join(each.get_textpage().get_text_bounded() for each in file).split())


def test_each_opening_is_recorded_in_the_chain_and_first_and_last_beside_the_papers(
    client, member, coordinator, item
):
    paper = released(item, by=coordinator)
    sign_in(client, member)

    for name in ("pack", "pack", "pack_pdf"):
        client.get(url(name, item))

    row = Reading.objects.get(paper=paper, user=member)
    reads = AuditEntry.objects.filter(action="pack.read", actor=member).order_by("number")
    assert [entry.purpose for entry in reads] == [
        "panel meeting",
        "panel meeting",
        "panel meeting, as a PDF",
    ]
    assert (row.times, row.first_at < row.last_at, row.version) == (3, True, 1)


def test_what_was_added_since_is_marked_for_who_had_read_before_and_for_nobody_else(
    client, member, chair, coordinator, item
):
    new = "New to you"
    released(item, by=coordinator)
    assert new not in text_of(sign_in(client, member).get(url("pack", item)))
    released(item, "A correction: the room was cold.", by=coordinator)

    first = text_of(client.get(url("pack", item)))
    again = text_of(client.get(url("pack", item)))
    chairs = text_of(sign_in(client, chair).get(url("pack", item)))

    assert f"Added: supplement 1 {new}" in first
    assert first.count(new) == 1
    assert new not in again and "A correction: the room was cold." in again
    assert new not in chairs and "supplement 1" in chairs


def test_papers_are_closed_after_the_third_day_for_members_and_not_for_the_team(
    client, member, coordinator, chair, item
):
    released(item, by=coordinator)
    actions.close_meeting(opened(item.meeting, chair=chair), by=chair)
    sign_in(client, member)
    assert client.get(url("pack", item)).status_code == 200
    edit(
        Meeting.objects.get(pk=item.meeting_id),
        by=TESTS,
        closed_at=timezone.now() - timedelta(days=5),
    )

    pages = [client.get(url(name, item)) for name in READ]

    assert [page.status_code for page in pages] == [403, 403]
    assert "They can no longer be read." in text_of(pages[0])
    assert "Halton" not in text_of(pages[0])
    assert Reading.objects.get(user=member).times == 1
    assert sign_in(client, coordinator).get(url("pack", item)).status_code == 200


def test_a_passage_that_may_distress_stands_behind_a_warning(client, member, coordinator, item):
    released(item, "All was calm.\n\n! There were bruises.", by=coordinator)

    page = sign_in(client, member).get(url("pack", item)).content.decode()

    warning = page.index("Warning: this can distress.")
    assert page.index("All was calm.") < warning < page.index("There were bruises.")
    assert "<details" in page[warning - 400 : warning]


@pytest.mark.parametrize("who", ["chair", "member"])
def test_pages_and_files_of_the_panel_hold_nothing_that_identifies(
    client, request, item, coordinator, who
):
    paper_actions.drop(
        drafted(item, "Aaaa of ZZ99 3WZ.", by=coordinator), version=2, by=coordinator
    )
    released(item, by=coordinator)
    sign_in(client, request.getfixturevalue(who))

    pages = [
        client.get(url("pack", item)).content.decode(),
        words_of(client.get(url("pack_pdf", item))),
    ]

    for hidden in (item.case.reference, *IDENTIFYING):
        assert not any(hidden in page for page in pages)


def test_the_pdf_is_tagged_titled_and_bears_the_readers_name_on_every_page(
    client, member, coordinator, item
):
    text = "\n\n".join(f"Paragraph {number} of what was told.\nIt goes on." for number in range(80))
    released(item, f"{text}\n\n! There were bruises.", by=coordinator)

    page = sign_in(client, member).get(url("pack_pdf", item))

    said = words_of(page)
    with pikepdf.open(BytesIO(page.content)) as pdf:
        tree = pdf.Root.StructTreeRoot.K
        tags = [str(each.S) for each in tree.K]
        spoken = [str(each.ActualText) for each in tree.K]
        assert len(pdf.pages) > 2 and len(pdf.Root.StructTreeRoot.ParentTree.Nums) == 2 * len(
            pdf.pages
        )
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("en-GB", True)
        assert str(pdf.docinfo.Title) == f"Papers of {item.serial}"
        with pdf.open_outline() as outline:
            [version] = outline.root
            parts = [part.title for part in version.children]
        images = [name for each in pdf.pages for name in each.resources.get("/XObject", {})]
    assert tags[0] == "/H1" and {"/H1", "/H2", "/H3", "/P"} <= set(tags)
    assert spoken[0] == f"Papers of {item.serial}" and "There were bruises." in spoken
    assert any("about a child who died" in each for each in spoken)
    assert (version.title, parts[:2], images) == ("Papers", ["Summary", "Facts"], [])
    file = pypdfium2.PdfDocument(page.content)
    assert all(member.name in each.get_textpage().get_text_bounded() for each in file)
    assert said.index("Warning. ") < said.index("There were bruises.")
    assert page.headers["Cache-Control"] == "no-store, private"


def test_who_has_read_what_is_one_list_for_the_countdown(
    member, other_member, chair, coordinator, meeting
):
    actions.invite(meeting, other_member, sits_as="lay", by=coordinator)
    read, unread, without = (on_agenda(meeting) for _ in range(3))
    released(read, by=coordinator), released(unread, by=coordinator)
    paper_reading.opened(read, by=member, purpose="tests")
    released(read, "More.", by=coordinator)
    paper_reading.opened(read, by=chair, purpose="tests")

    found = paper_reading.readers(meeting)

    said = {row.user: (row.opened, row.of, row.has_read) for row in found[read.pk]}
    assert said == {
        member: (1, 2, False),
        other_member: (0, 2, False),
        chair: (2, 2, True),
    }
    assert all(row.last_at is None and row.of == 1 for row in found[unread.pk])
    assert {row.has_read for row in found[without.pk]} == {False}
    assert paper_reading.standing(meeting, coordinator) == {
        read.pk: "Released, with 1 supplement",
        unread.pk: "Released",
        without.pk: "Not released yet",
    }


@pytest.mark.parametrize(("name", "who"), [("pack", "member"), ("prepare", "coordinator")])
def test_the_number_of_queries_does_not_grow_with_the_text_or_with_other_cases(
    client, request, item, name, who, coordinator, django_assert_num_queries
):
    sign_in(client, request.getfixturevalue(who))
    released(item, by=coordinator)
    settled(drafted(item, "Aaaa.", by=coordinator), by=coordinator)
    client.get(url(name, item))
    with CaptureQueriesContext(connection) as with_one:
        client.get(url(name, item))
    draft = paper_actions.open_draft(item)
    text = "Aaaa slept. " * 20
    paper_actions.write(draft, "summary", text, version=draft.version, by=coordinator)
    released(on_agenda(item.meeting), by=coordinator)

    with django_assert_num_queries(len(with_one)):
        client.get(url(name, item))


def test_who_lists_readers_asks_as_often_for_many_as_for_few(
    meeting, coordinator, django_assert_num_queries
):
    with CaptureQueriesContext(connection) as with_none:
        paper_reading.readers(meeting)
    for _ in range(3):
        item = on_agenda(meeting)
        released(item, by=coordinator)
        new = person("member")
        actions.invite(meeting, new, sits_as="lay", by=TESTS)
        reading.accept_statement(meeting, new, by=new)
        for row in meeting.attendance.all():
            paper_reading.opened(item, by=row.user, purpose="tests")

    with django_assert_num_queries(len(with_none)):
        paper_reading.readers(meeting)
