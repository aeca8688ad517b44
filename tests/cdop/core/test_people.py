"""Accounts and roles: given by one person, approved by another, and lost at once by who leaves."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse
from django.utils.timezone import localdate

from cdop.core import people_actions as people
from cdop.core.audit import AuditEntry
from cdop.core.messages import Message
from cdop.core.people_actions import NewRole
from cdop.core.refusals import Refused, Stale
from cdop.core.reminders import run_due
from cdop.core.roles import Role
from cdop.core.users import RoleHolding, User
from tests.cast import give, person
from tests.client import Client
from tests.pages import sign_in, text_of

HALTON = "E06000006"


def a_role(role: str = "member", **more) -> NewRole:
    said = {"area": None, "starts_on": localdate(), "ends_on": None} | more
    return NewRole(Role(role), **said)


def invited(by: User, role: str = "member", email: str = "new.person@example.org") -> User:
    return people.invite(
        name="New Person", email=email, organisation=None, given=a_role(role), by=by
    )


def only_holding(user: User) -> RoleHolding:
    return RoleHolding.objects.get(user=user)


def approved(user: User, by: User) -> RoleHolding:
    holding = only_holding(user)
    return people.approve(holding, version=holding.version, by=by)


def letters_to(user: User) -> list[str]:
    return list(Message.objects.filter(template="invited").values_list("state", flat=True))


def actions_on(row) -> list[str]:
    name = f"{row._meta.model_name}:{row.pk}"
    return list(AuditEntry.objects.filter(subject=name).values_list("action", flat=True))


def reason_of(user: User) -> str:
    return user.history.latest().history_change_reason


def test_an_invitation_opens_nothing_until_a_second_person_approves(coordinator, chair):
    user = invited(coordinator)

    assert (user.is_active, user.holdings_in_force(), letters_to(user)) == (False, [], [])

    approved(user, chair)
    user.refresh_from_db()
    assert (user.is_active, [h.role for h in user.holdings_in_force()]) == (True, ["member"])
    assert len(letters_to(user)) == 1


@pytest.mark.parametrize("who", ["member", "doctor", "reader", "nurse", "chair", "governance_lead"])
def test_nobody_but_coordinator_and_deputy_gives_accounts(db, request, who):
    with pytest.raises(Refused) as refusal:
        invited(request.getfixturevalue(who))

    assert refusal.value.status == 403
    assert not User.objects.filter(email="new.person@example.org").exists()


@pytest.mark.parametrize("who", ["member", "doctor", "reader", "nurse", "coordinator"])
def test_nobody_approves_whose_role_does_not(coordinator, request, who):
    user = invited(coordinator)

    with pytest.raises(Refused):
        approved(user, request.getfixturevalue(who))
    user.refresh_from_db()
    assert not user.is_active


def test_who_holds_both_roles_does_not_approve_what_they_gave(coordinator):
    both = person("coordinator", "Both Hats")
    chair_hat = give(both, "chair")
    both.wear(both.holdings_in_force()[0])
    user = invited(both)
    both.wear(chair_hat)

    with pytest.raises(Refused, match="Somebody else must approve"):
        approved(user, both)


def test_nobody_approves_a_role_of_their_own(coordinator, chair):
    holding = people.give_role(chair, a_role("governance_lead"), by=coordinator)

    with pytest.raises(Refused, match="Somebody else must approve"):
        people.approve(holding, version=holding.version, by=chair)


def test_what_was_turned_down_never_counts_and_can_be_given_again(coordinator, chair, doctor):
    holding = people.give_role(doctor, a_role("member"), by=coordinator)
    declined = people.decline(holding, version=holding.version, by=chair)

    with pytest.raises(Refused, match="decided already"):
        people.approve(declined, version=declined.version, by=chair)
    assert [each.role for each in doctor.holdings_in_force()] == ["designated_doctor"]
    again = people.give_role(doctor, a_role("member"), by=coordinator)
    people.approve(again, version=again.version, by=chair)
    assert [each.role for each in doctor.holdings_in_force()] == ["designated_doctor", "member"]


def test_who_gave_a_role_may_take_it_back_before_it_counts(coordinator, doctor):
    holding = people.give_role(doctor, a_role("member"), by=coordinator)

    people.decline(holding, version=holding.version, by=coordinator)

    assert people.waiting() == []


def test_two_who_approve_at_once_approve_once(coordinator, chair, governance_lead):
    user = invited(coordinator)
    seen = only_holding(user)
    people.approve(seen, version=seen.version, by=chair)

    with pytest.raises((Refused, Stale)):
        people.approve(seen, version=seen.version, by=governance_lead)
    assert only_holding(user).approved_by == chair
    assert len(letters_to(user)) == 1


def test_an_address_has_one_account_whatever_its_capitals(coordinator, doctor):
    with pytest.raises(Refused, match="an account with this email address already"):
        invited(coordinator, email=doctor.email.upper())


def test_a_role_of_one_area_needs_it_and_another_refuses_it(coordinator, doctor):
    with pytest.raises(Refused, match="for one area"):
        people.give_role(doctor, a_role("area_reader"), by=coordinator)


def test_nobody_gets_the_same_role_twice(coordinator, doctor):
    people.give_role(doctor, a_role("member"), by=coordinator)

    with pytest.raises(Refused, match="this role already"):
        people.give_role(doctor, a_role("member"), by=coordinator)


def test_who_leaves_loses_roles_sessions_password_and_locks_at_once(coordinator, doctor):
    TOTP.activate(doctor, generate_totp_secret())
    doctor.set_password("a plain and long one")
    browser = sign_in(Client(), doctor)
    assert browser.get(reverse("home")).status_code == 200

    people.close(doctor, version=doctor.version, reason="Left the trust", by=coordinator)

    assert browser.get(reverse("hat")).status_code == 302
    left = User.objects.get(pk=doctor.pk)
    assert (left.is_active, left.has_usable_password(), left.holdings_in_force()) == (
        False,
        False,
        [],
    )
    assert not Authenticator.objects.filter(user=doctor).exists()
    assert reason_of(left) == "Left the trust"


def test_who_comes_back_has_the_new_role_alone_and_only_after_approval(coordinator, chair, doctor):
    people.close(doctor, version=doctor.version, reason="Left", by=coordinator)

    back = invited(coordinator, role="member", email=doctor.email)
    assert back.pk == doctor.pk
    assert not back.is_active
    waiting = people.waiting(back)
    people.approve(waiting[0], version=waiting[0].version, by=chair)

    tomorrow = localdate() + timedelta(days=1)
    again = User.objects.get(pk=doctor.pk)
    assert [each.role for each in again.holdings_in_force(tomorrow)] == ["member"]


def test_a_role_that_waited_when_an_account_was_closed_never_opens_it_again(
    coordinator, chair, doctor
):
    waiting = people.give_role(doctor, a_role("member"), by=coordinator)
    people.close(doctor, version=doctor.version, reason="Left", by=coordinator)

    with pytest.raises((Refused, Stale)):
        people.approve(waiting, version=waiting.version, by=chair)
    waiting.refresh_from_db()
    with pytest.raises(Refused, match="decided already"):
        people.approve(waiting, version=waiting.version, by=chair)
    assert not User.objects.get(pk=doctor.pk).is_active
    assert people.waiting() == []


def test_cover_planned_for_later_ends_with_the_account(coordinator, chair, doctor):
    later = localdate() + timedelta(days=7)
    planned = people.give_role(doctor, a_role("member", starts_on=later), by=coordinator)
    people.approve(planned, version=planned.version, by=chair)
    doctor.refresh_from_db()
    assert len(doctor.holdings_in_force(later)) == 2

    people.close(doctor, version=doctor.version, reason="Left", by=coordinator)
    back = invited(coordinator, role="chair", email=doctor.email)
    again = people.waiting(back)[0]
    people.approve(again, version=again.version, by=chair)

    assert [each.role for each in User.objects.get(pk=doctor.pk).holdings_in_force(later)] == [
        "chair"
    ]


def test_nobody_closes_their_own_account(coordinator):
    with pytest.raises(Refused, match="your own account"):
        people.close(coordinator, version=coordinator.version, reason="x", by=coordinator)


def test_the_last_who_gives_roles_stays(coordinator):
    deputy = person("deputy_coordinator")
    people.close(deputy, version=deputy.version, reason="Left", by=coordinator)
    holding = only_holding(coordinator)

    with pytest.raises(Refused, match="Nobody else could give roles"):
        people.end_role(holding, version=holding.version, by=coordinator)
    assert [each.role for each in coordinator.holdings_in_force()] == ["coordinator"]


def test_a_role_ended_on_its_first_day_ends_at_once(coordinator, doctor):
    holding = only_holding(doctor)

    people.end_role(holding, version=holding.version, by=coordinator)

    assert doctor.holdings_in_force() == []
    assert actions_on(holding)[-1:] == ["role.ended"]


def test_a_lost_lock_is_reset_by_somebody_else_with_a_reason_and_told(coordinator, doctor):
    TOTP.activate(doctor, generate_totp_secret())

    people.reset_second_lock(doctor, reason="Rang the switchboard", by=coordinator)

    assert not Authenticator.objects.exists()
    entry = AuditEntry.objects.get(action="user.second_lock_reset")
    assert (entry.actor, entry.purpose) == (coordinator, "Rang the switchboard")
    assert Message.objects.filter(template="second_lock_changed").count() == 1
    with pytest.raises(Refused, match="Somebody else"):
        people.reset_second_lock(coordinator, reason="x", by=coordinator)


def test_accounts_that_nobody_uses_are_closed_and_used_ones_are_not(
    coordinator, doctor, member, settings, monkeypatch
):
    settings.ACCOUNT_UNUSED_DAYS = 30
    later = localdate() + timedelta(days=31)
    used = {member.pk: later - timedelta(days=30)}
    before = people.last_used
    monkeypatch.setattr(people, "last_used", lambda user: used.get(user.pk) or before(user))

    assert people.close_unused(later) == [doctor]
    # The last who gives roles stays, or nobody could open any account again.
    assert User.objects.get(pk=coordinator.pk).is_active
    assert actions_on(doctor)[-1:] == ["user.closed_unused"]


def test_the_round_of_reminders_closes_no_account_in_use(coordinator, doctor):
    assert [each.words for each in run_due() if each.job == "unused accounts"] == [""]


def test_the_pages_lead_from_the_invitation_to_the_open_account(coordinator, chair):
    desk = sign_in(Client(), coordinator)
    typed = {
        "name": "New Person",
        "email": "new.person@example.org",
        "organisation": "",
        "role": "area_reader",
        "area": HALTON,
    }
    page = desk.post(reverse("invite"), typed, follow=True)
    assert "New Person is written to once somebody else approves it." in text_of(page)
    assert "Approve</" not in page.content.decode()

    holding = RoleHolding.objects.get(user__email="new.person@example.org")
    chairs = sign_in(Client(), chair)
    assert "Accounts and roles to approve" in text_of(chairs.get(reverse("home")))
    address = reverse("approve_role", args=[holding.pk])
    page = chairs.post(address, {"version": holding.version}, follow=True)

    assert "New Person now has the role: Area reader, Halton." in text_of(page)
    shown = text_of(desk.get(reverse("person", args=[holding.user_id])))
    assert "In force" in shown
    assert "Never" in shown


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Enter their name"),
        ({"email": "nonsense"}, "in the usual form"),
        ({"role": ""}, "Choose the role"),
        ({"area": "all"}, "Choose the area"),
        ({"role": "member"}, "This role is for all areas"),
        ({"ends_on-day": "1", "ends_on-month": "1", "ends_on-year": "2020"}, "today or later"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(coordinator, wrong, sentence):
    desk = sign_in(Client(), coordinator)
    typed = {"name": "New Person", "email": "new.person@example.org", "role": "area_reader"}
    before = User.objects.count()

    page = desk.post(reverse("invite"), typed | {"area": HALTON, "organisation": ""} | wrong)

    assert sentence in text_of(page)
    assert User.objects.count() == before


def test_long_after_signing_in_the_password_is_asked_again_first(coordinator, settings):
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    coordinator.set_password("a plain and long one")
    coordinator.save()
    desk = sign_in(Client(), coordinator)

    page = desk.get(reverse("invite"))

    assert page.status_code == 302
    assert "reauthenticate" in page.headers["Location"]
