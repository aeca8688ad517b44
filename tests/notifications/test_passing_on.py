"""Passing on, the organisation that told us, whom to ring, and asking again before attaching."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cdop.cases.models import Case
from cdop.cases.placement import Placement
from cdop.core import directory
from cdop.core.audit import AuditEntry
from cdop.core.messages import Message
from cdop.core.refusals import Refused
from cdop.core.steps import edit
from notifications import decisions, homes, tellers, undoing, work
from notifications.models import Notification
from tests.cast import TESTS
from tests.makers import HALTON, opened_case
from tests.notifications.filling import text_of
from tests.notifications.triage import (
    PANEL,
    accepted,
    decide,
    declined,
    organisation,
    page_of,
    passed_on,
    received,
)
from tests.pages import date_parts

LIST = reverse("notifications:list")


@pytest.fixture
def notification(db):
    return received()


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


def the_one() -> Notification:
    return Notification.objects.get()


# Pass on


def test_what_is_passed_on_stays_open_until_the_other_panel_has_it(desk, notification):
    decide(desk, notification, "pass_on", panel="other", other_panel=PANEL, note="By secure email")

    row = the_one()
    assert (row.state, row.passed_to, row.decision_note, row.case) == (
        "passed_on",
        PANEL,
        "By secure email",
        None,
    )
    assert f"{row.reference} Midwife" in text_of(desk.get(f"{LIST}?list=passed_on"))
    assert "Nothing waits." in text_of(desk.get(LIST))
    said = {"receipt_from": "Their coordinator", **date_parts("on", 2, 1, 2026)}

    decide(desk, notification, "receipt", **said)

    row = the_one()
    assert (row.state, row.receipt_from) == ("taken_over", "Their coordinator")
    assert not Case.objects.exists()
    assert "There is no notification in this list." in text_of(desk.get(f"{LIST}?list=passed_on"))


def test_the_notifier_is_told_which_panel_reviews_it(coordinator, notification):
    passed_on(notification, coordinator)

    assert PANEL in Message.objects.get(template="declined").body


def test_without_an_address_the_page_says_whom_to_ring(desk, coordinator):
    sent = received(notifier_email="")
    passed_on(sent, coordinator)

    page = text_of(desk.get(page_of(sent)))

    assert "The notifier has to be told who reviews this death." in page
    assert "Please ring 01632 960001." in page


@pytest.mark.parametrize("reason", ["hoax", "duplicate", "test"])
def test_nobody_is_to_be_rung_about_what_was_none(desk, coordinator, reason):
    sent = received(notifier_email="")
    declined(sent, coordinator, reason)

    assert "The notifier has to be told" not in text_of(desk.get(page_of(sent)))


def test_a_known_panel_can_be_chosen_and_an_unknown_one_has_to_be_named(desk, notification):
    organisation("Invented Neighbours", "panel")

    assert "Invented Neighbours" in text_of(desk.get(page_of(notification, "pass_on")))
    page = decide(desk, notification, "pass_on", panel="other")
    assert "Enter the name of the panel" in text_of(page)
    decide(desk, notification, "pass_on", panel="Invented Neighbours")

    assert the_one().passed_to == "Invented Neighbours"


def test_behind_the_page_a_panel_and_a_person_are_needed_too(coordinator, notification):
    with pytest.raises(Refused, match="Say to which panel it is passed on."):
        decisions.pass_on(notification, by=coordinator, version=1, panel=" ")
    row = passed_on(notification, coordinator)
    for said, sentence in (
        ({"receipt_from": " ", "at": timezone.now()}, "Say who at the other panel"),
        ({"receipt_from": "A", "at": timezone.now() + timedelta(hours=1)}, "must be in the past"),
    ):
        with pytest.raises(Refused, match=sentence):
            decisions.confirm_receipt(row, by=coordinator, version=row.version, **said)

    assert the_one().state == "passed_on"


def test_a_receipt_to_come_is_none(desk, coordinator, notification):
    passed_on(notification, coordinator)

    said = {"receipt_from": "A", **date_parts("on", 1, 1, 2099)}
    page = decide(desk, notification, "receipt", **said)

    assert "The day and time must be in the past" in text_of(page)
    assert the_one().state == "passed_on"


def test_word_that_does_not_come_is_a_task_after_two_working_days(coordinator, notification):
    row = passed_on(notification, coordinator)
    assert work.tasks_for(coordinator) == []

    edit(row, by=TESTS, decided_at=timezone.now() - timedelta(days=7))

    [task] = work.tasks_for(coordinator)
    assert (task.text, task.href, task.overdue, task.count) == (
        "Notifications passed on, of which nobody has said that they arrived",
        f"{LIST}?list=passed_on",
        True,
        1,
    )


# The organisation that told us


@pytest.mark.parametrize(
    ("wrote", "found"),
    [
        ("Invented Hospital East", "Invented Hospital Trust East"),
        ("invented hospital trust east, ward 4", "Invented Hospital Trust East"),
        ("Plain Ambulance", "Plain Ambulance Service"),
        ("Invented Hospital", None),  # there are two
        ("Somewhere else", None),
        ("", None),
    ],
)
def test_what_the_notifier_wrote_proposes_an_organisation_where_one_is_meant(db, wrote, found):
    for name in ("Invented Hospital Trust East", "Invented Hospital Trust West"):
        organisation(name)
    organisation("Plain Ambulance Service", "ambulance")

    proposed = tellers.proposed(wrote, list(tellers.Organisation.objects.all()))

    assert (proposed.name if proposed else None) == found


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("accept", {"area": HALTON, "in_scope": "yes"}),
        ("pass_on", {"panel": "other", "other_panel": PANEL}),
        ("decline", {"reason": "test"}),
    ],
)
def test_every_decision_says_which_organisation_told_us(desk, notification, name, said):
    trust = organisation()

    decide(desk, notification, name, organisation=str(trust.pk), **said)

    assert the_one().organisation == trust


def test_the_form_shows_what_the_notifier_wrote_and_proposes(desk, db):
    trust = organisation()
    sent = received(notifier_organisation="Invented Hospital")

    page = desk.get(page_of(sent, "accept"))

    assert "The notifier wrote: “Invented Hospital”." in text_of(page)
    assert f'<option value="{trust.pk}" selected' in page.content.decode()


def test_what_the_route_knew_stays_where_nobody_chooses(desk, db):
    trust = organisation()
    sent = received(organisation=trust)

    page = desk.get(page_of(sent, "decline"))
    assert f'<option value="{trust.pk}" selected' in page.content.decode()
    decide(desk, sent, "decline", reason="test", organisation="")

    assert the_one().organisation == trust


@pytest.mark.parametrize("organisation_", ["x", "-1", "99999999"])
def test_an_organisation_that_is_not_there_cannot_be_chosen(desk, notification, organisation_):
    page = decide(desk, notification, "decline", reason="test", organisation=organisation_)

    assert "There is a problem" in text_of(page)
    assert the_one().state == "received"


# Where the child lived


@pytest.mark.parametrize(
    ("postcode", "where"),
    [
        ("ZZ99 3VZ", "no_fixed_abode"),
        ("zz993gz", "wales"),
        ("ZZ99 1WZ", "scotland"),
        ("ZZ99 2WZ", "northern_ireland"),
        ("ZZ99 3WZ", ""),
        ("CH7 1AA", "wales"),
        ("CH5 1AA", ""),
        ("LL11 1AA", "wales"),
        ("SY13 1AA", ""),
        ("EH1 1AA", "scotland"),
        ("BT1 1AA", "northern_ireland"),
        ("EC1A 1BB", "england"),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_a_postcode_proposes_a_country_where_it_can(db, postcode, where):
    assert homes.proposed(postcode) == where


def test_what_the_directory_knows_counts_for_more_than_the_letters(db):
    directory.load({"CH5 1AA": "W06000005", "CH7 1AA": "E07000121"}, by=TESTS)

    assert (homes.proposed("CH5 1AA"), homes.proposed("ch71aa")) == ("wales", "england")


@pytest.mark.parametrize(
    ("postcode", "chosen"),
    [("CH7 1AA", "wales"), ("ZZ99 3VZ", "no_fixed_abode"), ("ZZ99 3WZ", "not_known")],
)
def test_the_form_proposes_where_the_child_lived(desk, db, postcode, chosen):
    sent = received(postcode=postcode, nhs_number="9990001514")

    page = desk.get(page_of(sent, "accept")).content.decode()

    assert f'value="{chosen}" checked' in page


def test_accepting_begins_the_placement(desk, notification):
    said = {"in_scope": "no", "rule": "resident", "reason": "Lives in Wales"}

    decide(desk, notification, "accept", area="wales", **said)

    row = Placement.objects.get()
    assert (row.state, row.residence, row.residence_of) == ("agreeing", "wales", "child")
    assert (row.scope_rule, row.scope_reason) == ("resident", "Lives in Wales")
    assert row.case.facts.area is None


def test_a_newborn_baby_belongs_where_the_mother_lives(coordinator, db):
    accepted(received(date_of_birth="2026-01-09"), coordinator)

    row = Placement.objects.get()
    assert (row.residence_of, row.residence, row.state) == ("mother", HALTON, "ours")


def test_the_rule_that_speaks_against_a_review_is_kept_where_nobody_names_one(coordinator, db):
    accepted(received(termination="yes"), coordinator, in_scope=False)

    assert Placement.objects.get().scope_rule == "termination"


# Attach only to what is alike


def unlike_case() -> Case:
    answers = {"family_name": "Xxxx", "given_names": "Qqqq", "nhs_number": "9990001522"}
    return opened_case(answers | {"mother_name": "", "date_of_birth": "2013-03-03"})


def test_a_case_that_is_not_alike_is_asked_about_once_more(desk, notification):
    case = unlike_case()
    said = {"case": "other", "reference": case.reference}

    page = decide(desk, notification, "attach", **said)

    assert "This case has nothing in common with the notification" in text_of(page)
    assert f"Attach it to {case} all the same" in text_of(page)
    assert the_one().state == "received"
    decide(desk, notification, "attach", **said, sure=case.reference)
    assert the_one().case == case


def test_to_be_sure_of_one_case_is_not_to_be_sure_of_another(desk, notification):
    case, other = unlike_case(), unlike_case()

    said = {"case": "other", "reference": case.reference, "sure": other.reference}
    page = decide(desk, notification, "attach", **said)

    assert f"Attach it to {case} all the same" in text_of(page)
    assert the_one().state == "received"


def test_a_case_that_is_alike_is_attached_to_at_once(desk, notification):
    case = opened_case(
        {
            "given_names": "Aaaa",
            "family_name": "Triage-Child",
            "nhs_number": "9990001499",
            "date_of_birth": "2025-12-01",
        },
        died_on=timezone.datetime(2026, 1, 10).date(),
    )

    decide(desk, notification, "attach", case=case.reference)

    assert the_one().case == case


def test_the_case_of_a_twin_who_was_reported_together_is_asked_about(desk, coordinator):
    family = uuid4()
    twin = received(together=family)
    sent = received(together=family, given_names="Bbbb", nhs_number="9990001502")
    case = accepted(twin, coordinator)

    page = decide(desk, sent, "attach", case="other", reference=case.reference)

    assert "One person reported the child of this case together with this one" in text_of(page)
    assert Notification.objects.get(pk=sent.pk).state == "received"


def test_a_withdrawn_case_is_not_offered_and_not_attached_to(desk, coordinator, notification):
    case = accepted(notification, coordinator)
    row = undoing.undo(the_one(), by=coordinator, version=the_one().version, reason="x")

    page = desk.get(page_of(row, "attach")).content.decode()
    assert case.reference not in page
    said = {"case": "other", "reference": case.reference, "sure": case.reference}
    answer = decide(desk, row, "attach", **said)

    assert "This case is withdrawn. Nothing can be put to it." in text_of(answer)
    assert the_one().state == "received"


def test_the_page_that_names_cases_is_recorded_with_its_purpose(desk, coordinator, notification):
    desk.get(page_of(notification, "attach"))

    entry = AuditEntry.objects.get(action="notification.read")
    assert (entry.actor, entry.purpose) == (coordinator, "attach to a case")


# The list


def test_the_list_flags_what_may_be_known_by_references_alone(desk, db):
    case = opened_case({"nhs_number": "9990001499"})
    one, other = received(), received()
    unlike = received(
        given_names="Zzzz", family_name="Yyyy", nhs_number="", date_of_birth="2020-01-01"
    )

    page = text_of(desk.get(LIST))

    assert f"May be the same child as {case}, {other}" in page
    assert f"May be the same child as {case}, {one}" in page
    assert page.count("May be the same child as") == 2
    assert unlike.reference in page
    for name in ("Triage-Child", "Aaaa", "9990001499"):
        assert name not in page


def test_brothers_and_sisters_sent_together_are_not_flagged_as_one_child(desk, db):
    family = uuid4()
    received(together=family)
    received(together=family, given_names="Bbbb", nhs_number="9990001502")

    assert "May be the same child" not in text_of(desk.get(LIST))


def test_flags_cost_the_same_for_one_line_and_for_many(desk, db):
    opened_case({"nhs_number": "9990001499"})
    received()
    desk.get(LIST)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            desk.get(LIST)
        return len(found)

    one = queries()
    for _ in range(4):
        received()

    assert queries() == one


@pytest.mark.parametrize("code", ["accepted", "attached", "declined", "taken_over", "x", "%00"])
def test_each_list_is_there_and_counts_what_stands_on_it(desk, coordinator, notification, code):
    declined(notification, coordinator)

    page = text_of(desk.get(f"{LIST}?list={code}"))

    assert "Declined (1)" in page and "Waiting for triage (0)" in page
    assert (notification.reference in page) == (code == "declined")
