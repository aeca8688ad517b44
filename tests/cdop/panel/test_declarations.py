"""Declared interests: three outcomes, who decides on them, and what is closed for whom."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from django.db import connections

from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused, Stale
from cdop.core.steps import why_not
from cdop.panel import actions, agenda, declarations, quorum, reading
from cdop.panel.declarations import Declaration
from cdop.panel.models import AgendaItem
from cdop.panel.states import (
    DECLARATION_STEPS,
    JUDGES,
    LEADS,
    OUTCOMES,
    READS,
    DeclarationState,
)
from cdop.reviews import actions as reviews
from cdop.reviews.models import Finding, Review
from tests.cast import TESTS, person
from tests.cdop.panel.makers import on_agenda, opened, planned_meeting, ready_case, seated
from tests.cdop.reviews.makers import recorded, sent_review, whole

D = DeclarationState
PEOPLE = ["coordinator", "chair", "vice_chair", "member", "doctor", "reader", "stranger"]


@pytest.fixture
def vice_chair(db):
    return person("vice_chair")


@pytest.fixture
def meeting(chair, vice_chair, member):
    meeting = planned_meeting(member, chair=chair)
    seated(meeting, vice_chair, "public_health")
    return meeting


@pytest.fixture
def item(meeting):
    return on_agenda(meeting)


def declared(item, user, state=D.DECLARED, by=None) -> Declaration:
    """An interest of somebody, decided by who chairs."""
    row = declarations.declare(item, user, interest="I led the response.", by=user)
    if state == D.DECLARED:
        return row
    if state == D.WITHDRAWN:
        return declarations.withdraw(row, version=row.version, by=user)
    return declarations.decide(row, state, reason="Because.", version=row.version, by=by)


@pytest.mark.parametrize(("here", "there"), list(product(D, D)))
def test_only_the_listed_steps_can_be_taken(request, here, there, item):
    cast = [request.getfixturevalue(name) for name in PEOPLE]
    row = Declaration(item=item, state=here)

    allowed = [who for who in cast if not why_not(row, there, by=who)]

    needed = DECLARATION_STEPS.get((here, there))
    assert allowed == [who for who in cast if needed and who.can(needed)]


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("who", PEOPLE)
def test_only_who_chairs_decides_and_nothing_else_is_changed(request, who, outcome, item, member):
    row, user = declared(item, member), request.getfixturevalue(who)

    if who in ("chair", "vice_chair"):
        decided = declarations.decide(row, outcome, reason="Because.", version=1, by=user)
        assert (decided.state, decided.decided_by, decided.why_decided) == (
            outcome,
            user,
            "Because.",
        )
        return
    if who == "member":
        user.hat = person("chair").hat
    with pytest.raises(Refused) as refused:
        declarations.decide(row, outcome, reason="Because.", version=1, by=user)
    assert refused.value.status == 403
    assert AuditEntry.objects.filter(subject__startswith="declaration:").count() == 1


def test_nobody_decides_on_their_own_and_the_chairs_goes_to_the_vice_chair(item, chair, vice_chair):
    row = declared(item, chair)

    with pytest.raises(Refused, match="the vice-chair does") as refused:
        declarations.decide(row, D.TAKES_PART, reason="I am fair.", version=1, by=chair)
    assert refused.value.status == 403
    decided = declarations.decide(row, D.LEAVES, reason="It is near.", version=1, by=vice_chair)

    assert (decided.state, decided.decided_by) == (D.LEAVES, vice_chair)


def test_who_has_an_interest_in_a_case_does_not_decide_on_that_of_another(
    item, chair, vice_chair, member
):
    declared(item, chair), declared(item, vice_chair)
    row = declared(item, member)

    for user in (chair, vice_chair):
        with pytest.raises(Refused, match="somebody else who chairs") as refused:
            declarations.decide(row, D.ANSWERS, reason="Because.", version=1, by=user)
        assert refused.value.status == 403


def test_a_decision_on_what_changed_meanwhile_is_stale_and_the_first_one_stands(
    item, chair, vice_chair, member
):
    row = declared(item, member)
    declarations.decide(row, D.LEAVES, reason="First.", version=1, by=chair)

    with pytest.raises(Stale):
        declarations.decide(row, D.TAKES_PART, reason="Second.", version=1, by=vice_chair)

    row.refresh_from_db()
    assert (row.state, row.why_decided) == (D.LEAVES, "First.")


@pytest.mark.parametrize(("interest", "reason"), [("  ", "Because."), ("Led it.", " \n ")])
def test_an_interest_and_a_decision_say_why(item, chair, member, interest, reason):
    with pytest.raises(Refused, match="Say"):
        row = declarations.declare(item, member, interest=interest, by=member)
        declarations.decide(row, D.LEAVES, reason=reason, version=1, by=chair)


def test_of_two_who_decide_in_the_same_moment_one_is_told(committed_database):
    chairs = [person("chair"), person("vice_chair")]
    member = person("member")
    item = on_agenda(planned_meeting(member, chair=chairs[0]))
    row = declared(item, member)

    def press(told):
        by, outcome = told
        try:
            return declarations.decide(row, outcome, reason="Because.", version=1, by=by).state
        except Stale:
            return "stale"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        said = list(both.map(press, zip(chairs, (D.LEAVES, D.ANSWERS), strict=True)))

    row.refresh_from_db()
    assert sorted(said) == sorted([row.state, "stale"])


def test_one_declares_for_oneself_and_the_team_for_whoever_is_invited(
    item, coordinator, member, other_member, chair
):
    with pytest.raises(Refused, match="your own interest"):
        declarations.declare(item, chair, interest="They knew them.", by=member)
    with pytest.raises(Refused, match="is not invited"):
        declarations.declare(item, other_member, interest="I knew them.", by=other_member)

    row = declarations.declare(item, member, interest="They told me.", by=coordinator)

    assert (row.user, row.state) == (member, D.DECLARED)
    with pytest.raises(Refused, match="declared already"):
        declarations.declare(item, member, interest="Again.", by=member)


def test_what_was_not_decided_is_taken_back_by_who_said_it_and_can_be_said_again(
    item, member, chair
):
    row = declared(item, member)
    with pytest.raises(Refused) as refused:
        declarations.withdraw(row, version=1, by=chair)
    assert refused.value.status == 403

    gone = declarations.withdraw(row, version=1, by=member)
    again = declarations.declare(item, member, interest="In other words.", by=member)

    assert (gone.state, again.pk, again.interest) == (D.WITHDRAWN, row.pk, "In other words.")
    decided = declarations.decide(again, D.LEAVES, reason="Near.", version=again.version, by=chair)
    with pytest.raises(Refused, match="cannot become withdrawn"):
        declarations.withdraw(decided, version=decided.version, by=member)


@pytest.mark.parametrize("state", [None, *D])
def test_what_each_outcome_leaves_open(item, meeting, chair, member, state):
    """One table for papers, reviews, leading and the quorum, read where data is fetched."""
    sent_review(item, chair)
    if state:
        declared(item, member, state, by=chair)
    stands = None if state in (None, D.WITHDRAWN) else state

    seen = AgendaItem.objects.visible_to(member).filter(pk=item.pk).exists()
    reads = AgendaItem.objects.readable_by(member).filter(pk=item.pk).exists()

    assert seen == (stands != D.LEAVES)
    assert reads == (stands is None or stands in READS)
    may_read = not reading.why_not_read(item, member) if seen else False
    assert may_read == reads
    why_not_lead = agenda.why_not_read_first(item, member, None)
    assert (why_not_lead == "") == (stands is None or stands in LEADS)
    judges = stands is None or stands in JUDGES
    assert (agenda.why_not_read_first(item, None, member) == "") == judges
    if judges:
        assert reviews.send_review(item, whole(), by=member)
    else:
        with pytest.raises(Refused) as refused:
            reviews.send_review(item, whole(), by=member)
        assert refused.value.status == 403
    opened(meeting, chair=chair)
    item.meeting.refresh_from_db()
    assert (quorum.why_not_decide_on(item) == "") == (judges or member_is_spare(meeting, member))
    assert Review.objects.visible_to(member).filter(item=item).exists() == reads


def member_is_spare(meeting, member) -> bool:
    seat = meeting.attendance.get(user=member).sits_as
    return meeting.attendance.filter(sits_as=seat, present=True).exclude(user=member).exists()


def test_whoever_leaves_sees_no_finding_and_the_others_do(
    item, meeting, chair, member, other_member
):
    seated(meeting, other_member, "child_health")
    declared(item, member, D.LEAVES, by=chair)
    opened(meeting, chair=chair)
    recorded(AgendaItem.objects.get(pk=item.pk), chair)

    assert not Finding.objects.visible_to(member).exists()
    assert Finding.objects.visible_to(other_member).count() == 1


@pytest.mark.parametrize("state", [D.DECLARED, *OUTCOMES])
def test_a_chair_with_an_interest_neither_records_nor_signs_off_and_the_vice_chair_does(
    item, meeting, chair, vice_chair, member, state
):
    seated(meeting, person("chair", "Another chair"), "chair")
    seated(meeting, person("member", "Another"), "public_health")
    declared(item, chair, state, by=vice_chair)
    opened(meeting, chair=chair)
    item = AgendaItem.objects.get(pk=item.pk)

    with pytest.raises(Refused) as refused:
        recorded(item, chair)
    assert refused.value.status == 403
    finding = recorded(item, vice_chair)
    with pytest.raises(Refused) as refused:
        reviews.sign_off(finding, version=finding.version, by=chair)
    assert refused.value.status == 403

    signed = reviews.sign_off(finding, version=finding.version, by=vice_chair)
    assert signed.signed_off_by == vice_chair


def test_a_review_of_somebody_who_may_not_judge_any_more_is_not_shown_to_others(
    item, chair, member, other_member, meeting
):
    seated(meeting, other_member, "lay")
    sent_review(item, member), sent_review(item, other_member)
    declared(item, member, D.ANSWERS, by=chair)

    shown = Review.objects.visible_to(other_member).values_list("reviewer", flat=True)

    assert list(shown) == [other_member.pk]
    assert Review.objects.count() == 2, "kept, as everything that was sent"


def test_a_lead_with_an_interest_no_longer_leads_and_a_second_reader_who_takes_part_stays(
    item, chair, vice_chair, member
):
    said = {"minutes_planned": 20, "lead": member, "second": vice_chair}
    agenda.plan_item(item, version=item.version, by=TESTS, **said)

    (
        declared(item, member, D.TAKES_PART, by=chair),
        declared(item, vice_chair, D.TAKES_PART, by=chair),
    )

    now = AgendaItem.objects.get(pk=item.pk)
    assert (now.lead, now.second) == (None, vice_chair)


def test_an_interest_goes_with_a_deferred_case_to_its_next_meeting_to_be_decided_anew(
    item, meeting, chair, member
):
    declared(item, member, D.LEAVES, by=chair)
    agenda.defer(item, why="The report is missing.", version=item.version, by=chair)
    later = planned_meeting(member, chair=chair)

    again = actions.put_on_agenda(later, item.case, by=TESTS)

    carried = Declaration.objects.get(item=again)
    assert (carried.user, carried.state, carried.interest) == (
        member,
        D.DECLARED,
        "I led the response.",
    )


def test_nothing_is_declared_or_decided_once_the_meeting_is_closed(item, meeting, chair, member):
    row = declared(item, member)
    opened(meeting, chair=chair)
    actions.close_meeting(meeting, by=chair)

    with pytest.raises(Refused, match="closed"):
        declarations.decide(row, D.LEAVES, reason="Late.", version=1, by=chair)
    with pytest.raises(Refused, match="closed"):
        declarations.declare(on_closed(item), chair, interest="Late.", by=chair)


def on_closed(item) -> AgendaItem:
    return AgendaItem.objects.select_related("meeting").get(pk=item.pk)


def test_a_case_of_another_meeting_is_untouched_by_an_interest(meeting, item, chair, member):
    other = actions.put_on_agenda(meeting, ready_case(), by=TESTS)

    declared(item, member, D.LEAVES, by=chair)

    assert AgendaItem.objects.visible_to(member).get() == other
