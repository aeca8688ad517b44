"""Several tasks settled at once, which were due before this system was told: all, or none."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from cdop.cases import actions as cases
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused, Stale
from cdop.rapid_response import actions, queries
from cdop.rapid_response.states import ItemState
from tests.cast import TESTS
from tests.makers import opened_case
from tests.pages import sign_in, text_of

DIED_AT = datetime(2014, 5, 6, 21, 0, tzinfo=UTC)
WHY = "The old system did not say."


@pytest.fixture
def case(db):
    made = opened_case(died_at=DIED_AT, notified_at=DIED_AT + timedelta(days=14))
    actions.start(made, by=TESTS)
    return made


def address(case):
    return reverse("rapid_response:settle_several", args=[case.reference])


def waiting(case):
    """The open tasks that were due before we were told, in order."""
    return [line.item for line in queries.lines(case) if line.passed and line.is_open]


def ticks(items):
    return [f"{item.task}:{item.version}" for item in items]


def seen(items):
    return {item.task: item.version for item in items}


def settled(case):
    return list(case.checklist.exclude(state="open").values_list("state", "note", "settled_by"))


@pytest.mark.parametrize("outcome", ["not_done", "not_applicable"])
def test_those_that_are_ticked_are_settled_with_one_reason_and_no_others(
    client, coordinator, case, outcome
):
    one, two, *others = waiting(case)
    said = {"tasks": ticks([one, two]), "outcome": outcome, "note": WHY}

    page = sign_in(client, coordinator).post(address(case), said, follow=True)

    assert settled(case) == [(outcome, WHY, coordinator.pk)] * 2
    assert waiting(case) == others
    label = ItemState(outcome).label
    assert f"2 tasks are recorded as {label}." in text_of(page)


def test_each_has_its_own_history_and_its_own_entry(coordinator, case):
    items = waiting(case)

    actions.settle_several(case, seen(items), ItemState.NOT_DONE, by=coordinator, reason=WHY)

    entries = AuditEntry.objects.filter(action="checklistitem.not_done", case_number=case.pk)
    assert [entry.subject for entry in entries.order_by("number")] == [
        f"checklistitem:{item.pk}" for item in items
    ]
    for item in items:
        latest = item.history.order_by("-version").first()
        assert (latest.state, latest.note, latest.history_user) == ("not_done", WHY, coordinator)
        assert latest.done_at is None


def test_where_one_was_settled_meanwhile_none_is_and_the_page_says_which(
    client, coordinator, doctor, case
):
    cases.give_access(case, doctor, by=TESTS, ends_on=None)
    one, two, three, *_ = waiting(case)
    said = {"tasks": ticks([one, two, three]), "outcome": "not_done", "note": WHY}
    actions.complete(two, by=doctor, done_at=two.due_at)
    before = AuditEntry.objects.count()

    page = sign_in(client, coordinator).post(address(case), said)

    changed = next(line for line in queries.lines(case) if line.item.pk == two.pk)
    assert page.status_code == 409
    assert f"meanwhile: “{changed.task.label}” (done)." in text_of(page)
    assert WHY in text_of(page)
    html = page.content.decode()
    assert [f'value="{tick}" checked' in html for tick in ticks([one, three])] == [True, True]
    assert f"{two.task}:" not in html
    assert (len(settled(case)), AuditEntry.objects.count()) == (1, before)

    again = client.post(address(case), said | {"tasks": ticks([one, three])})
    assert again.status_code == 302 and len(settled(case)) == 3


def test_one_that_was_settled_and_opened_again_comes_back_ticked_as_it_is_now(
    client, coordinator, case
):
    one, two, *_ = waiting(case)
    said = {"tasks": ticks([one, two]), "outcome": "not_done", "note": WHY}
    actions.set_aside(one, by=coordinator, reason="By mistake.")
    actions.open_again(case.checklist.get(pk=one.pk), by=coordinator)

    page = sign_in(client, coordinator).post(address(case), said)

    html = page.content.decode()
    assert page.status_code == 409 and settled(case) == []
    assert f'value="{one.task}:{one.version + 2}" checked' in html


def test_several_are_never_marked_as_done(client, coordinator, case):
    one, *_ = waiting(case)
    said = {"tasks": ticks([one]), "outcome": "done", "note": WHY}

    page = sign_in(client, coordinator).post(address(case), said)

    assert page.status_code == 200 and settled(case) == []
    with pytest.raises(ValueError, match="say when"):
        actions.settle_several(case, seen([one]), ItemState.DONE, by=coordinator, reason=WHY)


@pytest.mark.parametrize(
    ("left_out", "sentence"),
    [("tasks", "Tick the tasks"), ("outcome", "Select what is known"), ("note", "Say why")],
)
def test_what_is_missing_is_asked_for_and_the_rest_is_kept(
    client, coordinator, case, left_out, sentence
):
    one, *_ = waiting(case)
    said = {"tasks": ticks([one]), "outcome": "not_done", "note": WHY}
    del said[left_out]

    page = sign_in(client, coordinator).post(address(case), said)

    assert sentence in text_of(page) and settled(case) == []
    assert left_out == "note" or WHY in text_of(page)


@pytest.mark.parametrize("tick", ["x", "nothing:1", ":", "visit:" + "9" * 5000, "decide_visit:-1"])
def test_a_tick_that_no_page_offered_settles_nothing(client, coordinator, case, tick):
    said = {"tasks": [*ticks(waiting(case)[:1]), tick], "outcome": "not_done", "note": WHY}

    page = sign_in(client, coordinator).post(address(case), said)

    assert "Tick the tasks again" in text_of(page) and settled(case) == []


def test_a_task_that_was_not_due_before_we_were_told_is_not_among_them(client, coordinator, case):
    other = next(line.item for line in queries.lines(case) if not line.passed)
    said = {"tasks": ticks([other]), "outcome": "not_done", "note": WHY}

    page = sign_in(client, coordinator).post(address(case), said)

    assert "Tick the tasks again" in text_of(page) and settled(case) == []


def test_all_are_ticked_where_that_is_asked(client, coordinator, case):
    sign_in(client, coordinator)

    none, every = (client.get(address(case) + query) for query in ("", "?all=1"))

    assert none.content.decode().count(" checked") == 0
    assert every.content.decode().count(" checked") == len(waiting(case))


def test_the_doctor_of_the_case_may_and_one_without_the_case_may_not(
    client, coordinator, doctor, case
):
    said = {"tasks": ticks(waiting(case)[:1]), "outcome": "not_done", "note": WHY}
    assert sign_in(client, doctor).post(address(case), said).status_code == 404
    cases.give_access(case, doctor, by=coordinator, ends_on=None)

    assert client.post(address(case), said).status_code == 302
    assert [state for state, *_ in settled(case)] == ["not_done"]


@pytest.mark.parametrize("who", ["chair", "member", "reader", "governance_lead", "stranger"])
def test_for_everybody_else_it_is_not_there(client, request, case, who):
    other = request.getfixturevalue(who)
    said = {"tasks": ticks(waiting(case)[:1]), "outcome": "not_done", "note": WHY}
    sign_in(client, other)

    assert client.get(address(case)).status_code == 404
    assert client.post(address(case), said).status_code == 404
    with pytest.raises(Refused) as refused:
        actions.settle_several(
            case, seen(waiting(case)[:1]), ItemState.NOT_DONE, by=other, reason=WHY
        )
    assert (refused.value.status, settled(case)) == (403, [])


def test_a_version_that_is_not_there_any_more_is_stale(coordinator, case):
    items = waiting(case)
    old = seen(items) | {items[-1].task: items[-1].version + 1}

    with pytest.raises(Stale):
        actions.settle_several(case, old, ItemState.NOT_DONE, by=coordinator, reason=WHY)

    assert settled(case) == []


def test_checklist_and_list_lead_there_while_there_is_something(client, coordinator, case):
    sign_in(client, coordinator)
    checklist = reverse("rapid_response:checklist", args=[case.reference])
    places = (checklist, reverse("rapid_response:passed"))
    before = [address(case) in client.get(place).content.decode() for place in places]

    items = waiting(case)
    actions.settle_several(case, seen(items), ItemState.NOT_APPLICABLE, by=coordinator, reason=WHY)

    after = [address(case) in client.get(place).content.decode() for place in places]
    assert (before, after) == ([True, True], [False, False])
    assert "No open task of this case was due" in text_of(client.get(address(case)))


def test_the_page_takes_no_more_queries_for_more_tasks(
    client, coordinator, case, django_assert_max_num_queries
):
    sign_in(client, coordinator).get(address(case))
    with django_assert_max_num_queries(20):
        client.get(address(case))
