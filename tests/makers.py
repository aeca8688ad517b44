"""Makers of cases for tests: through the real actions, as the system itself makes them."""

from datetime import UTC, date, datetime
from typing import Any

from cdop import editions
from cdop.cases import actions
from cdop.cases.models import Case, CaseFacts
from cdop.core import steps
from cdop.core.organisations import Area
from tests.cast import TESTS

HALTON = "E06000006"
DIED_ON = date(2014, 5, 6)
NOTIFIED_AT = datetime(2014, 5, 7, 9, 30, tzinfo=UTC)

ANSWERS = {
    "notifier_name": "Notifier Invented",
    "given_names": "Aaaa",
    "family_name": "Invented-Child",
    "date_of_birth": "2014-02-01",
    "nhs_number": "9990000123",
    "sex": "female",
    "postcode": "ZZ99 3WZ",
    "mother_name": "Bbbb Invented-Child",
    "expectedness": "unexpected",
    "ethnic_group": "not_known",
}


def opened_case(
    answers: dict[str, Any] | None = None,
    *,
    area: str | None = HALTON,
    in_scope: bool = True,
    died_on: date = DIED_ON,
    died_at: datetime | None = None,
    confirmed_at: datetime | None = None,
    notified_at: datetime = NOTIFIED_AT,
) -> Case:
    """A case opened from one notification; ``answers`` go over the usual ones."""
    return actions.open_case(
        answers=ANSWERS | (answers or {}),
        edition=editions.in_force(died_on),
        area=Area.objects.get(code=area) if area else None,
        in_scope=in_scope,
        died_on=died_on,
        died_at=died_at,
        confirmed_at=confirmed_at,
        notified_at=notified_at,
        source="N-TEST",
        by=TESTS,
    )


def a_case(**facts: Any) -> Case:
    """A case whose counted facts are as told (``area="E06000006"``, ``age_band="1-4"`` …)."""
    case = opened_case(area=facts.pop("area", HALTON), in_scope=facts.pop("in_scope", True))
    if facts:
        steps.edit(CaseFacts.objects.get(case=case), by=TESTS, **facts)
    return Case.objects.get(pk=case.pk)
