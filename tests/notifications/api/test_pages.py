"""The pages about systems that report: who may open them, and a secret that is shown once."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from cdop.core.audit import AuditEntry
from notifications import api_credentials
from notifications.api_models import System, SystemSecret
from tests.client import Client
from tests.notifications.api.calling import ANSWERS, Caller, an_organisation
from tests.pages import text_of

LIST, REGISTER = reverse("notifications:systems"), reverse("notifications:register_system")


def at(name: str, system: System) -> str:
    return reverse(f"notifications:{name}", args=[system.reference])


@pytest.fixture
def browser(coordinator) -> Client:
    client = Client()
    client.force_login(coordinator)
    return client


def shown_secret(page) -> str:
    return re.search(r'cdop-secret cdop-typed">([\w-]{43})<', page.content.decode())[1]


def test_registering_shows_a_secret_that_signs_in_and_is_never_shown_again(browser, coordinator):
    trust = an_organisation()
    page = browser.post(REGISTER, {"organisation": trust.pk, "name": "Invented Record"})

    system, secret = System.objects.get(), shown_secret(page)
    assert api_credentials.secret_of(system.reference, secret).system == system
    assert page.headers["Cache-Control"] == "no-store, private"
    assert (system.organisation, system.name) == (trust, "Invented Record")
    entry = AuditEntry.objects.get(action="system.registered")
    assert (entry.actor, secret in str(entry.__dict__)) == (coordinator, False)
    for again in (LIST, at("system", system), REGISTER):
        assert secret not in browser.get(again).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "x"}, "Choose the organisation whose system it is"),
        ({"organisation": "999999", "name": "x"}, "Choose one of the answers on the page"),
        ({"organisation": "trust", "name": ""}, "Enter what the system is called"),
        ({"organisation": "trust", "name": "x" * 201}, "The name must be 200 characters or fewer"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_registered(browser, typed, sentence):
    trust = an_organisation()
    posted = {name: str(trust.pk) if said == "trust" else said for name, said in typed.items()}

    assert sentence in text_of(browser.post(REGISTER, posted))
    assert (System.objects.count(), SystemSecret.objects.count()) == (0, 0)


def test_a_new_secret_is_shown_once_and_the_former_lasts_as_chosen(browser, caller):
    page = browser.post(at("renew_secret", caller.system), {"version": 1, "overlap": "none"})

    assert api_credentials.secret_of(caller.system.reference, shown_secret(page))
    assert api_credentials.secret_of(caller.system.reference, caller.secret) is None
    again = browser.post(at("renew_secret", caller.system), {"version": 1, "overlap": "week"})
    assert again.status_code == 409
    assert "Somebody else changed this" in text_of(again)
    assert SystemSecret.objects.count() == 2


def test_the_page_says_which_secret_is_still_used(browser, caller):
    api_credentials.issue(api_credentials.secret_of(caller.system.reference, caller.secret))
    browser.post(at("renew_secret", caller.system), {"version": 1, "overlap": "week"})
    sent = caller.send(ANSWERS).json()["reference"]

    page = text_of(browser.get(at("system", caller.system)))
    assert f"Last one received {sent}" in page
    assert page.count("End now") == 2
    assert page.count("Never") == 1
    secret = SystemSecret.objects.earliest("made_at")
    browser.post(at("end_secret", caller.system), {"secret": secret.pk})
    assert text_of(browser.get(at("system", caller.system))).count("End now") == 1


def test_a_secret_of_another_system_cannot_be_ended_through_this_one(browser, caller, other):
    secret = SystemSecret.objects.get(system=other.system)

    answer = browser.post(at("end_secret", caller.system), {"secret": secret.pk})
    assert answer.status_code == 404
    assert other.send(ANSWERS).status_code == 202


def test_ending_access_is_asked_once_more_and_then_at_once(browser, caller):
    page = browser.get(at("end_system", caller.system))
    assert "This cannot be undone" in text_of(page)
    assert caller.send(ANSWERS).status_code == 202

    answer = browser.post(at("end_system", caller.system), {"version": 1}, follow=True)
    assert f"System {caller.system} can no longer report" in text_of(answer)
    assert caller.send(ANSWERS).status_code == 401
    assert browser.post(at("end_system", caller.system), {"version": 2}).status_code == 409
    assert "Make a new secret" not in text_of(browser.get(at("system", caller.system)))


def test_names_are_shown_as_they_are_and_run_nothing(browser):
    name = "<script>Invented</script>"
    caller = Caller(an_organisation(name), name)

    for page in (LIST, at("system", caller.system), at("end_system", caller.system)):
        shown = browser.get(page).content.decode()
        assert escape(name) in shown and name not in shown


def test_others_find_no_such_page_and_change_nothing(caller, chair, doctor, governance_lead):
    pages = [LIST, REGISTER, *(at(name, caller.system) for name in ("system", "renew_secret"))]
    pages += [at("end_system", caller.system), at("end_secret", caller.system)]

    for person in (chair, doctor, governance_lead):
        client = Client()
        client.force_login(person)
        for page in pages:
            assert client.get(page).status_code == 404
            assert client.post(page, {"version": 1, "overlap": "none"}).status_code == 404
    assert Client().post(pages[-2], {"version": 1}).status_code == 302
    assert caller.send(ANSWERS).status_code == 202


def test_the_list_takes_as_many_statements_for_many_systems_as_for_one(browser, caller):
    with CaptureQueriesContext(connection) as one:
        browser.get(LIST)
    for number in range(5):
        Caller(an_organisation(f"Invented Trust {number}"))
    with CaptureQueriesContext(connection) as many:
        page = text_of(browser.get(LIST))

    assert page.count("Invented Record") == 6
    assert len(many) == len(one)
