"""The list of organisations: who keeps it, what it refuses, and that nothing is ever lost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cdop.core import casework, organisation_actions, organisations
from cdop.core.audit import AuditEntry
from cdop.core.organisations import Area, Organisation
from cdop.core.refusals import Refused, Stale
from cdop.core.steps import create
from notifications import api_credentials
from notifications.api_models import System
from notifications.assurance.models import ReturningOrganisation
from tests.cast import TESTS
from tests.makers import HALTON
from tests.notifications.assurance.makers import asked_of, asked_return, notified, taken_in
from tests.pages import sign_in, text_of

HOSPITAL = {"name": "Invented Hospital", "kind": "acute_trust", "area": "none"}
LIST, ADD = "/organisations/", "/organisations/add/"


def an_organisation(name: str = "Invented Hospital", kind: str = "acute_trust") -> Organisation:
    return create(Organisation(name=name, kind=kind), by=TESTS)


def at(name: str, organisation: Organisation) -> str:
    return reverse(name, args=[organisation.pk])


def post(client, address: str, organisation: Organisation | None = None, **said):
    version = {"version": organisation.version} if organisation else {}
    return client.post(address, version | said, follow=True)


def histories(organisation: Organisation) -> list[tuple[str, str]]:
    rows = organisation.history.order_by("version")
    return list(rows.values_list("name", "history_change_reason"))


# Adding


def test_the_coordinator_adds_what_no_list_has(client, coordinator):
    words = text_of(
        post(
            sign_in(client, coordinator),
            ADD,
            name="  Invented   Registration Service ",
            kind="registrar",
            area=HALTON,
        )
    )

    made = Organisation.objects.get()
    assert (made.name, made.kind_label, made.area.code, made.ended_at) == (
        "Invented Registration Service",
        "Registration service",
        HALTON,
        None,
    )
    assert "Invented Registration Service is on the list of organisations." in words
    entry = AuditEntry.objects.get(action="organisation.created")
    assert (entry.actor, entry.subject) == (coordinator, f"organisation:{made.pk}")
    assert histories(made) == [(made.name, "organisation.created")]


def test_every_kind_that_the_domain_names_can_be_added(client, coordinator):
    kinds = ["hospice", "police", "ambulance", "coroner", "registrar", "primary_care", "panel"]
    for kind in kinds:
        post(sign_in(client, coordinator), ADD, name=f"{kind} {kind}", kind=kind, area="none")

    assert set(Organisation.objects.values_list("kind", flat=True)) == set(kinds)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": ""}, "Enter what the organisation is called"),
        ({"name": "x" * 201}, "The name must be 200 characters or fewer. You typed 201."),
        ({"kind": ""}, "Choose what the organisation does"),
        ({"kind": "bakery"}, "Choose one of the answers on the page"),
        ({"area": ""}, "Choose the area, or that it serves more than one"),
        ({"area": "E92000001"}, "Choose one of the answers on the page"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_added(client, coordinator, said, sentence):
    page = post(sign_in(client, coordinator), ADD, **HOSPITAL | said)

    assert sentence in text_of(page)
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("name", ["invented hospital", "  Invented\u00a0 HOSPITAL "])
def test_the_same_name_is_refused_whatever_its_capitals_and_spaces(client, coordinator, name):
    an_organisation()

    page = post(sign_in(client, coordinator), ADD, **HOSPITAL | {"name": name, "sure": name})

    assert "There is an organisation called Invented Hospital already." in text_of(page)
    with pytest.raises(Refused, match="There is an organisation called Invented Hospital already"):
        organisation_actions.add(name=name, kind="hospice", area=None, by=coordinator)
    assert Organisation.objects.count() == 1


def test_a_name_that_somebody_took_in_this_moment_is_refused_and_breaks_nothing(
    coordinator, monkeypatch
):
    an_organisation()
    monkeypatch.setattr(organisation_actions, "of_the_name", lambda name, but=None: None)

    with pytest.raises(Refused, match="There is an organisation called invented hospital already"):
        organisation_actions.add(
            name="invented hospital", kind="hospice", area=None, by=coordinator
        )

    assert Organisation.objects.count() == 1


def test_a_like_name_is_asked_about_and_taken_once_somebody_is_sure(client, coordinator):
    an_organisation("Invented General Hospital")
    wanted = HOSPITAL | {"name": "Invented Hospital, General Site"}
    browser = sign_in(client, coordinator)

    asked = text_of(post(browser, ADD, **wanted))

    assert (
        "This name is like one that is there: Invented General Hospital (acute hospital trust). "
        "Is it another organisation?" in asked
    )
    assert Organisation.objects.count() == 1
    post(browser, ADD, **wanted, sure="Another name that nobody asked about")
    assert Organisation.objects.count() == 1
    post(browser, ADD, **wanted, sure=wanted["name"])
    assert Organisation.objects.filter(name=wanted["name"]).exists()


def test_another_name_is_not_asked_about(client, coordinator):
    an_organisation("Invented General Hospital")

    post(sign_in(client, coordinator), ADD, **HOSPITAL | {"name": "Made-up Children's Hospice"})

    assert Organisation.objects.count() == 2


# Changing


def test_a_new_name_stands_on_every_record_and_the_old_one_is_kept(client, coordinator):
    trust = an_organisation()
    notified(organisation=trust)
    said = HOSPITAL | {"name": "Renamed Hospital", "area": HALTON}

    post(sign_in(client, coordinator), at("organisation", trust), trust, **said)

    trust.refresh_from_db()
    assert (trust.name, trust.area_id, trust.version) == ("Renamed Hospital", HALTON, 2)
    assert histories(trust) == [
        ("Invented Hospital", "organisation.created"),
        ("Renamed Hospital", "organisation.edited"),
    ]
    words = text_of(client.get(at("organisation", trust)))
    assert "Names before Invented Hospital" in words
    assert "Notifications that name it 1" in words


def test_its_own_name_may_stay_or_change_its_capitals(client, coordinator):
    trust = an_organisation()

    said = HOSPITAL | {"name": "INVENTED Hospital", "sure": "INVENTED Hospital"}
    post(sign_in(client, coordinator), at("organisation", trust), trust, **said)

    assert Organisation.objects.get().name == "INVENTED Hospital"


def test_it_cannot_take_the_name_of_another(client, coordinator):
    an_organisation("Invented Hospice", "hospice")
    trust = an_organisation()

    page = post(
        sign_in(client, coordinator),
        at("organisation", trust),
        trust,
        **HOSPITAL | {"name": "invented hospice"},
    )

    assert "There is an organisation called Invented Hospice already." in text_of(page)
    trust.refresh_from_db()
    assert (trust.name, trust.version) == ("Invented Hospital", 1)


def test_of_two_who_change_it_the_second_sees_both(client, coordinator):
    trust = an_organisation()
    halton = Area.objects.get(code=HALTON)
    organisation_actions.change(
        trust, version=1, name="First Name", kind="hospice", area=halton, by=coordinator
    )

    said = HOSPITAL | {"name": "Second Name"}
    page = post(sign_in(client, coordinator), at("organisation", trust), trust, **said)

    assert page.status_code == 409
    words = text_of(page)
    assert "Somebody else changed this while you had it open." in words
    assert "Your words What is it called? Second Name" in words
    assert "What is there now What is it called? First Name" in words
    assert 'name="version" value="2"' in page.content.decode()
    assert Organisation.objects.get().name == "First Name"


# Ending


def test_what_has_ended_is_offered_no_more_and_stays_where_it_is_named(client, coordinator):
    trust = an_organisation()
    sent = notified(organisation=trust)
    browser = sign_in(client, coordinator)

    post(browser, at("end_organisation", trust), trust)

    trust.refresh_from_db()
    assert trust.ended_at is not None
    assert list(Organisation.objects.in_use()) == []
    assert organisations.choices() == []
    assert organisations.choices(str(trust.pk)) == [
        (str(trust.pk), "Invented Hospital (no longer in use)")
    ]
    sent.refresh_from_db()
    assert sent.organisation == trust
    words = text_of(browser.get(LIST))
    assert "No longer in use Name What it does" in words
    entry = AuditEntry.objects.get(action="organisation.ended")
    assert (entry.actor, entry.subject) == (coordinator, f"organisation:{trust.pk}")


def test_its_name_stays_taken_and_it_can_be_taken_up_again(client, coordinator):
    trust = an_organisation()
    trust = organisation_actions.end(trust, version=1, by=coordinator)
    browser = sign_in(client, coordinator)

    refused = text_of(post(browser, ADD, **HOSPITAL))
    post(browser, at("take_up_organisation", trust), trust)

    assert "Its use has ended: take it up again instead." in refused
    assert [each.name for each in Organisation.objects.in_use()] == ["Invented Hospital"]
    assert [reason for _, reason in histories(trust)] == [
        "organisation.created",
        "organisation.ended",
        "organisation.taken_up",
    ]


def test_it_cannot_end_while_a_system_of_it_may_report(client, coordinator):
    trust = an_organisation()
    api_credentials.register(organisation=trust, name="Invented Record", by=TESTS)
    browser = sign_in(client, coordinator)

    why = "A system of this organisation may still report."
    assert why in text_of(browser.get(at("end_organisation", trust)))
    page = post(browser, at("end_organisation", trust), trust)

    assert (page.status_code, why in text_of(page)) == (409, True)
    api_credentials.end(System.objects.get(), version=1, by=TESTS)
    organisation_actions.end(trust, version=1, by=coordinator)


def test_it_cannot_end_while_it_is_asked_every_month(coordinator):
    asked_of(by=coordinator)
    asked = ReturningOrganisation.objects.get()

    with pytest.raises(Refused, match="is asked for a return every month"):
        organisation_actions.end(asked.organisation, version=1, by=coordinator)


def test_a_stale_end_is_refused(coordinator):
    trust = an_organisation()
    organisation_actions.change(trust, version=1, by=coordinator, **HOSPITAL_NAMED)

    with pytest.raises(Stale):
        organisation_actions.end(trust, version=1, by=coordinator)


HOSPITAL_NAMED = {"name": "Another Name", "kind": "acute_trust", "area": None}


# The list


def test_the_list_counts_what_names_each_in_a_constant_number_of_statements(client, coordinator):
    asked = asked_return()
    trust = asked.asked_of.organisation
    notified(organisation=trust)
    taken_in(organisation=trust.pk, kind="hospital")
    api_credentials.register(organisation=trust, name="Invented Record", by=TESTS)
    browser = sign_in(client, coordinator)
    with CaptureQueriesContext(
        connection,
    ) as few:
        words = text_of(browser.get(LIST))

    assert [(each.where, each.counts) for each in casework.organisations_named()] == [
        ("Notifications", {trust.pk: 1}),
        ("Systems", {trust.pk: 1}),
        ("Monthly returns", {trust.pk: 1}),
        ("Lists of deaths", {trust.pk: 1}),
        ("Letters of figures", {}),
        ("Agency reports", {}),
        ("Points of contact", {}),
        ("Recommendations", {}),
        ("Training", {}),
        ("Exchange", {}),
    ]
    assert "Invented Hospital Acute hospital trust Several or none 1 1 1 1 0" in words
    for number in range(5):
        an_organisation(f"Number {number}")
    with CaptureQueriesContext(connection) as many:
        browser.get(LIST)
    assert len(many) == len(few)


# Who may


@pytest.mark.parametrize("who", ["doctor", "chair", "member", "reader", "governance_lead"])
def test_nobody_else_keeps_the_list_or_learns_that_it_is_there(db, client, who, request):
    trust, person = an_organisation(), request.getfixturevalue(who)
    browser = sign_in(client, person)

    for address in (
        LIST,
        ADD,
        at("organisation", trust),
        at("end_organisation", trust),
        at("take_up_organisation", trust),
    ):
        assert browser.get(address).status_code == 404
        assert post(browser, address, trust, **HOSPITAL).status_code == 404
    for act in (
        lambda: organisation_actions.add(name="X", kind="hospice", area=None, by=person),
        lambda: organisation_actions.change(trust, version=1, by=person, **HOSPITAL_NAMED),
        lambda: organisation_actions.end(trust, version=1, by=person),
        lambda: organisation_actions.take_up(trust, version=1, by=person),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.status == 403
    assert b"Organisations" not in browser.get("/").content
    assert list(Organisation.objects.values_list("name", "version")) == [("Invented Hospital", 1)]


def test_the_menu_leads_the_team_there(client, coordinator):
    assert b'href="/organisations/"' in sign_in(client, coordinator).get("/").content
