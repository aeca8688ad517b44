"""Forms that ask for an organisation: what they offer, and how one that is missing is added."""

import re

import pytest
from django.urls import reverse

from cdop.core import organisation_actions, organisation_choice
from cdop.core.drafts import Draft
from cdop.core.organisations import Organisation
from notifications import tellers
from notifications.api_forms import RegisterForm
from notifications.assurance.list_forms import ListForm
from notifications.assurance.return_forms import NewAskedForm
from notifications.forms import DeclineForm
from notifications.keyed import KIND as KEYED
from notifications.keyed_forms import ArrivalForm
from notifications.models import Notification
from tests.cast import person
from tests.cdop.core.test_organisations import an_organisation, post
from tests.notifications import keying
from tests.notifications.assurance.makers import notified
from tests.pages import date_parts, sign_in, text_of

ADD = "/organisations/add/"
HOSPICE = {"name": "Invented Hospice", "kind": "hospice", "area": "none"}
RETURNS = "/notifications/assurance/returns/add/"
LISTS = "/notifications/assurance/lists/new/"
SYSTEMS = reverse("notifications:register_system")


@pytest.fixture
def desk(client, coordinator):
    """The coordinator, signed in."""
    return sign_in(client, coordinator)


@pytest.fixture
def ended(coordinator) -> Organisation:
    """The one organisation that there is, and it is out of use."""
    trust = an_organisation("Former Hospital")
    return organisation_actions.end(trust, version=1, by=coordinator)


# What is offered


@pytest.mark.parametrize("address", [keying.START, RETURNS, LISTS, SYSTEMS])
def test_no_new_choice_offers_what_has_ended(desk, ended, address):
    an_organisation("Present Hospital")

    page = desk.get(address).content.decode()

    assert "Present Hospital" in page and "Former Hospital" not in page
    assert "Not on the list? Add an organisation" in page


def test_no_form_takes_what_has_ended(desk, ended):
    chosen = {"organisation": str(ended.pk)}
    forms = [
        ArrivalForm(chosen, now=None),
        NewAskedForm(chosen),
        ListForm(chosen),
        RegisterForm(chosen),
        DeclineForm(chosen),
    ]

    assert all("organisation" in form.errors for form in forms)


def test_triage_proposes_nothing_that_has_ended(ended):
    assert tellers.proposed("Former Hospital", Organisation.objects.all()) is None


def test_an_old_notification_keeps_the_organisation_that_it_names(desk, coordinator):
    trust = an_organisation("Former Hospital")
    sent = notified(organisation=trust)
    organisation_actions.end(trust, version=1, by=coordinator)
    at = reverse("notifications:decline", args=[sent.reference])

    assert "Former Hospital (no longer in use)" in text_of(desk.get(at))
    desk.post(at, {"version": sent.version, "organisation": trust.pk, "reason": "test"})

    sent.refresh_from_db()
    assert (sent.state, sent.organisation) == ("declined", trust)


# Adding one on the way, and coming back


def added_from(desk, address: str, typed: dict):
    """Press the button of a form, add a hospice, and be back at the form: its page."""
    away = desk.post(address, typed | {"add_organisation": "yes"})
    assert away.status_code == 302 and away.url.startswith(ADD), away.content
    back = desk.post(away.url, HOSPICE)
    made = Organisation.objects.get(name="Invented Hospice")
    assert back.url.endswith(f"?organisation={made.pk}")
    return made, desk.get(back.url), back.url


def chosen_option(made: Organisation) -> str:
    return f'<option value="{made.pk}" selected>Invented Hospice</option>'


def test_a_system_that_is_being_registered_comes_back_as_it_was_typed(desk):
    made, page, at = added_from(desk, SYSTEMS, {"organisation": "", "name": "Record of Ours"})

    content = page.content.decode()
    assert chosen_option(made) in content and 'value="Record of Ours"' in content
    assert "There is a problem" not in content
    desk.post(at, {"organisation": made.pk, "name": "Record of Ours"})
    assert not Draft.objects.exists()


def test_a_return_that_is_being_set_up_comes_back_as_it_was_typed(desk):
    typed = {"email": "team@invented.example", "adult_wards": "Ward 1\nWard 2", "first_month": ""}

    made, page, _ = added_from(desk, RETURNS, typed)

    content = page.content.decode()
    assert chosen_option(made) in content
    assert 'value="team@invented.example"' in content and "Ward 1\r\nWard 2" in content.replace(
        "Ward 1\nWard 2", "Ward 1\r\nWard 2"
    )


DECIDED = {
    "accept": {"area": "E06000006", "in_scope": "no", "rule": "age", "reason": "Words of mine"},
    "attach": {"case": "other", "reference": "C-4K7M-2QX9", "note": "Words of mine"},
    "pass_on": {"panel": "other", "other_panel": "A panel", "note": "Words of mine"},
    "decline": {"reason": "elsewhere", "note": "Words of mine"},
}


@pytest.mark.parametrize("name", DECIDED)
def test_a_decision_of_triage_comes_back_as_it_was_typed(desk, db, name):
    at = reverse(f"notifications:{name}", args=[notified().reference])

    made, page, _ = added_from(desk, at, {"version": 1, **DECIDED[name]})

    content = page.content.decode()
    assert chosen_option(made) in content and "Words of mine" in content
    typed = set(DECIDED[name].values()) - {"Words of mine"}
    assert {code for code in typed if re.search(rf'value="{code}"(>| checked)', content)} == typed
    assert "There is a problem" not in content


def test_what_was_typed_about_one_notification_is_put_back_for_no_other(desk, db):
    one, other = (reverse("notifications:decline", args=[notified().reference]) for _ in "ab")
    desk.post(one, {"version": 1, "note": "About the first", "add_organisation": "yes"})
    desk.post(other, {"version": 1, "note": "About the second", "add_organisation": "yes"})

    assert "About the first" in text_of(desk.get(f"{one}?organisation="))
    assert "About the second" in text_of(desk.get(f"{other}?organisation="))


def test_a_decision_that_was_made_keeps_nothing_of_what_was_typed_before(desk, db):
    sent = notified()
    at = reverse("notifications:decline", args=[sent.reference])
    made, _, back = added_from(desk, at, {"version": 1, "note": "Words of mine"})

    desk.post(back, {"version": 1, "reason": "test", "note": "", "organisation": made.pk})

    sent.refresh_from_db()
    assert (sent.state, sent.organisation) == ("declined", made)
    assert not Draft.objects.filter(kind=organisation_choice.KIND).exists()


def test_a_list_that_is_being_taken_in_comes_back_but_for_its_file(desk):
    typed = {"kind": "hospital", **date_parts("first_day", 1, 2, 2026)}

    made, page, _ = added_from(desk, LISTS, typed)

    content = page.content.decode()
    assert chosen_option(made) in content
    assert 'name="first_day-month" type="text" value="2"' in content
    assert "Choose the file once more." in text_of(page)


def test_what_is_being_keyed_in_comes_back_as_it_was_typed(desk):
    typed = {"came_by": "letter", "teller": "Caller Name", "arrived_time": "noonish"}
    typed |= date_parts("arrived_on", 1, 2, 26)

    made, page, at = added_from(desk, keying.START, typed)

    content = page.content.decode()
    assert chosen_option(made) in content and 'value="Caller Name"' in content
    assert 'value="letter" checked' in content and 'value="noonish"' in content
    assert 'name="arrived_on-year" type="text" value="26"' in content
    assert "There is a problem" not in content
    desk.post(at, keying.arrival(organisation=str(made.pk), teller="Caller Name"))
    assert not Draft.objects.filter(kind=organisation_choice.KIND).exists()
    draft = Draft.objects.get(kind=KEYED)
    keying.fill(desk, draft, "when", keying.boxes("date_of_death", keying.YESTERDAY))
    about_them = desk.get(keying.place("page", draft, "notifier")).content.decode()
    assert 'value="Invented Hospice"' in about_them and 'value="Caller Name"' in about_them
    keying.fill_all(desk, draft)
    keying.press_keep(desk, draft)
    assert Notification.objects.get().organisation == made


def test_to_add_an_organisation_leaves_no_notification_that_nobody_meant(desk):
    desk.post(keying.START, {"came_by": "letter", "add_organisation": "yes"})

    assert not Draft.objects.filter(kind=KEYED).exists()
    assert "Notification that you began to key in" not in text_of(desk.get(reverse("home")))
    assert 'value="letter" checked' not in desk.get(keying.START).content.decode()


def test_a_first_page_that_was_saved_before_leads_there_too_and_keeps_the_change(desk):
    draft = keying.begin(desk)
    at = keying.place("arrival", draft)
    version = keying.version_on(desk.get(at))

    _, page, _ = added_from(desk, at, keying.arrival(teller="Other Caller") | {"version": version})

    assert 'value="Other Caller"' in page.content.decode()


def test_going_back_without_adding_loses_nothing(desk):
    away = desk.post(SYSTEMS, {"name": "Record of Ours", "add_organisation": "yes"})

    page = desk.get(away.url).content.decode()

    back = f"{SYSTEMS}?organisation="
    assert f'href="{back}"' in page
    assert 'value="Record of Ours"' in desk.get(back).content.decode()
    assert not Organisation.objects.exists()


def test_what_one_person_typed_is_put_back_for_nobody_else(desk, client, coordinator):
    desk.post(SYSTEMS, {"name": "Record of Ours", "add_organisation": "yes"})
    other = person("deputy_coordinator")

    page = sign_in(client, other).get(f"{SYSTEMS}?organisation=").content.decode()

    assert "Record of Ours" not in page


@pytest.mark.parametrize(
    "address", ["https://invented.example/", "//invented.example/", "javascript:x", r"/\x.example"]
)
def test_nobody_is_led_out_of_this_system(desk, address):
    page = desk.post(f"{ADD}?back={address}", HOSPICE)

    assert page.url == "/organisations/"
    assert address not in desk.get(f"{ADD}?back={address}").content.decode()


def test_who_may_not_add_one_is_led_nowhere(client, chair):
    page = sign_in(client, chair).post(SYSTEMS, {"name": "x", "add_organisation": "yes"})

    assert page.status_code == 404
    assert not Draft.objects.filter(kind=organisation_choice.KIND).exists()


def test_an_organisation_that_comes_from_nowhere_is_simply_listed(desk):
    assert "Invented Hospice" in text_of(post(desk, ADD, **HOSPICE))
