"""Signals: owned, decided by a day, taken further, closed, and never read by what is published."""

from http import HTTPStatus

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from cdop.cases import actions, signal_work, signals
from cdop.cases.signals import Signal, SignalCase
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused, Stale
from tests.cast import person
from tests.cdop.cases.holding_up import in_days, parts
from tests.cdop.cases.signalling import raised
from tests.guard import Forbidden, nothing_forbidden
from tests.makers import opened_case
from tests.pages import sign_in, text_of

LIST = reverse("cases:signals")


def decided(signal, by, **said):
    told = {"decision": "Ask the trust.", "decided_by": "Chair", "decided_on": in_days(0)}
    told |= {"due_on": in_days(30), "version": signal.version}
    return signals.decide(signal, by=by, **(told | said))


def escalated(signal, by, **said):
    told = {"decision": "Not ours alone.", "decided_by": "Chair", "decided_on": in_days(0)}
    told |= {"due_on": in_days(30), "version": signal.version}
    told |= {"escalated_to": "The national body"}
    return signals.escalate(signal, by=by, **(told | said))


def url(name, signal):
    return reverse(f"cases:{name}", args=[signal.pk])


def test_a_signal_goes_from_open_to_decided_to_taken_further_to_closed(coordinator, case):
    signal = escalated(decided(raised(case, coordinator), coordinator), coordinator)
    signal = signals.close(
        signal, outcome="Nothing in common.", by=coordinator, version=signal.version
    )

    states = list(Signal.history.order_by("version").values_list("state", flat=True))
    assert states == ["open", "decided", "escalated", "closed"]
    assert (signal.due_on, signal.closed_on) == (None, in_days(0))


def test_a_closed_signal_is_open_again_when_something_new_is_known(coordinator, case):
    signal = decided(raised(case, coordinator), coordinator)
    signal = signals.close(signal, outcome="Nothing.", by=coordinator, version=signal.version)

    again = signals.take_up(signal, due_on=in_days(7), by=coordinator, version=signal.version)

    assert (again.state, again.decision, again.outcome) == ("open", "", "")


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda s, by: decided(s, by, decision=" "), "Say what was decided, and who decided it"),
        (lambda s, by: decided(s, by, decided_on=in_days(1)), "today or in the past"),
        (lambda s, by: decided(s, by, due_on=in_days(200)), "within three months"),
        (lambda s, by: escalated(s, by, escalated_to=""), "Say to whom it is taken"),
        (
            lambda s, by: signals.close(s, outcome=" ", by=by, version=s.version),
            "Say what came of it",
        ),
        (
            lambda s, by: signals.close(s, outcome="No.", by=by, version=s.version),
            "cannot become closed",
        ),
    ],
    ids=["nothing", "future", "far", "to nobody", "no outcome", "not decided"],
)
def test_what_does_not_fit_is_refused(coordinator, case, act, sentence):
    signal, before = raised(case, coordinator), AuditEntry.objects.count()

    with pytest.raises(Refused, match=sentence):
        act(signal, coordinator)
    assert AuditEntry.objects.count() == before


def test_two_who_decide_at_once_are_not_written_over(coordinator, case):
    signal = raised(case, coordinator)
    decided(signal, coordinator)

    with pytest.raises(Stale):
        escalated(signal, coordinator)


def test_cases_are_added_and_taken_off_but_one_stays(coordinator, case):
    signal, other = raised(case, coordinator), opened_case()
    bound = signals.add_case(signal, other, by=coordinator)
    assert signals.add_case(signal, other, by=coordinator) == bound

    signals.remove_case(signal.cases.get(case=case), by=coordinator)
    with pytest.raises(Refused, match="at least one case"):
        signals.remove_case(SignalCase.objects.get(case=other), by=coordinator)

    assert list(signal.cases.filter(removed=False).values_list("case", flat=True)) == [other.pk]


def test_no_later_stage_may_read_a_signal(coordinator, case):
    raised(case, coordinator)

    for model in (Signal, SignalCase):
        with pytest.raises(Forbidden), nothing_forbidden():
            model.objects.count()
    with nothing_forbidden(), connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM cdop_casefacts")


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"state": "closed"}, "signal_closed_when"),
        ({"due_on": None}, "signal_closed_when"),
        ({"state": "decided"}, "signal_decided_what"),
        (
            {
                "state": "escalated",
                "decision": "x",
                "decided_by": "x",
                "decided_on": in_days(0),
            },
            "signal_escalated_to",
        ),
    ],
    ids=["closed", "not due", "not decided", "to nobody"],
)
def test_the_database_keeps_no_half_of_a_signal(coordinator, case, changed, name):
    signal = raised(case, coordinator)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Signal.objects.filter(pk=signal.pk).update(**changed)


# Tasks and pages


def test_a_signal_to_decide_is_a_task_and_later_one_when_it_is_due(coordinator, chair, case):
    nurse = person("cdop_nurse", "Nurse Invented")
    signal = raised(case, coordinator, owner=nurse)
    [task] = signal_work.tasks_for(coordinator)
    assert (task.text, task.overdue) == (
        "Signal, two or more deaths in one hospital unit: decide, Nurse Invented",
        False,
    )

    decided(signal, coordinator)
    assert signal_work.tasks_for(coordinator) == []
    Signal.objects.update(due_on=in_days(-1))
    [task] = signal_work.tasks_for(coordinator)
    assert task.overdue and "look again" in task.text
    assert signal_work.tasks_for(chair) == []


def test_a_signal_is_raised_decided_and_closed_by_the_pages(client, coordinator, case):
    sign_in(client, coordinator)
    due = parts("due_on", in_days(14))
    new = {"kind": "suicide", "about": "Noticed.", "owner": coordinator.pk, "version": 0} | due
    at = reverse("cases:new_signal", args=[case.reference])
    assert "Choose what it points to" in text_of(client.post(at, new | {"kind": ""}))
    assert client.post(at, new).url == LIST

    signal = Signal.objects.get()
    assert "Suspected suicide" in text_of(client.get(LIST))
    assert "Signal raised" in text_of(client.get(reverse("cases:case", args=[case.reference])))
    decision = {"decision": "Tell the schools.", "decided_by": "Chair", "version": 1} | due
    client.post(url("decide_signal", signal), decision | parts("decided_on", in_days(0)))
    client.post(url("close_signal", signal), {"outcome": "All was done.", "version": 2})

    page = text_of(client.get(url("signal", signal)))
    assert "Tell the schools." in page and "All was done." in page


def test_a_case_is_added_by_its_reference(client, coordinator, case):
    signal, other = raised(case, coordinator), opened_case()
    sign_in(client, coordinator)
    wrong = text_of(client.post(url("signal", signal), {"reference": "C-0000-0000"}))
    assert "There is no case with this reference" in wrong

    client.post(url("signal", signal), {"reference": other.reference.lower()})
    bound = SignalCase.objects.get(case=other)
    assert other.reference in text_of(client.get(LIST))
    client.post(url("remove_from_signal", signal), {"bound": bound.pk})

    assert other.reference not in text_of(client.get(LIST))
    last = signal.cases.get(removed=False)
    refused = client.post(url("remove_from_signal", signal), {"bound": last.pk})
    assert refused.status_code == HTTPStatus.CONFLICT


def test_of_two_who_put_a_signal_right_the_later_sees_the_difference(client, coordinator, case):
    signal = raised(case, coordinator)
    sign_in(client, coordinator)
    said = {"kind": "unit", "owner": coordinator.pk, "version": 1} | parts("due_on", in_days(9))
    client.post(url("edit_signal", signal), said | {"about": "First."})

    answer = client.post(url("edit_signal", signal), said | {"about": "Second."})

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "First." in text_of(answer) and "Second." in text_of(answer)
    client.post(url("edit_signal", signal), said | {"about": "Second.", "version": 2})
    assert Signal.objects.get().about == "Second."


@pytest.mark.parametrize("who", ["chair", "member", "doctor", "reader", "governance_lead"])
def test_for_all_others_no_signal_is_there(client, request, coordinator, case, who):
    signal, user = raised(case, coordinator), request.getfixturevalue(who)
    if who == "doctor":
        actions.give_access(case, user, by=coordinator, ends_on=None)
    sign_in(client, user)

    for at in (LIST, url("signal", signal), url("close_signal", signal)):
        assert client.get(at).status_code == client.post(at).status_code == HTTPStatus.NOT_FOUND
    if who == "doctor":
        page = text_of(client.get(reverse("cases:case", args=[case.reference])))
        assert "Signal" not in page, "not even on a case that they are on"


def test_the_pages_ask_as_much_for_one_signal_as_for_many(
    client, coordinator, case, django_assert_num_queries, django_assert_max_num_queries
):
    signal = raised(case, coordinator)
    sign_in(client, coordinator)
    counts = {}
    for at in (LIST, url("signal", signal)):
        client.get(at)
        with django_assert_max_num_queries(15) as one:
            client.get(at)
        counts[at] = len(one)
    for _ in range(4):
        other = opened_case()
        raised(other, coordinator)
        signals.add_case(signal, other, by=coordinator)

    for at, number in counts.items():
        with django_assert_num_queries(number):
            client.get(at)
