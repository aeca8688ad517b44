"""All of an invented population: the meetings first, then the cases, batch by batch."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from analytics.synthesis import calendar as calendars
from analytics.synthesis import cases as files
from analytics.synthesis import checklists, deaths, findings, panel
from analytics.synthesis.calendar import Calendar
from analytics.synthesis.cases import Story
from analytics.synthesis.deaths import Death
from analytics.synthesis.marginals import chance
from analytics.synthesis.people import People
from analytics.synthesis.rows import insert, unused, write
from cdop import editions
from cdop.cases.models import Case, CaseFacts, IdentityToken
from cdop.core.audit import Job, act, record
from cdop.core.identifiers import new_reference
from cdop.core.users import User
from cdop.panel.models import AgendaItem, Meeting
from cdop.panel.states import ItemState
from cdop.reviews.content import Content

BATCH = 500


def populate(
    *,
    cases: int,
    seed: int,
    first: date,
    last: date,
    people: People,
    by: User | Job,
    finished: bool = False,
) -> None:
    """Write so many invented deaths, with all that a panel made of them, in one act.

    first, last  the first day on which one of the children can have died, and the last day on
                 which anything has happened
    people       in whose names the rows are written
    by           whom the audit chain names; it has one entry for the whole population
    finished     every death is notified, reviewed and closed within the span; else the last
                 ones stand wherever they came to by then

    The same arguments give the same facts, whenever and wherever they are written. Memory does
    not grow with the number of cases. Raises ValueError where the span is too short.
    """
    calendar = calendars.plan(cases, first, last, finished=finished)
    with act():
        writer = _Writer(seed, calendar, people, _meetings(seed, calendar, people))
        for start in range(0, cases, BATCH):
            writer.write(range(start, min(start + BATCH, cases)))
        said = {"cases": cases, "seed": seed, "first": str(first), "last": str(last)}
        record("population.synthesised", "synthetic population", by=by, after=said)


def _meetings(seed: int, calendar: Calendar, people: People) -> dict[date, Meeting]:
    """The meetings of the calendar by their day, with who came."""
    meetings = [panel.meeting_on(day, calendar) for day in calendar.meetings]
    write(
        ((meeting, meeting.closed_at or panel.planned_at(meeting)) for meeting in meetings),
        by=people.coordinator,
    )
    random = chance(seed, "attendance")
    write(
        (
            (seat, meeting.closed_at or panel.planned_at(meeting))
            for meeting in meetings
            for seat in panel.attendance_at(meeting, people, random)
        ),
        by=people.coordinator,
    )
    return {meeting.held_on: meeting for meeting in meetings}


@dataclass
class _Writer:
    """Writes cases, a batch at a time; remembers how long each agenda is."""

    seed: int
    calendar: Calendar
    people: People
    meetings: dict[date, Meeting]
    agendas: Counter[date] = field(default_factory=Counter)

    def write(self, numbers: Sequence[int]) -> None:
        """The cases with these numbers, and all that hangs on them."""
        stories = self._stories(numbers)
        by = self.people.coordinator
        write(((s.case, s.death.closed_at or s.death.opened_at) for s in stories), by=by)
        write(((files.identity_of(s), s.death.opened_at) for s in stories), by=by)
        insert(IdentityToken, (token for s in stories for token in files.tokens_of(s)))
        write(((files.clocks_of(s), s.death.opened_at) for s in stories), by=by)
        facts = [files.facts_of(s) for s in stories]
        write(
            (
                (row, s.signed_off_at or s.death.opened_at)
                for row, s in zip(facts, stories, strict=True)
            ),
            by=by,
        )
        self._checklists(stories, facts)
        self._findings(self._agenda(stories, numbers[0]))

    def _stories(self, numbers: Sequence[int]) -> list[Story]:
        random = chance(self.seed, "references", numbers[0])
        references = unused(len(numbers), lambda: new_reference("C", random), Case, "reference")
        return [
            self._story(number, reference)
            for number, reference in zip(numbers, references, strict=True)
        ]

    def _story(self, number: int, reference: str) -> Story:
        random = chance(self.seed, number)
        death = deaths.draw(random, number, self.seed, self.calendar)
        case = files.case_of(death, reference, self.people)
        return Story(death, _found(death, random), random, case)

    def _checklists(self, stories: Sequence[Story], facts: Sequence[CaseFacts]) -> None:
        by = self.people.coordinator
        write(
            (
                (item, item.settled_at or story.death.opened_at)
                for story, row in zip(stories, facts, strict=True)
                if checklists.kept(story.death, self.calendar)
                for item in checklists.draw(
                    story.random, story.death, story.case, row, self.calendar, by
                )
            ),
            by=by,
        )

    def _agenda(self, stories: Sequence[Story], batch: int) -> list[tuple[AgendaItem, Content]]:
        """Put each case on its agenda; give back the places where something was found."""
        listed = [(s, s.death.meeting) for s in stories if s.death.meeting]
        random = chance(self.seed, "serials", batch)
        serials = unused(len(listed), lambda: panel.serial(random), AgendaItem, "serial")
        items = [
            self._item(story.case, day, serial, found=story.finding is not None)
            for (story, day), serial in zip(listed, serials, strict=True)
        ]
        write(
            ((item, panel.planned_at(item.meeting)) for item in items), by=self.people.coordinator
        )
        told = zip(items, (s.finding for s, _ in listed), strict=True)
        return [(item, finding) for item, finding in told if finding]

    def _item(self, case: Case, day: date, serial: str, *, found: bool) -> AgendaItem:
        self.agendas[day] += 1
        return AgendaItem(
            meeting=self.meetings[day],
            case=case,
            position=self.agendas[day],
            serial=serial,
            state=ItemState.DISCUSSED if found else ItemState.LISTED,
        )

    def _findings(self, told: Sequence[tuple[AgendaItem, Content]]) -> None:
        chair = self.people.chair
        moments = [files.signed_off_at(item.meeting.held_on) for item, _ in told]
        analyses = [panel.analysis_of(content, item.meeting) for item, content in told]
        write(zip(analyses, moments, strict=True), by=chair)
        for part in (panel.categories, panel.grades, panel.factors):
            write(
                (
                    (row, at)
                    for analysis, (_, content), at in zip(analyses, told, moments, strict=True)
                    for row in part(analysis, content)
                ),
                by=chair,
            )
        rows = [
            panel.finding_of(item, analysis, self.people)
            for analysis, (item, _) in zip(analyses, told, strict=True)
        ]
        write(zip(rows, moments, strict=True), by=chair)


def _found(death: Death, random: Random) -> Content | None:
    """What the panel found, if it has reviewed the death."""
    if not death.reviewed or death.meeting is None:
        return None
    return findings.draw(random, death, editions.in_force(death.meeting))
