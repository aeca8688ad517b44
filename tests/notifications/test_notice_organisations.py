"""Which office gave a notice: proposed among offices, chosen at triage, counted for promptness."""

import re

import pytest
from django.urls import reverse

from cdop import editions
from cdop.core.organisations import Organisation
from cdop.core.periods import Period
from notifications import intake
from notifications.assurance import deaths, promptness
from notifications.models import Notification
from notifications.notices import CORONER, KINDS, REGISTRAR, Kind
from tests.cdop.core.test_organisations import an_organisation
from tests.makers import HALTON
from tests.notifications.filling import version_on
from tests.pages import sign_in, text_of

BOTH = pytest.mark.parametrize("kind", list(KINDS.values()), ids=list(KINDS))
OFFICE = {"registrar": "Invented-town Registration Service", "coroner": "Coroner of Invented-town"}
ROLE = {"registrar": "Registrar of births and deaths", "coroner": "Coroner or coroner's officer"}


def notice(kind: Kind, wrote: str = "Invented-town") -> Notification:
    answers = {
        **kind.implied,
        "notifier_organisation": wrote,
        "notifier_acted_on": "2026-03-20",
        "notifier_notice": "registered",
        "family_name": "Exampleby",
        "date_of_birth": "2025-12-01",
        "date_of_death": "2026-03-20",
        "time_of_death": "10:00",
    }
    return intake.receive(
        answers,
        edition=editions.get("cdr-2018"),
        route=kind.route,
        questionnaire=kind.code,
        by=intake.NOTIFIER,
    )


@pytest.fixture
def desk(client, coordinator):
    return sign_in(client, coordinator)


@pytest.fixture
def offices(db) -> dict[str, Organisation]:
    """An office of each kind, and a trust whose name is most like what both write."""
    an_organisation("Invented-town Trust", "acute_trust")
    an_organisation("Elsewhere Registration Service", "registrar")
    return {code: an_organisation(name, code) for code, name in OFFICE.items()}


def page_of(name: str, sent: Notification) -> str:
    return reverse(f"notifications:{name}", args=[sent.reference])


def chosen(page) -> str:
    """The organisation that stands chosen on a page of triage."""
    listed = re.search(r'<select[^>]*name="organisation".*?</select>', page.content.decode(), re.S)
    found = re.search(r'<option value="\d+" selected>([^<]+)<', listed[0])
    return found[1] if found else ""


@BOTH
@pytest.mark.parametrize("decision", ["accept", "attach", "decline", "pass_on"])
def test_each_decision_suggests_the_office_of_the_district(desk, offices, kind, decision):
    page = desk.get(page_of(decision, notice(kind)))

    assert chosen(page) == ""
    assert f"Is it {OFFICE[kind.code]}? Then choose it." in text_of(page)


@BOTH
def test_an_office_that_gives_its_own_name_is_chosen(desk, offices, kind):
    page = desk.get(page_of("accept", notice(kind, OFFICE[kind.code].upper())))

    assert chosen(page) == OFFICE[kind.code]


@BOTH
def test_nothing_is_proposed_for_a_district_of_which_no_office_is_known(desk, offices, kind):
    page = desk.get(page_of("accept", notice(kind, "Far-away")))

    assert chosen(page) == ""
    assert "The notifier wrote: “Far-away”." in text_of(page)
    assert "Is it " not in text_of(page)


def test_an_office_of_the_other_kind_is_never_proposed(desk):
    an_organisation("Invented-town Registration Service", "registrar")

    assert chosen(desk.get(page_of("accept", notice(CORONER)))) == ""


def test_what_anyone_sent_is_still_proposed_among_all(desk, offices):
    sent = notice(REGISTRAR, "Invented-town Trust")
    Notification.objects.filter(pk=sent.pk).update(route="web")

    assert chosen(desk.get(page_of("accept", sent))) == "Invented-town Trust"


@BOTH
def test_promptness_counts_a_notice_for_the_office_that_was_chosen(desk, offices, kind):
    sent = notice(kind)
    at = page_of("accept", sent)

    said = {
        "version": version_on(desk.get(at)),
        "area": HALTON,
        "in_scope": "yes",
        "organisation": str(offices[kind.code].pk),
    }
    assert desk.post(at, said).status_code == 302

    sent.refresh_from_db()
    assert sent.organisation == offices[kind.code]
    period = Period.of(sent.received_at.date())
    [death] = deaths.of(period, "notified_in")
    assert (death.organisation, death.role_label, promptness.setting(death)) == (
        OFFICE[kind.code],
        ROLE[kind.code],
        "Other services and offices",
    )


@BOTH
def test_a_notice_whose_office_nobody_chose_is_counted_as_such(desk, offices, kind):
    sent = notice(kind)
    at = page_of("accept", sent)

    said = {"version": version_on(desk.get(at)), "area": HALTON, "in_scope": "yes"}
    desk.post(at, said | {"organisation": ""})

    [death] = deaths.of(Period.of(sent.received_at.date()), "notified_in")
    assert promptness.organisation(death) == "Organisation not chosen"
