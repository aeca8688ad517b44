"""The organisation that told us: proposed from what the notifier wrote, and said."""

import pytest

from notifications import tellers
from tests.makers import HALTON
from tests.notifications.filling import text_of
from tests.notifications.triage import PANEL, decide, organisation, page_of, received, the_one


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


DECISIONS = ["accept", "attach", "pass_on", "decline"]


@pytest.mark.parametrize("name", DECISIONS)
def test_an_organisation_that_is_only_alike_is_asked_about_and_not_chosen(desk, db, name):
    organisation()
    sent = received(notifier_organisation="Invented Hospital")

    page = desk.get(page_of(sent, name))

    asked = (
        "The notifier wrote: “Invented Hospital”. Is it Invented Hospital Trust? Then choose it."
    )
    assert asked in text_of(page)
    assert '<option value="" selected>Not in the list, or not known' in page.content.decode()


@pytest.mark.parametrize("name", DECISIONS)
def test_an_organisation_of_the_same_name_is_chosen_at_first(desk, db, name):
    trust = organisation()
    organisation("Invented Hospital Trusts")
    sent = received(notifier_organisation="  invented  HOSPITAL trust ")

    page = desk.get(page_of(sent, name))

    assert f'<option value="{trust.pk}" selected' in page.content.decode()
    assert "Is it" not in text_of(page)


def test_a_name_that_is_only_alike_counts_for_nobody_unless_it_is_chosen(desk, db):
    organisation()
    sent = received(notifier_organisation="Invented Hospital")

    decide(desk, sent, "decline", reason="test", organisation="")

    assert the_one().organisation is None


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
