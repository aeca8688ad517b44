"""The papers as the rules make them: what each stage hands over without a date or a name.

The first of them, the summary, is left to the coordinator; nothing here reads an identity or a
clock. What a supplement begins with is what the rules make now and did not make before.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from cdop.agency_reports import anonymous as agency_reports
from cdop.cases import anonymous as cases
from cdop.cases import family_questions
from cdop.core.jinja import count
from cdop.panel import agenda
from cdop.panel.facts import facts_of
from cdop.panel.models import AgendaItem
from cdop.panel.paper_models import PaperSection
from cdop.panel.paper_text import paragraphs, with_warnings
from cdop.rapid_response import anonymous as rapid_response

if TYPE_CHECKING:
    from cdop.core.users import User

SUMMARY, FACTS, TIMELINE, RESPONSE, RECORD = "summary", "facts", "timeline", "response", "record"
ADDED, BEFORE, ASKED = "added", "before", "asked"
HEADINGS = {
    ADDED: "What is added or corrected",
    SUMMARY: "Summary",
    BEFORE: "Where the panel discussed it before",
    FACTS: "Facts",
    TIMELINE: "What happened, in days from the death",
    RESPONSE: "The first weeks",
    RECORD: "What the agencies told",
    ASKED: "What the family asks",
}
"""The parts of the papers in reading order; the first in a supplement alone."""
RUNNING = (SUMMARY, RECORD, ASKED)
PURPOSE = "panel papers"
NO_QUESTION = "No question of the family is known."


def drafted(item: AgendaItem, *, by: User) -> list[PaperSection]:
    """Every part of the papers as its rule makes it now. What agencies said is read for it."""
    made = {
        SUMMARY: "",
        BEFORE: _before(item),
        FACTS: _facts(item),
        TIMELINE: _timeline(item),
        RESPONSE: with_warnings(_rows(rapid_response.summary(item.case))),
        RECORD: _record(item, by),
        ASKED: "\n\n".join(map(_one_paragraph, family_questions.for_panel(item.case)))
        or NO_QUESTION,
    }
    return [PaperSection(code, HEADINGS[code], text, text) for code, text in made.items()]


def supplement(item: AgendaItem, before: Iterable[PaperSection], *, by: User) -> list[PaperSection]:
    """The parts of a supplement: what the rules make now and did not make before.

    before  the parts of all earlier drafts that were released
    """
    known: set[str] = set()
    for section in before:
        known |= {f"{section.code}:{unit}" for unit in _units(section.code, section.made)}
    new = [PaperSection(ADDED, HEADINGS[ADDED], "", "")]
    for section in drafted(item, by=by):
        text = _only_new(section, known)
        new.append(PaperSection(section.code, section.heading, text, section.made))
    return new


def _before(item: AgendaItem) -> str:
    earlier = agenda.before([item]).get(item.pk)
    if not earlier:
        return ""
    apart = (item.meeting.held_on - earlier.meeting.held_on).days
    return agenda.last_discussed(earlier, f"{count(apart, 'day')} before this meeting")


def _facts(item: AgendaItem) -> str:
    return _rows((fact.term, fact.text) for fact in facts_of(item))


def _timeline(item: AgendaItem) -> str:
    stages = (cases, rapid_response, agency_reports)
    events = [event for stage in stages for event in stage.happened(item.case)]
    found = sorted(events, key=lambda event: event.day)
    return _rows((event.when[:1].upper() + event.when[1:], event.text) for event in found)


def _record(item: AgendaItem, by: User) -> str:
    told = agency_reports.composite(item.case, by=by, purpose=PURPOSE)
    parts = []
    for heading, questions in groupby(told, key=lambda each: each.heading):
        parts.append(f"# {heading}")
        for each in questions:
            answers = "\n".join(f"{who}: {_one_paragraph(words)}" for who, words in each.answers)
            parts.append(f"{each.question}\n{answers}")
    return with_warnings("\n\n".join(parts))


def _rows(rows: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{term}: {_one_paragraph(words)}" for term, words in rows)


def _one_paragraph(words: str) -> str:
    return " ".join(words.split())


def _units(code: str, text: str) -> list[str]:
    """What is compared: lines; in running text, paragraphs, such as a question with its answers."""
    return paragraphs(text) if code in RUNNING else text.splitlines()


def _only_new(section: PaperSection, known: set[str]) -> str:
    new = [
        unit for unit in _units(section.code, section.made) if f"{section.code}:{unit}" not in known
    ]
    between = "\n\n" if section.code in RUNNING else "\n"
    return between.join(new)
