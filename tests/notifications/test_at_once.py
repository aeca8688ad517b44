"""Two people who decide at the same moment: the second waits, and sees what the first did.

Each test holds the first act open until the second one waits for it, on either database.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import sleep
from uuid import uuid4

import pytest
from django.db import connections
from django.utils import timezone

from cdop.cases import actions, links
from cdop.cases.models import Case, CaseFacts
from cdop.cases.states import ConfirmationState
from cdop.core.audit import act
from cdop.core.refusals import Refused
from notifications import legacy_actions, legacy_checks, undoing
from notifications.models import LegacyImport, Notification
from tests.cast import person
from tests.notifications.legacy.importing import brought_in, case_of, read
from tests.notifications.legacy.sheets import ALL, as_csv
from tests.notifications.triage import accepted, attached, received

LONG_ENOUGH = 1
"""Seconds in which the second has certainly begun, and waits for the first."""
STAYS = "Somebody has worked on cases of this import since, so it stays."
PATIENCE = 20
"""Seconds after which one of two has certainly failed."""


def both(first: Callable[[], object], second: Callable[[], object]) -> list[str]:
    """What became of two acts, of which the second begins before the first has ended."""
    begun = Event()

    def one() -> None:
        with act():
            first()
            begun.set()
            sleep(LONG_ENOUGH)

    def other() -> None:
        begun.wait()
        second()

    return at_once(one, other)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What became of acts that begin at the same moment."""
    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result() for done in [pool.submit(told, each) for each in acts]]


def told(what: Callable[[], object]) -> str:
    """What a person is told of an act: "done", or why not."""
    try:
        what()
    except Refused as refused:
        return refused.reason
    finally:
        connections.close_all()
    return "done"


@pytest.fixture
def coordinators(committed_database):
    return person("coordinator", "One"), person("coordinator", "Two")


def withdrawn(case, by):
    row = Case.objects.get(pk=case.pk)
    said = {"version": row.version, "reason": "The ward knows of no such child."}
    undoing.withdraw(row, ConfirmationState.HOAX, by=by, **said)


def test_a_hoax_is_not_counted_because_somebody_decides_at_once_that_it_is_reviewed(coordinators):
    one, other = coordinators
    case = accepted(received(), one)

    outcomes = both(
        lambda: withdrawn(case, one),
        lambda: actions.change_scope(case, in_scope=True, reason="It is ours.", by=other),
    )

    assert outcomes == ["done", "This case is withdrawn. What it says stays as it was."]
    assert Case.objects.get().state == "withdrawn"
    assert not CaseFacts.objects.filter(in_scope=True).exists()


def test_a_case_is_not_ready_that_was_withdrawn_at_once(coordinators):
    one, other = coordinators
    case = accepted(received(), one)

    _, said = both(lambda: withdrawn(case, one), lambda: actions.make_ready(case, by=other))

    assert said != "done"
    assert Case.objects.get().state == "withdrawn"


def test_twins_who_are_accepted_at_once_are_linked(coordinators):
    one, other = coordinators
    family = uuid4()
    first, second = received(together=family), received(together=family, given_names="Bbbb")

    outcomes = both(lambda: accepted(first, one), lambda: accepted(second, other))

    assert outcomes == ["done", "done"]
    assert Case.objects.count() == 2
    [link] = links.Link.objects.all()
    assert {link.case, link.other} == set(Case.objects.all())


def test_twins_of_whom_one_is_attached_while_the_other_is_accepted_are_linked(coordinators):
    one, other = coordinators
    family = uuid4()
    known = accepted(received(given_names="Cccc"), one)
    first, second = received(together=family), received(together=family, given_names="Bbbb")

    outcomes = both(lambda: attached(first, known, one), lambda: accepted(second, other))

    assert outcomes == ["done", "done"]
    assert links.Link.objects.count() == 1


def test_an_import_is_not_undone_under_a_notification_that_is_attached_at_once(coordinators):
    one, other = coordinators
    batch, told = brought_in(by=other), received()
    undo = {"by": other, "version": batch.version, "reason": "The wrong sheet."}

    outcomes = both(
        lambda: attached(told, case_of(5), one), lambda: legacy_actions.undo(batch, **undo)
    )

    told, batch = Notification.objects.get(pk=told.pk), LegacyImport.objects.get(pk=batch.pk)
    assert outcomes == ["done", f"{STAYS} They came from lines 5."]
    assert (told.state, told.case.state, batch.state) == ("attached", "gathering", "imported")
    assert not Case.objects.filter(state="withdrawn").exists()


ALREADY = "This very file was brought in already: import {}."
OTHER_ORDER = ALL[::-1]


@pytest.mark.parametrize(
    ("rows", "said"), [(ALL, ALREADY), (OTHER_ORDER, legacy_actions.MEANWHILE)]
)
def test_two_people_who_bring_the_same_children_in_at_once_bring_them_in_once(
    rows, said, coordinators, monkeypatch
):
    one, other = coordinators
    mine, theirs = read(by=one), read(rows, by=other)
    both_checked, check = Barrier(2), legacy_checks.check

    def together(*args, **named):
        checked = check(*args, **named)
        both_checked.wait(PATIENCE)
        return checked

    monkeypatch.setattr(legacy_checks, "check", together)
    outcomes = at_once(
        lambda: legacy_actions.bring_in(mine, by=one, version=mine.version),
        lambda: legacy_actions.bring_in(theirs, by=other, version=theirs.version),
    )

    done = LegacyImport.objects.get(state="imported")
    assert sorted(outcomes) == sorted(["done", said.format(done)])
    assert Case.objects.count() == 4


def test_a_file_that_two_commands_bring_in_at_once_comes_in_once(coordinators):
    content, (one, other) = as_csv(ALL), coordinators
    checked = legacy_checks.check(content, timezone.now(), by=one)

    outcomes = both(
        lambda: legacy_actions.bring_in_at_once(content, checked, {}, by=one),
        lambda: legacy_actions.bring_in_at_once(content, checked, {}, by=other),
    )

    assert outcomes[0] == "done" and outcomes[1].startswith("This very file was brought in")
    assert (Case.objects.count(), LegacyImport.objects.count()) == (4, 1)


def test_a_notification_is_not_attached_to_a_case_whose_import_is_undone_at_once(coordinators):
    one, other = coordinators
    batch, told = brought_in(by=other), received()
    undo = {"by": other, "version": batch.version, "reason": "The wrong sheet."}
    case = case_of(5)

    outcomes = both(lambda: legacy_actions.undo(batch, **undo), lambda: attached(told, case, one))

    assert outcomes == ["done", "This case is withdrawn. Nothing can be put to it."]
    assert Notification.objects.get(pk=told.pk).case is None
