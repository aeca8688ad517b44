"""Attaching a notification to a case, and asking again where they are not alike."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from cdop.cases.models import Case, Clocks
from cdop.core.audit import AuditEntry
from notifications import decisions, undoing
from notifications.models import Notification
from tests.makers import opened_case
from tests.notifications.filling import text_of
from tests.notifications.triage import accepted, decide, page_of, received, the_one


def test_attaching_puts_what_was_sent_beside_what_is_known(desk, notification):
    case = opened_case({"nhs_number": "9990001499"})

    answer = decide(desk, notification, "attach", case=case.reference, note="Second ward")

    taken = Notification.objects.get()
    assert answer.url == reverse("cases:case", args=[case.reference])
    assert (taken.state, taken.case, taken.decision_note) == ("attached", case, "Second ward")
    sources = case.reported_values.filter(field="family_name").values_list("source", flat=True)
    assert set(sources) == {"N-TEST", notification.reference}
    assert Case.objects.count() == 1


def test_the_first_arrival_is_what_counts_as_notified(coordinator, notification):
    case = opened_case(died_on=date(2026, 1, 10), notified_at=timezone.now() + timedelta(hours=5))

    decisions.attach(notification, case, by=coordinator, version=notification.version)

    assert Clocks.objects.get(case=case).notified_at == notification.received_at


@pytest.mark.parametrize("typed", ["", "C-0000-0000", "nonsense", "x" * 500, "👶"])
def test_a_case_that_is_not_there_cannot_be_attached_to(desk, notification, typed):
    page = text_of(decide(desk, notification, "attach", case="other", reference=typed))

    assert "There is a problem" in page
    assert Notification.objects.get().state == "received"


def test_a_case_can_be_named_by_its_reference_as_people_write_it(desk, notification):
    case = opened_case({"family_name": "Xxxx", "given_names": "Qqqq"})
    typed = case.reference.replace("-", " ").lower()

    decide(desk, notification, "attach", case="other", reference=typed, sure=case.reference)

    assert Notification.objects.get().case == case


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
