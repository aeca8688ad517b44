"""Makers of recommendations for tests, and what follows from them."""

from datetime import date, timedelta

from django.utils.timezone import localdate

from cdop.core.organisations import Organisation
from cdop.core.steps import create
from cdop.learning import action_points, actions, letters
from cdop.learning.letter_models import LearningLetter
from cdop.learning.models import ActionPoint, Recommendation
from cdop.reviews import actions as reviews
from cdop.reviews.content import Recommendation as Recommends
from cdop.reviews.models import Finding
from tests.cast import TESTS
from tests.cdop.panel.makers import on_agenda, opened, planned_meeting
from tests.cdop.reviews.makers import recorded

WORDS = "Every home visit says how a baby sleeps safely."
MADE_ON = date(2014, 6, 3)
TOUCHED = "lead@example.org"


def in_days(number: int) -> date:
    return localdate() + timedelta(days=number)


def made(by, **said) -> Recommendation:
    """A recommendation of June 2014 about all areas, but for what is said."""
    usual = {"words": WORDS, "level": "local", "to_whom": "Maternity services"}
    return actions.make(by=by, **usual | {"made_on": MADE_ON} | said)


def accepted(by, **said) -> Recommendation:
    row = made(by, **said)
    on = row.made_on + timedelta(days=10)
    return actions.accept(row, accepted_on=on, accepted_by="The board", by=by, version=row.version)


def trust(name: str = "Invented Trust") -> Organisation:
    there = Organisation.objects.filter(name=name).first()
    return there or create(Organisation(name=name, kind="acute_trust"), by=TESTS)


def agreed(by, row: Recommendation | None = None, **said) -> ActionPoint:
    """An action of a trust, agreed on the day of the recommendation and due in ten days."""
    row = row or made(by)
    usual = {
        "words": "Train everybody who visits.",
        "owner": said.pop("owner", None) or trust(),
        "contact_name": "Lead Invented",
        "contact_email": TOUCHED,
        "due_on": in_days(10),
        "agreed_on": row.made_on,
    }
    return action_points.add(row, by=by, **usual | said)


def written(by, row: Recommendation | None = None, **said) -> LearningLetter:
    """A letter by e-mail to a trust, which asks for an answer."""
    usual = {
        "organisation": trust(),
        "attention": "Director of nursing",
        "email": "director@example.org",
        "words": "Please tell us what you will do.",
        "answer_by": in_days(20),
    }
    return letters.write(row or made(by), by=by, **usual | said)


RECOMMENDS = (
    Recommends(0, "local", "Maternity services", WORDS),
    Recommends(1, "national", "A national body", "Say how a cot is tested."),
)
"""What a finding recommends."""


def signed_off(chair, member, **changes) -> Finding:
    """A finding on a case, signed off by the chair."""
    meeting = planned_meeting(member, chair=chair)
    item = on_agenda(meeting)
    opened(meeting, chair=chair)
    finding = recorded(item, chair, **changes)
    return reviews.sign_off(finding, version=finding.version, by=chair)
