"""Asking agencies, and what the coordinator does with a request afterwards."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cdop.agency_reports import answering, asking, invitations
from cdop.agency_reports.models import Invitation, PointOfContact, Request
from cdop.agency_reports.states import STEPS, Came, RequestState, Role
from cdop.cases.models import Contact
from cdop.cases.states import CaseState
from cdop.core import casework, documents, steps
from cdop.core.audit import AuditEntry
from cdop.core.dates import end_of, london_date
from cdop.core.messages import Message
from cdop.core.refusals import Refused, Stale
from cdop.core.steps import why_not
from cdop.core.uploads import Accepted
from cdop.rapid_response import actions as rapid_response
from tests.cast import TESTS
from tests.cdop.agency_reports.makers import (
    CONTACT,
    answer,
    asked,
    fresh,
    line,
    link_of,
    recent_case,
    returned,
)
from tests.makers import ANSWERS, opened_case

R = RequestState
FILE = Accepted("report.txt", "text/plain", b"invented")


def tomorrow():
    return london_date(timezone.now()) + timedelta(days=1)


def test_all_agencies_are_asked_by_one_act_each_with_a_letter_of_its_own(coordinator):
    case = recent_case()

    made = asking.ask(case, [line("hospital", case), line("police", case)], by=coordinator)

    assert [row.state for row in made] == [R.ASKED, R.ASKED]
    letters = Message.objects.filter(template="report_asked")
    assert {letter.about for letter in letters} == {row.reference for row in made}
    assert len({row.due_at for row in made}) == 1


def test_a_letter_names_nobody_and_holds_no_link_in_the_clear(coordinator):
    made = asked(coordinator, organisation=None)
    token = invitations.token_of(link_of(made).link)

    [letter] = Message.objects.all()

    said = f"{letter.subject} {letter.body}"
    telling = [value for name, value in ANSWERS.items() if name not in ("sex", "expectedness")]
    assert [word for word in [*telling, token, CONTACT] if word in said] == []
    assert made.reference in letter.subject and "regulation 6" in letter.body


def test_asking_does_the_task_of_the_checklist(coordinator):
    case = recent_case()
    rapid_response.start(case, by=TESTS)

    asked(coordinator, case)

    assert case.checklist.get(task="request_reports").state == "done"


@pytest.mark.parametrize("state", [CaseState.CLOSED, CaseState.WITHDRAWN])
def test_nobody_is_asked_about_a_case_that_is_over(coordinator, state):
    case = opened_case()
    case.state = state
    case.save()

    with pytest.raises(Refused, match="no agency is asked"):
        asked(coordinator, case)

    assert not Request.objects.exists()


def test_a_contact_of_the_notification_is_asked_once(coordinator):
    case = opened_case({"agencies_known": ["police"]})
    contact = Contact.objects.get(case=case)
    asked(coordinator, case, "police", contact=contact)

    with pytest.raises(Refused, match="meanwhile"):
        asked(coordinator, case, "police", contact=contact)

    assert Request.objects.count() == 1


@pytest.mark.parametrize("who", ["doctor", "member", "chair", "reader", "stranger"])
def test_only_the_team_asks_and_changes(request, coordinator, who):
    case, person = opened_case(), request.getfixturevalue(who)
    made = asked(coordinator, case)
    acts = [
        lambda: asking.ask(case, [line("police", case)], by=person),
        lambda: asking.extend(made, until=tomorrow(), why="x", by=person, version=made.version),
        lambda: asking.set_aside(made, R.CLOSED, why="x", by=person, version=made.version),
        lambda: asking.change_contact(
            made, name="x", email="x@example.org", by=person, version=made.version
        ),
    ]

    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.status == 403
    assert not Request.objects.visible_to(person).exists()
    assert fresh(made).version == made.version


def test_a_form_is_added_to_a_report_and_what_was_typed_stays(coordinator):
    made = asked(coordinator)
    link = link_of(made)
    answering.save(link, "form_b.child", {"allergies": ["no"]}, version=0)
    before = fresh(made)

    made = asking.add_forms(before, ["drowning"], by=coordinator, version=before.version)

    assert made.forms == ["form_b", "sudi", "drowning"]
    paper = answering.paper_of(fresh(made))
    assert paper.typed["form_b.child"] == {"allergies": ["no"]}
    assert any(code.startswith("drowning.") for code in paper.pages)
    letter = Message.objects.get(template="report_more_forms")
    assert made.reference in letter.subject and made.due_at == before.due_at


def test_what_cannot_be_added_is_refused(coordinator):
    made = asked(coordinator)
    for codes in ([], ["form_b"], ["no_such_form"]):
        with pytest.raises(Refused, match="does not answer yet"):
            asking.add_forms(made, codes, by=coordinator, version=made.version)
    over = asking.set_aside(made, R.CLOSED, why="x", by=coordinator, version=made.version)
    with pytest.raises(Refused, match="Ask once more first"):
        asking.add_forms(over, ["drowning"], by=coordinator, version=over.version)

    assert not Message.objects.filter(template="report_more_forms").exists()


def test_more_time_moves_the_day_and_begins_the_reminders_anew(coordinator):
    made = asked(coordinator)
    made = steps.edit(made, by=TESTS, reminders=2, reminded_at=timezone.now())

    made = asking.extend(
        made, until=tomorrow(), why="A colleague is ill", by=coordinator, version=made.version
    )

    assert (made.due_at, made.reminders, made.reminded_at) == (end_of(tomorrow()), 0, None)
    assert made.extended_why == "A colleague is ill"
    assert made.history.first().history_change_reason == "A colleague is ill"


def test_two_who_extend_at_once_are_told(coordinator):
    made = asked(coordinator)
    asking.extend(made, until=tomorrow(), why="one", by=coordinator, version=made.version)

    with pytest.raises(Stale):
        asking.extend(made, until=tomorrow(), why="two", by=coordinator, version=made.version)

    assert fresh(made).extended_why == "one"


def test_a_day_that_is_past_gives_no_more_time(coordinator):
    made = asked(coordinator)
    yesterday = london_date(timezone.now()) - timedelta(days=1)

    with pytest.raises(Refused, match="still to come"):
        asking.extend(made, until=yesterday, why="x", by=coordinator, version=made.version)


@pytest.mark.parametrize("to", [R.NOT_APPLICABLE, R.CLOSED])
def test_what_is_set_aside_ends_every_link_and_stops_every_letter(coordinator, to):
    made = asked(coordinator)
    invitation = link_of(made)

    made = asking.set_aside(made, to, why="Never knew the child", by=coordinator, version=1)

    assert (made.state, made.ended_why) == (to, "Never knew the child")
    assert invitations.live(made) == []
    assert {each.state for each in Message.objects.filter(about=made.reference)} == {"stopped"}
    with pytest.raises(Refused, match="opens nothing"):
        answering.save(invitation, "form_b.child", {}, version=0)


def test_writing_to_somebody_else_kills_the_link_of_the_first(coordinator):
    made = asked(coordinator)
    first = link_of(made)

    made = asking.change_contact(
        made, name="New", email="new@example.org", by=coordinator, version=made.version
    )

    [left] = invitations.live(made)
    assert left.person == {"name": "New", "email": "new@example.org"}
    assert answering.why_closed(invitations.by_token(invitations.token_of(first.link)))


def test_what_a_respondent_typed_is_there_for_the_new_contact(coordinator):
    made = asked(coordinator)
    respondent = link_of(
        answering.assign(link_of(made), name="R", email="r@example.org"), "respondent"
    )
    answering.save(respondent, "form_b.child", {"growth": ["9 kg"]}, version=0)
    made = fresh(made)

    made = asking.change_contact(
        made, name="New", email="new@example.org", by=coordinator, version=made.version
    )

    assert made.state == R.ASKED
    assert answering.paper_of(fresh(made)).answers["growth"] == "9 kg"


def test_a_form_that_came_by_post_is_attached_returned_and_chased_no_more(coordinator, store):
    made = asked(coordinator)
    at = timezone.now()

    made = asking.keep_by_hand(
        made, [FILE], came_by=Came.POST, at=at, whole=True, by=coordinator, version=made.version
    )

    reply = made.replies.select_related("data_key").get()
    assert (made.state, made.returned_at, reply.came_by) == (R.RETURNED, at, Came.POST)
    assert [file.name for file in documents.of(reply.data_key)] == ["report.txt"]
    assert invitations.live(made) == []


def test_the_answers_of_a_reply_lie_under_a_key_of_their_own(coordinator):
    made = returned(coordinator)

    assert made.replies.get().data_key_id != made.case.data_key_id


def test_a_report_in_part_is_accepted_as_it_is_or_asked_for_again(coordinator):
    part = returned(coordinator, {"growth": ["9 kg"]}, rest="")

    accepted = asking.accept(part, by=coordinator, version=part.version)
    assert accepted.state_label == "returned in part, accepted"
    again = asking.ask_again(
        accepted, until=tomorrow(), why="The rest", by=coordinator, version=accepted.version
    )

    assert (again.state, again.accepted_at, again.returned_at) == (R.ASKED, None, None)
    invitation = link_of(fresh(again))
    answering.save(invitation, "form_b.services", {"went_well": ["Much"]}, version=0)
    assert answering.paper_of(fresh(again)).answers["growth"] == "9 kg"


def test_only_a_report_in_part_can_be_accepted(coordinator):
    made = returned(coordinator)

    with pytest.raises(Refused, match="in part"):
        asking.accept(made, by=coordinator, version=made.version)


def test_a_case_that_is_withdrawn_asks_nobody_any_more(coordinator):
    case = opened_case()
    made = [asked(coordinator, case), asked(coordinator, case, "police")]

    casework.case_stopped(case, "Not one of ours", coordinator)

    assert [fresh(row).state for row in made] == [R.CLOSED, R.CLOSED]
    assert not Invitation.objects.filter(ended_at=None).exists()


def test_whom_to_ask_is_kept_for_the_next_time(coordinator):
    made = asked(coordinator, board_email="board@example.org")

    kept = PointOfContact.objects.get().people

    assert (kept["email"], kept["board_email"]) == (CONTACT, "board@example.org")
    again = asked(coordinator, organisation=made.organisation, email="later@example.org")
    kept = PointOfContact.objects.get().people
    assert (kept["email"], kept["board_email"]) == ("later@example.org", "board@example.org")
    assert again.organisation == made.organisation


def test_an_organisation_that_owes_a_report_cannot_go_out_of_use(coordinator):
    made = asked(coordinator)

    assert "asked for a report" in casework.why_not_end_organisation(made.organisation)


@pytest.mark.parametrize(
    ("email", "insecure"),
    [
        ("a@trust.nhs.net", False),
        ("a@nhs.net", False),
        ("a@cheshire.police.uk", False),
        ("a@example.org", True),
        ("a@notnhs.net", True),
        ("a@nhs.net.example.org", True),
    ],
)
def test_an_address_outside_the_safe_domains_is_warned_of(email, insecure):
    assert asking.is_insecure("lscb-2015", email) is insecure


@pytest.mark.parametrize("here", list(R))
@pytest.mark.parametrize("there", list(R))
def test_only_the_listed_steps_can_be_taken(coordinator, chair, here, there):
    request = Request(state=here)

    allowed = [who for who in (coordinator, chair) if not why_not(request, there, by=who)]

    needed = STEPS.get((here, there))
    assert allowed == [who for who in (coordinator, chair) if needed and who.can(needed)]


def test_nothing_of_a_request_identifies_anybody_in_the_audit(coordinator):
    made = asked(coordinator)
    invitation = link_of(made)
    answer(invitation, {"reporter_name": ["Reporter Invented"]})

    written = " ".join(f"{each.detail} {each.purpose}" for each in AuditEntry.objects.all())

    assert not any(word in written for word in (CONTACT, "Reporter Invented", "9990000123"))


def test_role_and_state_are_codes_that_their_columns_hold():
    assert max(map(len, [*Role.values, *R.values, *Came.values])) <= 20
