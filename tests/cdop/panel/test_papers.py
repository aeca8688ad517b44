"""Papers drafted by rule, settled place by place, released for good, and added to."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from cdop.cases import identity
from cdop.core.audit import AuditEntry
from cdop.core.documents import Document
from cdop.core.refusals import Refused, Stale
from cdop.panel import actions, agenda, paper_actions, paper_rules
from cdop.panel.models import AgendaItem, Meeting
from cdop.panel.paper_models import Paper, PaperDraft, PaperHit, PaperSection
from cdop.panel.paper_states import Decision, DraftState
from cdop.panel.paper_text import ANSWER, HEADING, TERMS, TEXT, blocks, with_warnings
from cdop.rapid_response import actions as rapid_response
from tests.cast import TESTS
from tests.cdop.cases.speaking import asked
from tests.cdop.panel.makers import on_agenda, opened, planned_meeting, ready_case
from tests.cdop.panel.paper_makers import drafted, released, settled
from tests.guard import nothing_forbidden


@pytest.fixture
def meeting(chair, member):
    return planned_meeting(member, chair=chair)


@pytest.fixture
def item(meeting):
    return on_agenda(meeting)


def texts(draft) -> dict[str, str]:
    return {section.code: section.text for section in draft.sections}


def words(draft) -> list[str]:
    return [place.words for place in draft.found]


def test_the_papers_are_drafted_by_rule_in_ages_and_days(item, coordinator):
    with nothing_forbidden():
        draft = paper_actions.begin(item, by=coordinator)

    said = texts(draft)
    assert list(said) == ["summary", "before", "facts", "timeline", "response", "record", "asked"]
    assert said["facts"].startswith("Area: Halton\nAge: About 3 months\nSex: Female")
    assert said["timeline"].splitlines() == [
        "94 days before the death: The child was born",
        "On the day of the death: The child died",
        "1 day after the death: The panel was told",
    ]
    assert said["asked"] == "No question of the family is known."
    assert (draft.number, draft.found) == (1, [])


def test_what_was_done_in_the_first_weeks_is_told_in_hours_and_days(meeting, coordinator, doctor):
    case = ready_case()
    rapid_response.start(case, by=TESTS)
    first, second = case.checklist.all()[:2]
    noon = datetime(2014, 5, 6, 12, tzinfo=UTC)
    rapid_response.complete(first, by=coordinator, done_at=noon, note="Called the Bbbbs.")
    rapid_response.set_aside(second, by=coordinator, reason="Never at school.")

    said = texts(paper_actions.begin(on_agenda(meeting, case), by=coordinator))["response"]

    assert "done 13 hours after the death" in said
    assert "Still open: " in said
    assert "2014" not in said and "Bbbb" not in said


def test_a_draft_that_is_begun_again_is_the_same(item, coordinator):
    one, other = (paper_actions.begin(item, by=coordinator) for _ in range(2))

    assert (one.pk, PaperDraft.objects.count()) == (other.pk, 1)


def test_what_is_written_is_searched_at_once_and_the_search_is_recorded(item, coordinator):
    draft = drafted(item, "Aaaa was born on 1.2.14; Dr Vexley rang 01632 960 555.", by=coordinator)

    assert words(draft) == ["Aaaa", "1.2.14", "Dr Vexley", "01632 960 555"]
    searches = AuditEntry.objects.filter(action="papers.searched", case_number=item.case_id)
    assert [entry.detail for entry in searches.order_by("number")] == [
        '{"after": {"places": 0}}',
        '{"after": {"places": 4}}',
    ]
    reads = AuditEntry.objects.filter(action="identity.read", actor=coordinator)
    assert {entry.purpose for entry in reads} == {"find identifying words in the panel's papers"}


def test_the_database_holds_nothing_of_a_draft_in_the_clear(item, coordinator):
    draft = settled(drafted(item, "Aaaa was asleep.", by=coordinator), by=coordinator)

    rows = [*PaperDraft.history.all(), *PaperHit.history.all(), *AuditEntry.objects.all()]
    assert draft.decided.get().said["words"] == "Aaaa"
    assert not any("Aaaa" in str(vars(row)) for row in rows)


def test_papers_are_not_released_before_every_place_is_settled(item, coordinator):
    draft = drafted(item, "Aaaa slept. Then Dr Vexley came.", by=coordinator)
    paper_actions.keep_place(
        draft, draft.found[0].mark, "Not hers.", version=draft.version, by=coordinator
    )
    before = AuditEntry.objects.count()

    with pytest.raises(Refused, match="1 place that may say who somebody is is not settled"):
        paper_actions.release(draft, version=draft.version, by=coordinator)

    assert (Paper.objects.count(), AuditEntry.objects.count()) == (0, before)
    assert PaperDraft.objects.get().state == DraftState.OPEN


def test_words_are_replaced_wherever_the_same_stand_with_a_capital_where_a_sentence_begins(
    item, coordinator
):
    draft = drafted(item, "Aaaa slept. They woke Aaaa. Mother Bbbb cried.", by=coordinator)

    draft = paper_actions.replace_place(
        draft,
        draft.found[0].mark,
        "the child",
        everywhere=True,
        version=draft.version,
        by=coordinator,
    )

    assert texts(draft)["summary"] == "The child slept. They woke the child. Mother Bbbb cried."
    assert words(draft) == ["Bbbb"]
    assert [hit.said["now"] for hit in draft.decided.all()] == ["the child", "the child"]
    assert {hit.decision for hit in draft.decided.all()} == {Decision.REPLACED}


def test_one_place_alone_is_replaced_where_that_is_asked(item, coordinator):
    draft = drafted(item, "Aaaa slept. They woke Aaaa.", by=coordinator)

    draft = paper_actions.replace_place(
        draft, draft.found[1].mark, "her", everywhere=False, version=draft.version, by=coordinator
    )

    assert texts(draft)["summary"] == "Aaaa slept. They woke her."


def test_a_place_that_was_kept_opens_again_where_the_words_around_it_change(item, coordinator):
    draft = settled(drafted(item, "In all Aaaa slept well.", by=coordinator), by=coordinator)
    assert paper_actions.kept_marks(draft) == {draft.found[0].mark}

    draft = paper_actions.write(
        draft, "summary", "Little Aaaa slept well.", version=draft.version, by=coordinator
    )

    assert draft.found[0].mark not in paper_actions.kept_marks(draft)


def test_what_identity_learns_after_the_last_search_stops_the_release(item, coordinator):
    draft = settled(drafted(item, "The child and Zzyzx slept.", by=coordinator), by=coordinator)
    known = identity.read(item.case, by=coordinator, purpose="tests")
    carers = [{"name": "Zzyzx", "relationship": "grandmother", "details": ""}]
    identity.edit(item.case, replace(known, carers=carers), by=coordinator)

    with pytest.raises(Refused, match="1 place that may say who somebody is is not settled"):
        paper_actions.release(draft, version=draft.version, by=coordinator)

    draft = paper_actions.search_again(draft, version=draft.version, by=coordinator)
    assert [place.kind for place in draft.found] == ["part of a carer's name"]


def test_what_is_released_cannot_be_changed_or_removed_in_the_database(item, coordinator):
    paper = released(item, by=coordinator)
    assert len(paper.digest) == 64 and paper.digest == paper_actions.digest(
        [vars(section) for section in paper.sections]
    )

    for act in (
        lambda: Paper.objects.filter(pk=paper.pk).update(kept=99),
        lambda: Paper.objects.filter(pk=paper.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()


def test_a_supplement_holds_what_is_new_and_leaves_what_was_released_alone(item, coordinator):
    first = released(item, by=coordinator)
    before = bytes(first.sealed)
    again = paper_actions.begin(item, by=coordinator)
    assert (again.number, set(texts(again).values())) == (2, {""})
    with pytest.raises(Refused, match="There is nothing in these papers yet"):
        paper_actions.release(again, version=again.version, by=coordinator)

    second = released(item, "A correction: the room was cold.", by=coordinator)

    assert [section.text for section in second.sections] == ["A correction: the room was cold."]
    assert bytes(Paper.objects.get(number=1).sealed) == before
    assert [paper.number for paper in item.papers.all()] == [1, 2]


def test_a_draft_that_was_dropped_leaves_its_number_to_the_next(item, coordinator):
    draft = drafted(item, "Aaaa slept.", by=coordinator)
    paper_actions.drop(draft, version=draft.version, by=coordinator)

    again = paper_actions.begin(item, by=coordinator)

    assert (again.number, texts(again)["summary"]) == (1, "")
    with pytest.raises(Refused, match="dropped, so they stay"):
        paper_actions.write(draft, "summary", "X", version=draft.version, by=coordinator)


def test_two_who_edit_at_once_are_told(item, coordinator):
    draft = drafted(item, "One.", by=coordinator)
    paper_actions.write(draft, "summary", "Two.", version=draft.version, by=coordinator)

    for act in (
        lambda: paper_actions.write(draft, "summary", "3", version=draft.version, by=coordinator),
        lambda: paper_actions.release(draft, version=draft.version, by=coordinator),
        lambda: paper_actions.drop(draft, version=draft.version, by=coordinator),
    ):
        with pytest.raises(Stale):
            act()


@pytest.mark.parametrize("who", ["chair", "member", "doctor", "reader", "governance_lead"])
def test_nobody_else_prepares_papers(request, who, item, coordinator):
    user, draft = request.getfixturevalue(who), drafted(item, "Aaaa.", by=coordinator)
    before = AuditEntry.objects.count()

    for act in (
        lambda: paper_actions.begin(item, by=user),
        lambda: paper_actions.write(draft, "summary", "X", version=draft.version, by=user),
        lambda: paper_actions.keep_place(
            draft, draft.found[0].mark, "X", version=draft.version, by=user
        ),
        lambda: paper_actions.release(draft, version=draft.version, by=user),
        lambda: paper_actions.drop(draft, version=draft.version, by=user),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.status == 403
    assert AuditEntry.objects.count() == before


def test_the_papers_of_a_closed_meeting_stay_as_they_were(item, chair, coordinator):
    draft = drafted(item, by=coordinator)
    actions.close_meeting(opened(item.meeting, chair=chair), by=chair)

    for act in (
        lambda: paper_actions.release(draft, version=draft.version, by=coordinator),
        lambda: paper_actions.begin(AgendaItem.objects.get(pk=item.pk), by=coordinator),
    ):
        with pytest.raises(Refused, match="This meeting is closed"):
            act()


def test_a_place_is_kept_for_a_reason_and_only_while_it_is_there(item, coordinator):
    draft = drafted(item, "Aaaa.", by=coordinator)

    with pytest.raises(Refused, match="Say why"):
        paper_actions.keep_place(
            draft, draft.found[0].mark, " ", version=draft.version, by=coordinator
        )
    with pytest.raises(Refused, match="not in the papers any more"):
        paper_actions.keep_place(draft, "0" * 32, "X", version=draft.version, by=coordinator)


@pytest.mark.parametrize(
    ("deferred", "said", "found"),
    [
        (False, "Was on the agenda 74 days before this meeting, and was not reached.", []),
        (True, "Deferred 74 days before this meeting: Aaaa's report is late.", ["Aaaa's"]),
    ],
    ids=["not reached", "deferred"],
)
def test_the_papers_of_a_case_that_comes_again_say_where_it_was_last_and_are_searched(
    item, chair, coordinator, deferred, said, found
):
    assert texts(paper_actions.begin(item, by=coordinator))["before"] == ""
    meeting = opened(item.meeting, chair=chair)
    if deferred:
        agenda.defer(item, why="Aaaa's report is late.", version=item.version, by=chair)
    actions.close_meeting(meeting, by=chair)
    later = Meeting.objects.get(pk=planned_meeting(held_on=date(2014, 12, 1)).pk)
    again = on_agenda(later, type(item.case).objects.get(pk=item.case_id))

    draft = paper_actions.begin(again, by=coordinator)

    assert (texts(draft)["before"], words(draft)) == (said, found)


def test_papers_are_not_released_without_a_summary(item, coordinator):
    draft = paper_actions.begin(item, by=coordinator)

    with pytest.raises(Refused, match="The summary is not written"):
        paper_actions.release(draft, version=draft.version, by=coordinator)

    assert Paper.objects.count() == 0


def test_no_file_and_no_picture_can_come_into_the_papers():
    models = [PaperDraft, PaperHit, Paper]

    related = {field.related_model for model in models for field in model._meta.get_fields()}

    assert Document not in related
    assert {field.type for field in fields(PaperSection)} == {"str"}


# How the text is read


def test_a_text_is_cut_into_headings_terms_answers_and_paragraphs():
    text = (
        "# Home\nFirst words.\n\nArea: Halton\nSex: Female\n\nWas it cold?\nPolice: Yes\n\n! Blood."
    )

    assert [(each.kind, each.text, each.warned) for each in blocks(text)] == [
        (HEADING, "Home", False),
        (TEXT, "First words.", False),
        (TERMS, "Area: Halton\nSex: Female", False),
        (ANSWER, "Was it cold?\nPolice: Yes", False),
        (TEXT, "Blood.", True),
    ]


def test_a_passage_that_describes_injuries_gets_a_warning_once():
    text = "# Injuries\n\nShe slept.\n\nThere were bruises.\n\n! A wound."

    assert with_warnings(text) == "# Injuries\n\nShe slept.\n\n! There were bruises.\n\n! A wound."
    assert with_warnings("") == "" and blocks("") == []


def test_papers_close_at_the_end_of_the_third_day_after_the_meeting():
    closed = datetime(2014, 9, 18, 16, tzinfo=UTC)
    until = paper_rules.open_until(Meeting(closed_at=closed))

    assert until == datetime(2014, 9, 21, 22, 59, 59, 999999, tzinfo=UTC)
    assert until - closed > timedelta(days=3)
    assert paper_rules.open_until(Meeting()) is None


def test_what_a_family_asks_stands_in_the_papers_in_words_that_name_nobody(item, coordinator):
    asked(item.case, coordinator, for_panel="Was the monitor on?")

    assert texts(paper_actions.begin(item, by=coordinator))["asked"] == "Was the monitor on?"
