"""What the panel thinks in the demonstration: a draft answered, one prepared, factors merged."""

from __future__ import annotations

from datetime import date

from analytics.demonstration.path import OWN_WORDS
from analytics.demonstration.people import Cast
from cdop import editions
from cdop.core.roles import Role
from cdop.panel.models import AgendaItem
from cdop.reviews import draft_readings, preparing, queries, vocabulary_actions
from cdop.reviews.content import Outcome
from cdop.reviews.models import Finding, Review
from cdop.reviews.states import Reached, Stands

BY_MAJORITY = Outcome(
    Reached.MAJORITY,
    dissent="The invented delay made no difference to what came of it. Synthetic.",
    would_change="What an invented inquest finds, if there is one.",
)
MERGED_FOR = date(2014, 9, 1)
"""A day in the months of whose guidance the factors are merged."""


def answer_draft(item: AgendaItem, cast: Cast) -> None:
    """A member who writes no review of their own agrees with the lead's draft, but for one part."""
    member = cast.seat_of("public_health")
    opened = draft_readings.open_draft(item, by=member)
    service = item.meeting.edition.domains[-1].code
    answers = {
        "category": (Stands.AGREE, ""),
        "modifiable": (Stands.AGREE, ""),
        f"grade-{service}": (
            Stands.QUESTION,
            "Nobody asked the invented service why it had no place. Synthetic.",
        ),
    }
    draft_readings.send_answers(opened, answers, by=member)


def prepare_finding(item: AgendaItem, cast: Cast) -> None:
    """The coordinator puts the lead's review to the panel as a draft of its finding."""
    review = Review.objects.get(item=item, reviewer=cast.reviewers[0])
    content = queries.content_of(review.analysis_id)
    preparing.prepare(item, content, version=0, by=cast.first(Role.COORDINATOR))


def ask_nationally(finding: Finding, cast: Cast, on: date) -> None:
    """The chair asks the national database something about a finding."""
    words = "Which invented category fits better? Synthetic."
    preparing.ask(finding, asked_on=on, words=words, by=cast.first(Role.CHAIR))


def merge_factors(cast: Cast) -> None:
    """Words that were used for a factor are counted under a term of the panel, and it under one
    of the guidance."""
    by = cast.first(Role.COORDINATOR)
    edition = editions.in_force(MERGED_FOR)
    domain = edition.domains[-1].code
    term = vocabulary_actions.add(edition, domain=domain, label="Waiting for an appointment", by=by)
    own = (domain, term.code)
    vocabulary_actions.fold(edition, domain, OWN_WORDS, own, version=0, by=by)
    vocabulary_actions.merge(edition, own, (domain, "access"), version=1, by=by)
