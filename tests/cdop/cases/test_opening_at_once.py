"""A case opened without being given: for a day, with a reason, and told at once."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cdop.cases import actions
from cdop.cases.models import Case, CaseAccess
from cdop.cases.opening_at_once import LASTS, lately, open_at_once
from cdop.core.audit import AuditEntry
from cdop.core.messages import Message
from cdop.core.refusals import Refused
from tests.cast import TESTS
from tests.client import Client
from tests.makers import opened_case
from tests.pages import sign_in, text_of

WHY = "Called to the ward tonight"


def sees(user, case) -> bool:
    return Case.objects.visible_to(user).filter(pk=case.pk).exists()


def test_it_opens_one_case_for_24_hours_and_no_longer(doctor, governance_lead):
    case, other = opened_case(), opened_case()
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        open_at_once(case.reference, reason=WHY, by=doctor)
        assert (sees(doctor, case), sees(doctor, other)) == (True, False)
    with time_machine.travel(now + LASTS - timedelta(seconds=1), tick=False):
        assert sees(doctor, case)
    with time_machine.travel(now + LASTS, tick=False):
        assert not sees(doctor, case)
        assert CaseAccess.objects.get().is_over


def test_the_lead_is_told_at_once_and_the_reason_is_recorded(doctor, governance_lead):
    case = opened_case()

    open_at_once(case.reference, reason=WHY, by=doctor)

    assert Message.objects.filter(template="opened_at_once", about=case.reference).count() == 1
    entry = AuditEntry.objects.get(action="caseaccess.opened_at_once")
    assert (entry.actor, entry.case_number) == (doctor, case.pk)
    assert CaseAccess.objects.get().history.latest().history_change_reason == WHY
    assert [(each.user, each.opened_why) for each in lately()] == [(doctor, WHY)]


def test_the_lead_sees_it_on_the_page(doctor, governance_lead):
    case = opened_case()
    open_at_once(case.reference, reason=WHY, by=doctor)

    page = text_of(sign_in(Client(), governance_lead).get(reverse("cases:oversight")))

    assert f"{doctor.name} {case.reference}" in page
    assert WHY in page


@pytest.mark.parametrize("who", ["member", "chair", "reader", "governance_lead", "coordinator"])
def test_nobody_else_opens_anything(db, request, who):
    case, user = opened_case(), request.getfixturevalue(who)

    with pytest.raises(Refused) as refusal:
        open_at_once(case.reference, reason=WHY, by=user)
    assert refusal.value.status == 403
    assert not CaseAccess.objects.exists()


def test_a_reference_that_is_not_there_opens_nothing_and_the_try_is_recorded(doctor):
    with pytest.raises(Refused, match="There is no case of this reference"):
        open_at_once("C-0000-0000", reason=WHY, by=doctor)

    assert AuditEntry.objects.get(action="caseaccess.tried").actor == doctor
    assert not CaseAccess.objects.exists()


def test_what_was_withdrawn_can_be_opened_for_a_day_and_given_again_for_longer(doctor, coordinator):
    case = opened_case()
    given = actions.give_access(case, doctor, by=TESTS, ends_on=None)
    with pytest.raises(Refused, match="You see this case already"):
        open_at_once(case.reference, reason=WHY, by=doctor)
    actions.end_access(given, by=coordinator)

    opened = open_at_once(case.reference, reason=WHY, by=doctor)
    again = actions.give_access(case, doctor, by=coordinator, ends_on=None)

    assert opened.pk == again.pk
    assert (again.ends_at, again.opened_why, again.is_over) == (None, "", False)


def test_the_page_leads_to_the_case_and_keeps_what_was_typed_where_it_cannot(doctor):
    case = opened_case()
    browser = sign_in(Client(), doctor)
    address = reverse("cases:open_at_once")

    wrong = text_of(browser.post(address, {"reference": "C-0000-0000", "reason": WHY}))
    assert "There is no case of this reference." in wrong
    assert WHY in wrong
    empty = text_of(browser.post(address, {"reference": case.reference, "reason": ""}))
    assert "Say why" in empty
    assert not sees(doctor, case)

    page = browser.post(address, {"reference": case.reference.lower(), "reason": WHY}, follow=True)
    assert page.status_code == 200
    assert "You see this case for 24 hours." in text_of(page)
