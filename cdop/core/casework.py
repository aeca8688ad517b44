"""What one page gathers from several stages: tasks, panels of a case, events.

``settings.CASEWORK`` names the stages' ``work`` modules in reading order. Each may have
``tasks_for(user)``, ``on_case(case, user)``, ``panel_about(references, user)`` where it knows
things by their references alone, and ``facts_changed(case, by)`` where something of it hangs on
the facts. ``waiting_for(user, what)`` lists the cases that wait for something of
``WAITED_FOR``. ``why_not_leave(case)`` says why a case cannot leave the way to the panel, and
``why_not_close(case)`` why one cannot be closed; ``case_stopped(case, reason, by)`` stops what a
stage has begun on it. ``ahead(case)`` gives what is put down for the days to come.
``missing_for_panel(cases)`` says by the key of each case what a stage still misses before the
panel meets on it, whether or not it is ready. ``agenda_states(items, user)``,
``minutes_of(items)`` and ``countdown(items)`` are what later stages say of the cases of a meeting:
on its page, in its minutes and on the list of what is open before it.
``why_not_write_to_family(reference)`` is answered where a stage knows whether the death is
confirmed, and ``told_by(case, user)`` where it knows who sent what stands behind a case.
``clocks_of(case)`` gives the clocks of tasks that a later stage has started.
``names_in(words, case, by)`` is answered where a stage can find in a text what would name somebody.
``organisations_named()`` says how often its records name each organisation, and
``why_not_end_organisation(organisation)`` what of one still goes on by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from cdop.core.audit import Job
    from cdop.core.users import User


@dataclass(frozen=True)
class Task:
    """One line of a home page: what to do, where, by when.

    count   how many such things wait, where the line stands for several
    """

    text: str
    href: str
    due_at: datetime | None = None
    overdue: bool = False
    count: int | None = None
    stage: str = ""


@dataclass(frozen=True)
class Wait:
    """One case on the list of what is waited for.

    what   the code of ``WAITED_FOR``
    text   what exactly, in words
    owner  whose it is, where somebody of the team has it
    """

    reference: str
    what: str
    text: str
    href: str
    since: date
    owner: str = ""


WAITED_FOR: Mapping[str, str] = {
    "inquest": "Inquest",
    "post_mortem": "Post-mortem",
    "agency": "Agencies",
    "review": "Other reviews and proceedings",
    "panel": "Other panels",
}
"""What cases wait for, by code, in the order of the list."""


@dataclass(frozen=True)
class CasePanel:
    """One section of the case page: a stage's words on where it stands, and its links.

    whose  in whose hands that is which is overdue
    """

    title: str
    status: str
    lines: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    overdue: bool = False
    whose: str = ""


@dataclass(frozen=True)
class Event:
    """One line of a case's timeline."""

    at: datetime
    text: str
    stage: str


@dataclass(frozen=True)
class Told:
    """Who told us of a death by one notification.

    who       in words that name nobody, such as "Midwife, The public form"
    same      what shows that the first notifier sent it as well, in words; "" where nothing does
    corrects  what it says it corrects, in words, such as "corrects N-4K7M-2QX9"; "" for none
    """

    who: str
    same: str
    corrects: str = ""


@dataclass(frozen=True)
class Named:
    """How often records of one kind name organisations, by the organisation's key.

    where  as a heading has it, such as "Notifications"
    """

    where: str
    counts: Mapping[int, int]


@dataclass(frozen=True)
class OnCase:
    """What one stage says on the page of a case, all of it out of the same rows, read once.

    panel       its section, if it has one for this person
    events      its lines of the timeline, in any order
    references  of what stands behind the case, besides its own: messages may be about them
    """

    panel: CasePanel | None = None
    events: tuple[Event, ...] = ()
    references: tuple[str, ...] = ()


def stages() -> list[ModuleType]:
    """The ``work`` modules of all stages, in reading order."""
    return [import_module(name) for name in settings.CASEWORK]


def tasks_for(user: User) -> list[Task]:
    """What this person has to do, stage by stage, overdue first within each."""
    return list(_gather("tasks_for", user))


def waiting_for(user: User, what: str) -> list[Wait]:
    """The cases that this person sees and that wait for one thing, longest first."""
    found: Iterable[Wait] = _gather("waiting_for", user, what)
    return sorted(found, key=lambda wait: (wait.since, wait.reference))


def on_case(case: Any, user: User) -> tuple[list[CasePanel], list[Event]]:
    """What the stages say on the page of a case: their sections, and the timeline, oldest first."""
    said: list[OnCase] = list(_gather_one("on_case", case, user))
    events = [event for each in said for event in each.events]
    about = [case.reference, *(reference for each in said for reference in each.references)]
    panels = [*(each.panel for each in said), *_gather_one("panel_about", about, user)]
    return list(filter(None, panels)), sorted(events, key=lambda event: event.at)


def ahead(case: Any) -> list[Event]:
    """What the stages have put down for the days to come, soonest first."""
    found: list[Event] = list(_gather("ahead", case))
    return sorted(found, key=lambda event: event.at)


def facts_changed(case: Any, by: User | Job) -> None:
    """Let each stage follow a correction of the facts or clocks, within the act that made it."""
    for stage in stages():
        if follow := getattr(stage, "facts_changed", None):
            follow(case, by)


def why_not_write_to_family(reference: str) -> str:
    """Why nothing about this reference may go to a family now; "" means that it may.

    A stage answers None where the reference is none of its own. At least one has to answer: what
    nobody knows to be confirmed is not.
    """
    answers = list(_gather_one("why_not_write_to_family", reference))
    known = [answer for answer in answers if answer is not None]
    if not known:
        return "Nothing here says that this death is confirmed."
    return " ".join(filter(None, known))


def told_by(case: Any, user: User) -> dict[str, Told]:
    """By reference, who told us of the death of a case."""
    found: dict[str, Told] = {}
    for each in _gather_one("told_by", case, user):
        found |= each
    return found


def why_not_leave(case: Any) -> str:
    """Why a case cannot leave the way to the panel now, by the first stage that holds it."""
    return next(filter(None, _gather_one("why_not_leave", case)), "")


def why_not_close(case: Any) -> str:
    """Why a reviewed case cannot be closed yet, by the first stage that holds it."""
    return next(filter(None, _gather_one("why_not_close", case)), "")


def missing_for_panel(cases: Sequence[Any]) -> dict[int, list[str]]:
    """What each of these cases still misses before the panel meets on it, by its key; no other."""
    found: dict[int, list[str]] = {}
    for said in _gather_one("missing_for_panel", cases):
        for key, sentences in said.items():
            found.setdefault(key, []).extend(sentences)
    return found


def case_stopped(case: Any, reason: str, by: User | Job) -> None:
    """Let each stage stop what it has begun on a case that goes no further, within the act."""
    for stage in stages():
        if stop := getattr(stage, "case_stopped", None):
            stop(case, reason, by)


def clocks_of(case: Any) -> dict[str, datetime | None]:
    """By name, when each clock that a stage has started for the tasks of a case began."""
    return {name: at for clocks in _gather_one("clocks_of", case) for name, at in clocks.items()}


def names_in(words: str, case: Any, by: User) -> list[str]:
    """What in the words would name a child or its family to the panel, in a sentence each."""
    return list(_gather("names_in", words, case, by))


def organisations_named() -> list[Named]:
    """Where organisations are named, and how often each, in reading order."""
    return list(_gather("organisations_named"))


def why_not_end_organisation(organisation: Any) -> str:
    """Why an organisation cannot go out of use now, by the first stage that still works with it."""
    return next(filter(None, _gather_one("why_not_end_organisation", organisation)), "")


def _gather(name: str, *args: Any) -> Iterable[Any]:
    for stage in stages():
        if provider := getattr(stage, name, None):
            yield from provider(*args)


def _gather_one(name: str, *args: Any) -> Iterable[Any]:
    for stage in stages():
        if provider := getattr(stage, name, None):
            yield provider(*args)
