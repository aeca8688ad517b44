"""What was decided before and looks like a new report: a withdrawn case, or one passed on."""

import pytest
from django.urls import reverse

from cdop.cases.states import ConfirmationState
from notifications import decisions, flags, likeness, queries, undoing
from notifications.assurance import settling
from notifications.assurance.listed import unseal
from tests.notifications.assurance.makers import a_line, taken_in
from tests.notifications.filling import text_of
from tests.notifications.triage import ANSWERS, accepted, passed_on, received, taken_over

STRANGER = {
    "given_names": "Ffff",
    "family_name": "Mockford",
    "date_of_birth": "2012-07-07",
    "nhs_number": "9990000212",
    "postcode": "CH1 1AA",
}


@pytest.fixture
def withdrawn(coordinator):
    """A case that was a mistake, about the child whom every test here reports once more."""
    case = accepted(received(), coordinator)
    why = {"version": case.version, "reason": "The ward rang: the child is well."}
    return undoing.withdraw(case, ConfirmationState.MISTAKEN, by=coordinator, **why)


def test_a_withdrawn_case_is_not_probably_the_same_child_but_named_apart(withdrawn, coordinator):
    again = received()
    seen = likeness.of(again, again.answers, coordinator)

    assert [each.case for each in seen.withdrawn] == [withdrawn]
    assert (seen.likely, seen.possible, seen.family) == ([], [], [])


def test_the_page_says_that_it_was_withdrawn(withdrawn, client, coordinator):
    client.force_login(coordinator)
    again = received()
    page = text_of(client.get(reverse("notifications:notification", args=[again.reference])))

    assert f"Withdrawn, and like this one {withdrawn.reference} :" in page
    assert "Probably the same child" not in page
    assert "No case has enough in common" not in page


def test_nothing_can_be_attached_to_it_and_no_list_names_it(withdrawn, coordinator):
    again = received()
    line, *_ = flags.flagged(queries.waiting(coordinator, again.received_at), coordinator)

    assert queries.alike(again.answers, coordinator, again) == []
    assert (line.notification, line.maybe) == (again, ())


def test_a_line_of_a_list_of_deaths_names_it_apart_too(withdrawn, client, coordinator):
    said = {name: ANSWERS[name] for name in ("given_names", "family_name", "nhs_number")}
    on_list = taken_in(a_line(**said), by=coordinator)
    line = on_list.lines.get()
    proposed = settling.proposals(line, unseal(line), coordinator)
    client.force_login(coordinator)
    page = text_of(client.get(reverse("notifications:listed_death", args=[line.pk])))

    assert ([each.case for each in proposed.withdrawn], proposed.cases) == ([withdrawn], ())
    assert f"Withdrawn, and like this one {withdrawn.reference}" in page


def test_a_withdrawn_case_with_little_in_common_is_not_named(withdrawn, coordinator):
    other = received(**STRANGER)
    seen = likeness.of(other, other.answers, coordinator)

    assert (seen.withdrawn, seen.likely) == ([], [])


@pytest.mark.parametrize("how", ["passed on", "taken over", "declined"])
def test_what_was_passed_on_or_declined_is_found_when_the_same_death_is_told_again(
    client, coordinator, how
):
    first = received()
    if how == "declined":
        said = {"reason": "elsewhere", "note": "The panel of Invented-Shire"}
        decisions.decline(first, by=coordinator, version=first.version, **said)
    else:
        {"passed on": passed_on, "taken over": taken_over}[how](first, coordinator)
    again, other = received(), received(**STRANGER)

    assert [each.notification for each in likeness.of(again, again.answers, coordinator).gone] == [
        first
    ]
    assert likeness.of(other, other.answers, coordinator).gone == []
    client.force_login(coordinator)
    page = text_of(client.get(reverse("notifications:notification", args=[again.reference])))
    assert f"Decided before, and probably the same child {first.reference}" in page
    assert f", {how}" in page
