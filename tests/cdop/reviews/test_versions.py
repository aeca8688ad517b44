"""After the signature: another version with a reason; before the meeting: a draft; queries."""

from datetime import date

import pytest

from cdop.cases import actions as cases
from cdop.cases.models import Case, CaseFacts
from cdop.core.refusals import Refused, Stale
from cdop.panel import actions as panel
from cdop.panel import agenda
from cdop.reviews import actions, preparing, queries
from cdop.reviews.content import Outcome, Recommendation
from cdop.reviews.finding_models import NationalQuery, PreparedFinding
from cdop.reviews.models import Finding
from tests.at_once import at_once, names
from tests.cast import TESTS, person
from tests.cdop.panel.makers import on_agenda, opened, planned_meeting
from tests.cdop.reviews.makers import recorded, sent_review, whole

BY_MAJORITY = Outcome("majority", "Somebody saw it otherwise.", "An inquest")


@pytest.fixture
def meeting(chair, member, other_member):
    return planned_meeting(member, other_member, chair=chair)


@pytest.fixture
def item(meeting):
    return on_agenda(meeting)


@pytest.fixture
def signed(item, meeting, chair):
    opened(meeting, chair=chair)
    return actions.sign_off(recorded(item, chair), version=1, by=chair)


def test_a_change_is_a_new_version_and_the_first_stays_readable(signed, item, chair, coordinator):
    before = CaseFacts.objects.get()
    panel.close_meeting(item.meeting, by=chair)
    cases.close(Case.objects.get(), by=coordinator)

    second = recorded(item, chair, version=2, why="The toxicology came.", categories=("trauma",))

    assert (second.number, second.state, second.why_changed) == (
        2,
        "recorded",
        "The toxicology came.",
    )
    assert CaseFacts.objects.get().category == before.category, "until it is signed off"
    actions.sign_off(second, version=1, by=chair)
    after = CaseFacts.objects.get()
    assert (after.category, after.reviewed_in, after.days_to_sign_off) == (
        "trauma",
        before.reviewed_in,
        before.days_to_sign_off,
    )
    assert Case.objects.get().state == "closed"
    first = queries.finding_of(item, 1, chair)
    assert queries.content_of(first.analysis_id) == whole()
    assert [row.number for row in queries.versions(item, chair)] == [2, 1]


def test_a_version_is_written_over_until_it_is_signed(signed, item, chair):
    recorded(item, chair, version=2, why="First reason")

    with pytest.raises(Refused, match="Say why the finding is changed"):
        recorded(item, chair, version=1)
    again = recorded(item, chair, version=1, why="Better reason")

    assert (again.number, again.version, again.why_changed) == (2, 2, "Better reason")
    assert Finding.objects.count() == 2


def test_a_case_that_is_open_again_is_found_on_at_its_meeting_alone(
    signed, item, chair, coordinator
):
    half = recorded(item, chair, version=2, why="A reason")
    panel.close_meeting(item.meeting, by=chair)
    case = cases.reopen(Case.objects.get(), by=coordinator, reason="Inquest")
    with pytest.raises(Refused, match="This case is open again"):
        actions.sign_off(half, version=1, by=chair)
    cases.make_ready(case, by=coordinator)
    later = planned_meeting(chair=chair, held_on=date(2015, 3, 19))
    again = on_agenda(later, Case.objects.get())
    opened(later, chair=chair)

    found = recorded(again, chair, version=1, cause="Found anew")

    assert (found.pk, found.item, found.why_changed) == (half.pk, again, "")


@pytest.mark.parametrize("who", ["coordinator", "member", "doctor", "stranger"])
def test_only_who_chairs_changes_what_was_signed(request, signed, item, who):
    with pytest.raises(Refused) as refused:
        recorded(item, request.getfixturevalue(who), version=2, why="A reason")

    assert refused.value.status == 403


def test_how_a_finding_was_reached_is_kept_with_it(item, meeting, chair):
    opened(meeting, chair=chair)
    advice = (Recommendation(0, "local", "The invented trust", "Ring back within a day."),)

    finding = recorded(item, chair, outcome=BY_MAJORITY, recommendations=advice)

    assert (finding.reached_label, finding.dissent) == ("By a majority", BY_MAJORITY.dissent)
    assert queries.content_of(finding.analysis_id).recommendations == advice


def test_the_team_prepares_a_finding_that_members_see_with_the_reviews(
    item, meeting, member, other_member, chair, coordinator
):
    draft = preparing.prepare(item, whole(cause="Prepared"), version=0, by=coordinator)
    sent_review(item, member)

    seen = [bool(queries.prepared(item, who)) for who in (coordinator, member, other_member, chair)]
    assert seen == [True, True, False, False]
    with pytest.raises(Stale):
        preparing.prepare(item, whole(), version=0, by=coordinator)
    again = preparing.prepare(item, whole(cause="Again"), version=1, by=coordinator)
    assert (again.pk, again.version) == (draft.pk, 2)
    opened(meeting, chair=chair)
    assert queries.prepared(item, chair).analysis.cause == "Again"
    with pytest.raises(Refused, match="The meeting is open. The panel records"):
        preparing.prepare(item, whole(), version=2, by=coordinator)


def test_nothing_is_prepared_of_a_deferred_case_and_by_nobody_else(
    item, chair, coordinator, member
):
    for who in (chair, member):
        with pytest.raises(Refused) as refused:
            preparing.prepare(item, whole(), version=0, by=who)
        assert refused.value.status == 403
    agenda.defer(item, why="Later", version=item.version, by=TESTS)
    with pytest.raises(Refused, match="deferred"):
        preparing.prepare(item, whole(), version=0, by=coordinator)

    assert PreparedFinding.objects.count() == 0


def test_queries_are_kept_before_the_signature_and_after(signed, item, chair, coordinator, member):
    frozen = (signed.version, signed.history.count())
    asked = preparing.ask(signed, asked_on=date(2015, 1, 5), words="Which one?", by=coordinator)

    with pytest.raises(Refused, match="before the day on which it was asked"):
        preparing.answer(asked, answered_on=date(2015, 1, 4), answer="This", version=1, by=chair)
    said = preparing.answer(
        asked, answered_on=date(2015, 2, 1), answer="This one.", version=1, by=chair
    )
    with pytest.raises(Stale):
        preparing.answer(asked, answered_on=date(2015, 2, 1), answer="No", version=1, by=chair)
    with pytest.raises(Refused):
        preparing.ask(signed, asked_on=date(2015, 1, 5), words="Mine?", by=member)

    assert (said.answer, NationalQuery.objects.count()) == ("This one.", 1)
    assert [row.words for row in queries.national_queries(item, member)] == ["Which one?"]
    signed.refresh_from_db()
    assert (signed.version, signed.history.count()) == frozen


@pytest.mark.database
def test_of_two_who_change_a_signed_finding_at_once_one_wins_and_the_other_is_told(
    committed_database,
):
    chair, vice = person("chair"), person("vice_chair")
    meeting = planned_meeting(vice, chair=chair)
    item = on_agenda(meeting)
    opened(meeting, chair=chair)
    actions.sign_off(recorded(item, chair), version=1, by=chair)

    came = at_once(
        lambda: recorded(item, chair, version=2, why="By the chair"),
        lambda: recorded(item, vice, version=2, why="By the vice-chair"),
    )

    assert names(came) == ["Finding", "Stale"]
    assert next(each.number for each in came if isinstance(each, Finding)) == 2
    assert Finding.objects.count() == 2
