"""The rows of an invented case as the system would have written them when it was opened."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any

from analytics.synthesis.calendar import at
from analytics.synthesis.deaths import Death
from analytics.synthesis.people import People
from cdop import editions
from cdop.cases import facts as working_out
from cdop.cases import identity, tokens
from cdop.cases.identity import IdentityRecord
from cdop.cases.models import Case, CaseFacts, Clocks, Identity
from cdop.core import sealing
from cdop.core.dates import days_between, london_date, month_of
from cdop.reviews.content import Content, primary

SIGN_OFF_HOUR = 15


@dataclass(frozen=True)
class Story:
    """One case: its death, what the panel found if it has, and the chance that is left to it."""

    death: Death
    finding: Content | None
    random: Random
    case: Case

    @property
    def signed_off_at(self) -> datetime | None:
        if self.finding is None or self.death.meeting is None:
            return None
        return signed_off_at(self.death.meeting)


def signed_off_at(meeting: date) -> datetime:
    """When the chair signs off what the panel found at a meeting."""
    return at(meeting, SIGN_OFF_HOUR)


def case_of(death: Death, reference: str, people: People) -> Case:
    """The case, with a new data key."""
    return Case(
        reference=reference,
        state=death.state,
        edition=death.edition.code,
        data_key=sealing.new_key(),
        opened_at=death.opened_at,
        opened_by=people.coordinator,
        closed_at=death.closed_at,
        closed_by=people.coordinator if death.closed_at else None,
    )


def identity_of(story: Story) -> Identity:
    """Who the child was, sealed."""
    who = vars(_who(story))
    return Identity(
        case=story.case, sealed=sealing.seal_json(story.case.data_key, identity.PURPOSE, who)
    )


def tokens_of(story: Story) -> Iterator[dict[str, Any]]:
    """The traces by which the child is found, as the columns of ``IdentityToken``."""
    for kind, hmac in sorted(tokens.of(_who(story))):
        yield {"case_id": story.case.pk, "kind": kind, "hmac": hmac}


def clocks_of(story: Story) -> Clocks:
    return Clocks(case=story.case, notified_at=story.death.notified_at, **_death_times(story.death))


def facts_of(story: Story) -> CaseFacts:
    """The facts as they are worked out when a case is opened, and when it is signed off."""
    death = story.death
    columns = working_out.from_answers(death.answers, death.edition, death.died_on)
    columns |= working_out.times(**_death_times(death), notified_at=death.notified_at)
    columns |= _found(story)
    return CaseFacts(case=story.case, area_id=death.area, in_scope=death.in_scope, **columns)


def _who(story: Story) -> IdentityRecord:
    return IdentityRecord.of(story.death.answers)


def _death_times(death: Death) -> dict[str, Any]:
    return {
        "died_on": death.died_on,
        "died_at": death.died_at,
        "confirmed_at": death.confirmed_at,
    }


def _found(story: Story) -> dict[str, Any]:
    if story.finding is None or story.signed_off_at is None:
        return {}
    signed_off_on = london_date(story.signed_off_at)
    edition = editions.in_force(signed_off_on)
    return {
        "expectedness": story.finding.expectedness,
        "analysis_edition": edition.code,
        "category": primary(story.finding, edition),
        "modifiable": story.finding.modifiable,
        "reviewed_in": month_of(signed_off_on),
        "days_to_sign_off": days_between(story.death.died_on, signed_off_on),
        "days_not_held": days_between(story.death.died_on, signed_off_on),
    }
