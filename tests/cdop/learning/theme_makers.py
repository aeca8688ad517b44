"""Makers of themes and briefings for tests: through the real actions, as the team makes them."""

from datetime import date
from typing import Any

from cdop.cases.models import Case
from cdop.core.organisations import Organisation
from cdop.core.steps import create
from cdop.learning import briefings, exchange, theme_reviews, themes, training
from cdop.learning.briefing_models import Briefing, PublishedBriefing
from cdop.learning.briefing_text import Said
from cdop.learning.exchange import Exchange
from cdop.learning.theme_models import ThematicReview, Theme
from cdop.learning.theme_states import Standing
from cdop.learning.training import Training
from cdop.panel.models import Meeting
from cdop.reviews import actions as reviews
from tests.cast import TESTS
from tests.cdop.panel.makers import on_agenda, opened, planned_meeting, ready_case
from tests.cdop.reviews.makers import recorded

UNSAFE_SLEEP = "parenting.unsafe_sleep"
RULE = {
    "lscb-2015": {"factors": [UNSAFE_SLEEP], "categories": [], "age_bands": []},
    "cdr-2018": {"factors": ["physical.unsafe_sleep"], "categories": [], "age_bands": []},
}
SAID = Said(
    title="Safer sleep for every baby",
    audience="midwives and health visitors",
    learned="Babies sleep safest on their backs, in a cot of their own.\n\n- Sofas are not safe.",
    to_do="- Ask where the baby sleeps, at every visit.\n- Show it, and ask again.",
    more="The guideline on safer sleep.",
)
REVIEW = {
    "question": "What can be done?",
    "looked_at": "The findings of the panel.",
    "found": "Advice came late.",
    "recommend": "Give advice before birth.",
}


def a_theme(title: str = "Safe sleeping", rule: dict | None = None) -> Theme:
    """A theme that goes by unsafe sleeping arrangements in both editions."""
    return themes.save(
        None,
        title=title,
        belongs="Where a baby was put down to sleep unsafely.",
        source="A report",
        rule=RULE if rule is None else rule,
        version=0,
        by=TESTS,
    )


def found_meeting(chair, member, held_on: date = date(2014, 9, 18)) -> Meeting:
    """A meeting at which findings can be recorded."""
    return planned_meeting(member, chair=chair, held_on=held_on)


def reviewed(*cases: Case, chair, member, **changes: Any) -> list[Case]:
    """The same cases after one meeting at which the chair signed off the findings."""
    meeting = found_meeting(chair, member)
    items = [on_agenda(meeting, case) for case in cases]
    opened(meeting, chair=chair)
    for item in items:
        finding = recorded(item, chair, **changes)
        reviews.sign_off(finding, version=finding.version, by=chair)
    return list(cases)


def a_case_of(theme: Theme, by, answers: dict | None = None) -> Case:
    """A case that was added to the theme by hand."""
    case = ready_case(answers)
    added(theme, case, by)
    return case


def added(theme: Theme, case: Case, by, version: int = 0):
    reason = "It belongs to it."
    return themes.settle(
        theme, case, standing=Standing.ADDED, reason=reason, version=version, by=by
    )


def written(theme: Theme, by, **changes: str) -> Briefing:
    """A briefing that one person wrote."""
    return briefings.begin(theme, said(**changes), by=by)


def said(**changes: str) -> Said:
    return Said(**SAID.texts | changes)


def checked(briefing: Briefing, by) -> Briefing:
    return briefings.check(briefing, version=briefing.version, by=by)


def published(theme: Theme, writer, second, **changes: str) -> PublishedBriefing:
    """A briefing that one wrote and publishes, and another checked."""
    row = checked(written(theme, writer, **changes), second)
    return briefings.publish(row, version=row.version, by=writer)


def a_review(theme: Theme, by, **changes: str) -> ThematicReview:
    """A thematic review whose every section is written."""
    row = theme_reviews.begin(theme, by=by)
    return theme_reviews.write(row, REVIEW | changes, version=row.version, by=by)


def with_chair(theme: Theme, by) -> ThematicReview:
    row = a_review(theme, by)
    return theme_reviews.put_to_chair(row, version=row.version, by=by)


def held(theme: Theme, held_on: date = date(2014, 6, 3), **changes: Any) -> Training:
    """A training session of 30 people in Halton."""
    usual: dict[str, Any] = {
        "kind": "session",
        "what": "Safe sleeping for foster carers",
        "people": 30,
        "organisations": [],
        "areas": [],
        "version": 0,
        "by": TESTS,
    }
    return training.save(None, theme=theme, held_on=held_on, **usual | changes)


def shared(theme: Theme | None = None, **changes: Any) -> Exchange:
    """A briefing that went to an invented panel."""
    usual: dict[str, Any] = {
        "shared_on": date(2014, 10, 1),
        "direction": "out",
        "kind": "briefing",
        "what": "The briefing on safer sleep",
        "panel": None,
        "panel_name": "Invented Neighbouring Panel",
        "theme": theme,
        "by_whom": "The coordinator",
        "basis": "It is published",
        "version": 0,
        "by": TESTS,
    }
    return exchange.save(None, **usual | changes)


def an_organisation(name: str = "Invented Panel", kind: str = "panel") -> Organisation:
    return create(Organisation(name=name, kind=kind), by=TESTS)
