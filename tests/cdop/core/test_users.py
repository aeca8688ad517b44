"""People, the roles they hold and the hat they wear: nothing is held before, after or by chance."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate

from cdop.core.audit import AuditEntry
from cdop.core.hats import SESSION_KEY
from cdop.core.roles import ROLES, Permission, Role
from cdop.core.steps import create, edit
from cdop.core.users import RoleHolding, User
from tests.cast import TESTS, give, person
from tests.pages import text_of

TODAY = date(2015, 2, 28)
DAY = timedelta(days=1)


def holding(user: User, role: str = "member", **columns) -> RoleHolding:
    columns = {"starts_on": TODAY} | columns
    return create(RoleHolding(user=user, role=role, **columns), by=TESTS)


def roles_on(user: User, day: date) -> list[str]:
    return [held.role for held in User.objects.get(pk=user.pk).holdings_in_force(day)]


@pytest.mark.parametrize(
    "starts_on, ends_on, held",
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (TODAY - DAY, TODAY + DAY, True),
        (TODAY + DAY, None, False),
        (TODAY - 2 * DAY, TODAY - DAY, False),
    ],
)
def test_a_role_is_held_from_its_first_day_to_the_end_of_its_last(
    stranger, starts_on, ends_on, held
):
    holding(stranger, starts_on=starts_on, ends_on=ends_on)

    assert roles_on(stranger, TODAY) == (["member"] if held else [])


@pytest.mark.parametrize("ends_on, held", [(None, 1), (TODAY, 1), (TODAY - DAY, 0)])
def test_no_role_outlasts_the_account(stranger, ends_on, held):
    holding(stranger)
    edit(stranger, by=TESTS, ends_on=ends_on)

    assert len(roles_on(stranger, TODAY)) == held


def test_a_closed_account_holds_nothing_and_opens_to_no_password(db):
    leaver = person("coordinator", password="a plain and long one")
    signed_in = {"email": leaver.email, "password": "a plain and long one"}
    assert authenticate(None, **signed_in) == leaver

    edit(leaver, by=TESTS, is_active=False)

    assert authenticate(None, **signed_in) is None
    assert roles_on(leaver, localdate()) == []
    assert not User.objects.get(pk=leaver.pk).can(Permission.CASES_MANAGE)


def test_a_role_that_one_person_gave_counts_once_another_has_approved_it(
    coordinator, chair, stranger
):
    given = holding(stranger, granted_by=coordinator)
    assert roles_on(stranger, TODAY) == []

    edit(given, by=chair, approved_by=chair)

    assert roles_on(stranger, TODAY) == ["member"]


def test_nobody_approves_the_role_that_they_gave(coordinator, stranger):
    with pytest.raises(IntegrityError, match="role_given_by_two_people"), transaction.atomic():
        holding(stranger, granted_by=coordinator, approved_by=coordinator)


def test_no_role_ends_before_it_starts(stranger):
    with pytest.raises(IntegrityError, match="role_ends_after_it_starts"), transaction.atomic():
        holding(stranger, ends_on=TODAY - DAY)


def test_two_accounts_never_share_an_address_whatever_its_capitals(db):
    """They would both answer to the same sign-in, and neither could."""
    create(User(email="One.Person@example.org", name="One"), by=TESTS)

    with pytest.raises(IntegrityError), transaction.atomic():
        create(User(email="one.person@EXAMPLE.org", name="Other"), by=TESTS)

    assert User.objects.get_by_natural_key("ONE.PERSON@example.org").name == "One"


def test_the_only_role_is_worn_without_a_choice(coordinator):
    worn = User.objects.get(pk=coordinator.pk)

    assert (worn.hat.role, worn.can(Permission.CASES_MANAGE)) == ("coordinator", True)
    assert not worn.can(Permission.FINDINGS_SIGN_OFF)


def test_of_several_roles_none_is_worn_until_one_is_chosen(coordinator):
    give(coordinator, "chair")
    both = User.objects.get(pk=coordinator.pk)

    assert both.hat is None
    assert not any(both.can(permission) for permission in Permission)

    both.wear(both.holdings_in_force()[1])
    assert {permission for permission in Permission if both.can(permission)} == set(
        ROLES[Role.CHAIR].permissions
    )


def test_roles_are_listed_in_the_order_of_the_table_whichever_came_first(stranger):
    for role in ("governance_lead", "chair", "coordinator"):
        holding(stranger, role)

    assert roles_on(stranger, TODAY) == ["coordinator", "chair", "governance_lead"]


def test_every_role_has_permissions_and_every_permission_a_role():
    assert set(ROLES) == set(Role)
    assert set().union(*(rule.permissions for rule in ROLES.values())) == set(Permission)
    assert all(rule.permissions and rule.label and rule.description for rule in ROLES.values())


def test_who_decides_or_counts_without_names_opens_no_identity():
    """Chair and members read anonymised packs; area readers read figures; oversight reads acts."""
    identified = {role for role, rule in ROLES.items() if rule.identified}

    assert identified == {
        Role.COORDINATOR,
        Role.DEPUTY_COORDINATOR,
        Role.CDOP_NURSE,
        Role.DESIGNATED_DOCTOR,
        Role.RESPONDER,
    }


def test_nobody_both_drafts_and_approves_a_release_under_one_hat():
    for rule in ROLES.values():
        assert not {Permission.RELEASES_DRAFT, Permission.RELEASES_APPROVE} <= rule.permissions


def test_the_governance_lead_may_read_who_did_what_and_nothing_else():
    """And they may be the second person who lets a role count, which changes no case."""
    may = {Permission.AUDIT_READ, Permission.ROLES_APPROVE}
    assert ROLES[Role.GOVERNANCE_LEAD].permissions == may


# The hat of a session


@pytest.fixture
def both(client, coordinator):
    """Somebody signed in who is coordinator and governance lead."""
    give(coordinator, "governance_lead")
    client.force_login(coordinator)
    return coordinator


def hat_named(user: User, role: str) -> str:
    return str(user.holdings.get(role=role).pk)


def test_somebody_with_two_hats_is_asked_and_sees_nothing_before(client, both):
    assert client.get(reverse("home")).headers["Location"] == reverse("hat")
    assert client.get(reverse("audit")).status_code == 404
    page = text_of(client.get(reverse("hat")))
    assert "Coordinator" in page and "Information governance lead" in page


def test_the_chosen_hat_is_remembered_and_the_choice_recorded(client, both):
    chosen = client.post(reverse("hat"), {"hat": hat_named(both, "governance_lead")})

    assert chosen.headers["Location"] == reverse("home")
    assert client.get(reverse("audit")).status_code == 200
    entry = AuditEntry.objects.get(action="user.hat_chosen")
    assert (entry.actor, entry.hat) == (both, "governance_lead")


def test_the_other_hat_replaces_it(client, both):
    client.post(reverse("hat"), {"hat": hat_named(both, "governance_lead")})
    client.post(reverse("hat"), {"hat": hat_named(both, "coordinator")})

    assert client.get(reverse("audit")).status_code == 404


@pytest.mark.parametrize(
    "forged", ["", "0", "-1", "x", "None", "999999999999999999999", "1 OR 1=1"]
)
def test_a_made_up_hat_is_not_there(client, both, forged):
    assert client.post(reverse("hat"), {"hat": forged}).status_code == 404
    assert SESSION_KEY not in client.session


def test_the_hat_of_somebody_else_is_not_there(client, both, governance_lead):
    stolen = hat_named(governance_lead, "governance_lead")

    assert client.post(reverse("hat"), {"hat": stolen}).status_code == 404
    assert client.get(reverse("audit")).status_code == 404


@pytest.mark.parametrize("found", ["x", None, 10**30, [1]])
def test_nonsense_in_the_session_puts_on_no_hat(client, both, found):
    session = client.session
    session[SESSION_KEY] = found
    session.save()

    assert client.get(reverse("audit")).status_code == 404


def test_somebody_elses_hat_in_the_session_is_not_worn(client, both, governance_lead):
    session = client.session
    session[SESSION_KEY] = governance_lead.holdings.get().pk
    session.save()

    assert client.get(reverse("audit")).status_code == 404


def test_a_hat_is_taken_off_on_the_day_after_its_last_even_within_a_session(client, both):
    worn = both.holdings.get(role="governance_lead")
    client.post(reverse("hat"), {"hat": str(worn.pk)})
    yesterday = localdate() - DAY
    edit(worn, by=TESTS, starts_on=yesterday, ends_on=yesterday)

    assert client.get(reverse("audit")).status_code == 404


def test_a_closed_account_is_out_at_its_next_page(client, governance_lead):
    client.force_login(governance_lead)
    assert client.get(reverse("audit")).status_code == 200

    edit(governance_lead, by=TESTS, is_active=False)

    assert client.get(reverse("audit")).status_code == 302


def test_an_account_past_its_last_day_opens_no_page_with_a_door(client, governance_lead):
    client.force_login(governance_lead)

    edit(governance_lead, by=TESTS, ends_on=localdate() - DAY)

    assert client.get(reverse("audit")).status_code == 404


def test_the_history_of_an_account_keeps_no_password(db):
    user = person("member", password="a plain and long one")
    columns = [field.name for field in User.history.model._meta.concrete_fields]

    assert "password" not in columns
    assert "argon2" not in str(list(user.history.values()))
