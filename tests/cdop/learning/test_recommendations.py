"""Recommendations: made, answered, done, superseded; who may, and what they never say."""

from datetime import timedelta
from itertools import product

import pytest
from django.utils.timezone import localdate

from cdop.core.audit import AuditEntry
from cdop.core.organisations import Area
from cdop.core.refusals import Refused, Stale
from cdop.core.steps import why_not
from cdop.learning import action_points, actions, progress
from cdop.learning.models import Recommendation
from cdop.learning.states import PointState, RecommendationState
from tests.cast import person
from tests.cdop.learning.makers import MADE_ON, WORDS, accepted, agreed, in_days, made, signed_off
from tests.cdop.panel.makers import planned_meeting
from tests.guard import nothing_forbidden
from tests.makers import HALTON

S = RecommendationState
OUTCOME = {"ended_on": MADE_ON + timedelta(days=60), "outcome": "It is in use."}


def fresh(row):
    return Recommendation.objects.get(pk=row.pk)


def area(code):
    return Area.objects.get(pk=code)


def test_a_recommendation_goes_its_way_from_the_meeting_to_what_shows_that_it_is_done(coordinator):
    meeting = planned_meeting()
    row = made(coordinator, meeting=meeting, made_on=localdate())
    assert (row.state, row.made_on, row.level_label) == (S.MADE, meeting.held_on, "Local")

    on = row.made_on + timedelta(days=1)
    said = {"accepted_on": on, "accepted_by": "The board"}
    row = actions.accept(row, by=coordinator, version=1, **said)
    row = actions.done(row, ended_on=on, outcome="In use.", by=coordinator, version=2)

    assert (row.state, row.accepted_on, row.ended_on, row.outcome) == (S.DONE, on, on, "In use.")
    assert [each.state for each in row.history.order_by("version")] == [S.MADE, S.ACCEPTED, S.DONE]


def test_without_areas_it_is_about_all_and_else_about_those(coordinator):
    assert len(made(coordinator).area_codes) == 4
    assert made(coordinator, areas=[area(HALTON)]).area_codes == [HALTON]


def test_what_does_not_fit_is_refused_and_changes_nothing(coordinator):
    row, other = made(coordinator), accepted(coordinator)
    before = {each.pk: each.version for each in Recommendation.objects.all()}
    early = MADE_ON - timedelta(days=1)
    wrong = [
        lambda: made(coordinator, words=" "),
        lambda: made(coordinator, to_whom=" "),
        lambda: made(coordinator, level="galactic"),
        lambda: made(coordinator, made_on=in_days(1)),
        lambda: made(coordinator, factor=("cdr-2018", "no such factor")),
        lambda: actions.accept(
            row, accepted_on=early, accepted_by="Board", by=coordinator, version=1
        ),
        lambda: actions.accept(
            row, accepted_on=MADE_ON, accepted_by=" ", by=coordinator, version=1
        ),
        lambda: actions.done(row, **OUTCOME, by=coordinator, version=1),
        lambda: actions.decline(row, ended_on=early, outcome="No.", by=coordinator, version=1),
        lambda: actions.decline(row, ended_on=MADE_ON, outcome=" ", by=coordinator, version=1),
        lambda: actions.done(other, ended_on=MADE_ON, outcome="x", by=coordinator, version=2),
        lambda: actions.supersede(row, **OUTCOME, superseded_by=row, by=coordinator, version=1),
    ]
    for act in wrong:
        with pytest.raises(Refused):
            act()

    assert {each.pk: each.version for each in Recommendation.objects.all()} == before


def test_of_two_who_answer_the_later_is_told(coordinator):
    row = accepted(coordinator)
    actions.done(row, **OUTCOME, by=coordinator, version=row.version)

    with pytest.raises(Stale):
        actions.decline(row, **OUTCOME, by=coordinator, version=row.version)


def test_it_is_not_done_while_an_action_is_open(coordinator):
    row = accepted(coordinator)
    point = agreed(coordinator, row)

    with pytest.raises(Refused, match="is open"):
        actions.done(row, **OUTCOME, by=coordinator, version=row.version)

    said = {"settled_on": MADE_ON, "outcome": "Trained."}
    action_points.settle(point, PointState.DONE, **said, by=coordinator, version=1)
    assert actions.done(row, **OUTCOME, by=coordinator, version=row.version).state == S.DONE


@pytest.mark.parametrize("how", [actions.done, actions.decline])
def test_what_ended_is_not_accepted_before_that_is_taken_back(coordinator, how):
    row = accepted(coordinator)
    row = how(row, **OUTCOME, by=coordinator, version=row.version)
    said = {"accepted_on": localdate(), "accepted_by": "The board", "version": row.version}

    with pytest.raises(Refused, match=f"is {row.state_label}"):
        actions.accept(row, **said, by=coordinator)


def test_its_open_actions_are_dropped_with_what_is_declined(coordinator):
    row = made(coordinator)
    point = agreed(coordinator, row)

    actions.decline(row, **OUTCOME, by=coordinator, version=row.version)

    point.refresh_from_db()
    assert (point.state, point.settled_on) == (PointState.DROPPED, OUTCOME["ended_on"])
    with pytest.raises(Refused, match="settled"):
        action_points.open_again(point, by=coordinator, version=point.version)


def test_what_was_recorded_wrongly_is_taken_back_one_step_at_a_time(coordinator):
    row = accepted(coordinator)
    row = actions.done(row, **OUTCOME, by=coordinator, version=row.version)

    row = actions.take_back(row, by=coordinator, version=row.version)
    assert (row.state, row.ended_on, row.outcome) == (S.ACCEPTED, None, "")
    row = actions.take_back(row, by=coordinator, version=row.version)
    assert (row.state, row.accepted_on, row.accepted_by) == (S.MADE, None, "")
    with pytest.raises(Refused):
        actions.take_back(row, by=coordinator, version=row.version)


@pytest.mark.parametrize(("here", "there"), list(product(S, S)))
def test_every_pair_of_states_and_who_may_take_the_step(here, there):
    row = Recommendation(state=here)
    possible = {
        (S.MADE, S.ACCEPTED),
        (S.MADE, S.DECLINED),
        (S.MADE, S.SUPERSEDED),
        (S.ACCEPTED, S.MADE),
        (S.ACCEPTED, S.DECLINED),
        (S.ACCEPTED, S.DONE),
        (S.ACCEPTED, S.SUPERSEDED),
        *product((S.DECLINED, S.DONE, S.SUPERSEDED), (S.MADE, S.ACCEPTED)),
    }

    class Reader:
        hat = None

        @staticmethod
        def can(permission):
            return permission == "keep recommendations, their actions and letters"

    assert (why_not(row, there, by=Reader()) == "") == ((here, there) in possible)


@pytest.mark.parametrize(
    "role", ["member", "chair", "designated_doctor", "area_reader", "governance_lead", None]
)
def test_nobody_but_the_team_keeps_recommendations(coordinator, role):
    row, who = accepted(coordinator), person(role, "Somebody")
    acts = [
        lambda: made(who),
        lambda: actions.change(
            row, words="x", level="local", to_whom="y", made_on=MADE_ON, by=who, version=2
        ),
        lambda: actions.done(row, **OUTCOME, by=who, version=2),
        lambda: actions.take_back(row, by=who, version=2),
        lambda: agreed(who, row),
        lambda: progress.note(row, words="x", on=MADE_ON, by=who),
    ]
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.status == 403


# Who sees which


def test_the_panel_sees_all_and_an_area_its_own(coordinator, chair, member, reader, doctor):
    own, all_four = made(coordinator, areas=[area(HALTON)]), made(coordinator)
    other = made(coordinator, areas=[area("E06000007"), area("E06000050")])

    def seen(user):
        return set(Recommendation.objects.visible_to(user))

    for who in (coordinator, chair, member):
        assert seen(who) == {own, all_four, other}
    assert seen(reader) == {own, all_four}
    for who in (doctor, person("area_reader"), person("governance_lead"), person(None, "Nobody")):
        assert seen(who) == set()


# No child is named


@pytest.mark.parametrize(
    "words",
    [
        "The 999 000 0123 record is to be looked at.",
        "Ring 01632 960001 each day.",
        "Families near CW1 2AB get a visit.",
    ],
)
def test_what_can_only_be_somebodys_is_refused_whatever_is_ticked(coordinator, words):
    with pytest.raises(Refused, match="Take it out"):
        made(coordinator, words=words, looked_at=True)


def test_what_looks_like_a_name_is_looked_at_by_a_person(coordinator):
    words = "Visit every family as Mrs Planted did."

    with pytest.raises(Refused, match="Mrs Planted"):
        made(coordinator, words=words)

    assert made(coordinator, words=words, looked_at=True).words == words


def test_an_organisation_of_the_list_may_be_named(coordinator):
    agreed(coordinator)

    assert made(coordinator, words="The wards of the Invented Trust write it down.").pk


def test_out_of_a_finding_nothing_that_its_record_knows_can_stand(coordinator, chair, member):
    finding = signed_off(chair, member)

    for words in (
        "Aaaa slept unsafely.",
        "Visit Bbbb sooner.",
        "Since 6 May 2014 nothing changed.",
    ):
        with nothing_forbidden(), pytest.raises(Refused):
            made(coordinator, words=words, finding=finding, looked_at=True)
    row = made(coordinator, finding=finding)

    assert row.audit_case == finding.case_id
    read = AuditEntry.objects.filter(action="identity.read", case_number=finding.case_id)
    assert {each.purpose for each in read} >= {"find identifying words in a recommendation"}


def test_nor_in_an_action_a_note_or_an_outcome_of_it(coordinator, chair, member):
    finding = signed_off(chair, member)
    row = accepted(coordinator, finding=finding)
    planted = "As Aaaa would have needed."
    version = row.version
    acts = [
        lambda: agreed(coordinator, row, words=planted, looked_at=True),
        lambda: progress.note(row, words=planted, on=localdate(), looked_at=True, by=coordinator),
        lambda: actions.done(
            row,
            ended_on=localdate(),
            outcome=planted,
            looked_at=True,
            by=coordinator,
            version=version,
        ),
    ]

    for act in acts:
        with pytest.raises(Refused, match="part of the child's name"):
            act()


def test_what_stands_under_it_is_searched_before_it_is_bound_to_a_case(coordinator, chair, member):
    row, finding = made(coordinator), signed_off(chair, member)
    said = {"words": WORDS, "level": "local", "to_whom": "All", "made_on": MADE_ON}
    progress.note(row, words="It was as with Aaaa.", on=MADE_ON, looked_at=True, by=coordinator)

    with pytest.raises(Refused, match="part of the child's name"):
        actions.change(row, **said, finding=finding, by=coordinator, version=1)

    assert fresh(row).finding is None
