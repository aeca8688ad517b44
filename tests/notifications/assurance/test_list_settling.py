"""Every difference between a list and what was notified, settled, and counts that add up."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdop.core.refusals import Refused
from notifications import decisions
from notifications.assurance import lists, settling
from notifications.assurance.models import DeathList, ListedDeath, NotListed
from notifications.assurance.settling import Counts
from notifications.models import Notification
from tests.makers import HALTON, opened_case
from tests.notifications.assurance.makers import (
    DIED_ON,
    NHS,
    a_case,
    a_line,
    address,
    notified,
    organisation,
    taken_in,
)
from tests.pages import text_of

# Not notified


def test_a_death_that_was_not_notified_becomes_a_notification_in_one_step(desk):
    where = organisation("Invented Register Office", "registrar")
    made = taken_in(a_line(place="Ward 7", own_reference="Entry 12"), organisation=where.pk)
    line = made.lines.get()

    answer = desk.post(address("notify_line", line.pk), {"version": 1})

    sent = Notification.objects.get()
    assert answer.url == address("notification", sent.reference)
    assert (sent.route, sent.organisation, sent.state) == ("list", where, "received")
    assert sent.answers == {
        "date_of_death": "2026-01-10",
        "date_of_birth": "2025-12-01",
        "given_names": "Aaaa",
        "family_name": "Listed-Child",
        "nhs_number": "9990000123",
        "place_of_death_name": "Ward 7",
        "other_information": "Their own reference: Entry 12",
        "notifier_organisation": "Invented Register Office",
    }
    line.refresh_from_db()
    assert (line.state, line.notification) == ("notified", sent)
    assert desk.get(address("notification", sent.reference)).status_code == 200


def test_what_a_hospital_lists_arrives_by_its_list(coordinator):
    line = taken_in(a_line(), kind="hospital").lines.get()

    assert settling.notify(line, by=coordinator, version=1).route == "list"


def test_a_second_press_makes_no_second_notification(desk):
    line = taken_in(a_line()).lines.get()
    desk.post(address("notify_line", line.pk), {"version": 1})

    again = desk.post(address("notify_line", line.pk), {"version": 1})

    assert again.status_code == 409
    assert Notification.objects.count() == 1


# Settled otherwise, undone


@pytest.mark.parametrize("reason", sorted(settling.NEEDS_A_NOTE))
def test_some_reasons_need_a_note(desk, reason):
    line = taken_in(a_line()).lines.get()

    page = desk.post(address("explain_line", line.pk), {"version": 1, "reason": reason})

    assert "Say more about it" in text_of(page)
    assert ListedDeath.objects.get().state == "open"


def test_what_was_settled_can_be_undone_and_is_open_again(desk, coordinator):
    line = taken_in(a_line()).lines.get()
    desk.post(address("explain_line", line.pk), {"version": 1, "reason": "error"})
    page = text_of(desk.get(address("listed_death", line.pk)))
    assert "Why The line is a mistake: those who listed it say so" in page

    desk.post(address("undo_line", line.pk), {"version": 2})

    line.refresh_from_db()
    assert (line.state, line.reason_code, line.settled_by) == ("open", "", None)
    assert ListedDeath.history.filter(reason_code="error").exists()


@pytest.mark.parametrize(
    ("born", "reason", "age"),
    [
        ("2019-12-01", "grown_up", "6 years"),
        ("2008-01-11", "grown_up", "17 years"),
        ("2026-01-09", "not_born_alive", "1 day"),
        ("2019-12-01", "termination", "6 years"),
    ],
)
def test_a_reason_that_the_dates_of_the_line_contradict_is_refused_beside_its_field(
    desk, coordinator, born, reason, age
):
    line = taken_in(a_line(date_of_birth=born)).lines.get()

    page = desk.post(address("explain_line", line.pk), {"version": 1, "reason": reason})

    assert f"the child died at the age of {age}." in text_of(page)
    assert f'value="{reason}" checked' in page.content.decode()
    assert 'href="#id_reason"' in page.content.decode()
    with pytest.raises(Refused, match=f"at the age of {age}"):
        settling.explain(line, by=coordinator, version=1, reason=reason)
    assert ListedDeath.objects.get().state == "open"


@pytest.mark.parametrize(
    ("born", "reason"),
    [
        ("", "grown_up"),
        ("", "not_born_alive"),
        ("2008-01-10", "grown_up"),
        ("2026-01-10", "not_born_alive"),
        ("2026-01-09", "termination"),
        ("2019-12-01", "error"),
    ],
)
def test_a_reason_stays_possible_where_the_dates_allow_it_or_one_is_missing(desk, born, reason):
    line = taken_in(a_line(date_of_birth=born)).lines.get()

    desk.post(address("explain_line", line.pk), {"version": 1, "reason": reason})

    assert (ListedDeath.objects.get().state, ListedDeath.objects.get().reason_code) == (
        "explained",
        reason,
    )


def test_the_note_is_called_what_it_is_and_says_when_it_is_needed(desk):
    case, made = a_case(), taken_in(a_line(nhs_number=NHS[4]))

    pages = [
        text_of(desk.get(address("explain_line", made.lines.get().pk))),
        text_of(desk.get(address("settle_absent", made.pk, case.reference))),
        text_of(desk.get(address("match_line", made.lines.get().pk))),
    ]

    assert "Needed where another panel reviews the death, where it stands on" in pages[0]
    assert "Needed for something else." in pages[1]
    assert not [page for page in pages if "(optional)" in page]


# Notified, but not on the list


def test_what_was_notified_and_is_not_on_the_list_is_shown_until_it_is_settled(desk, coordinator):
    case, sent, earlier = a_case(), notified(), a_case(died_on=date(2025, 12, 31))
    made = taken_in(a_line(nhs_number=NHS[4], family_name="Qqqq"))
    page = text_of(desk.get(address("death_list", made.pk)))
    assert "2 deaths of these days, 2 to settle." in page
    assert f"{case.reference} 10 January 2026 To settle" in page
    assert f"{sent.reference} 10 January 2026 To settle" in page
    assert earlier.reference not in page

    for what in (case, sent):
        desk.post(
            address("settle_absent", made.pk, what.reference), {"reason": "not_yet", "note": ""}
        )

    page = text_of(desk.get(address("death_list", made.pk)))
    assert "2 deaths of these days, 0 to settle." in page
    assert f"{case.reference} 10 January 2026 Settled Not registered yet" in page


def test_such_a_difference_can_stand_open_again(desk, coordinator):
    case, made = a_case(), taken_in(a_line(nhs_number=NHS[4]))
    page = address("settle_absent", made.pk, case.reference)
    desk.post(page, {"reason": "not_yet"})

    desk.post(page, {"undo": "yes"})

    absent = lists.absent(DeathList.objects.get(pk=made.pk), coordinator)
    assert [each.is_settled for each in absent] == [False]
    assert NotListed.objects.count() == 1


def test_a_difference_for_another_reason_needs_a_note(desk):
    case, made = a_case(), taken_in(a_line(nhs_number=NHS[4]))

    page = desk.post(address("settle_absent", made.pk, case.reference), {"reason": "other"})

    assert "Say what it is." in text_of(page)
    assert not NotListed.objects.exists()


def test_a_list_of_one_area_expects_the_children_who_lived_there(coordinator):
    halton, elsewhere = a_case(), opened_case(area=None, died_on=DIED_ON)
    made = taken_in(a_line(nhs_number=NHS[4]), area=HALTON)

    assert [each.what for each in lists.absent(made, coordinator)] == [halton]
    everywhere = taken_in(a_line(nhs_number=NHS[4]))
    assert {each.what for each in lists.absent(everywhere, coordinator)} == {halton, elsewhere}


def test_a_hospitals_list_expects_the_deaths_of_which_it_told_us(coordinator):
    where = organisation()
    told, other = notified(organisation=where), notified(nhs_number=NHS[1])
    made = taken_in(a_line(nhs_number=NHS[4]), kind="hospital", organisation=where.pk)

    assert [each.what for each in lists.absent(made, coordinator)] == [told]
    for sent in (told, other):
        decisions.accept(sent, by=coordinator, version=1, area=None, in_scope=True)
    told.refresh_from_db()
    assert [each.what for each in lists.absent(made, coordinator)] == [told.case]


# Counts that add up


choices = st.lists(st.sampled_from(["match", "explain", "notify", "undo"]), max_size=12)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(choices)
def test_whatever_is_decided_every_line_is_counted_once(coordinator, chosen):
    made = taken_in(*(a_line(nhs_number=number) for number in NHS[:3]), by=coordinator)
    cases = [a_case(number) for number in NHS[:3]]
    for order, choice in enumerate(chosen):
        line = list(made.lines.all())[order % 3]
        told = {"by": coordinator, "version": line.version}
        acts = {
            "match": lambda line=line, told=told, n=order % 3: settling.match(
                line, case=cases[n], **told
            ),
            "explain": lambda line=line, told=told: settling.explain(line, reason="error", **told),
            "notify": lambda line=line, told=told: settling.notify(line, **told),
            "undo": lambda line=line, told=told: settling.undo(line, **told),
        }
        try:
            acts[choice]()
        except Refused:
            continue

    counts = Counts.of(lists.lines(made))

    assert counts.total == 3
    assert counts.matched + counts.notified + counts.explained + counts.open == counts.total
    expected = {each.what for each in lists.absent(made, coordinator) if each.what in cases}
    assert len(expected) == 3 - counts.matched
