"""Where a death belongs, as tests put it down: its placement, and what was agreed."""

from datetime import date

from django.urls import reverse
from django.utils import timezone

from cdop.cases import placement
from cdop.cases.placement import Placement
from cdop.cases.states import PlacementState
from tests.cast import TESTS

AGREED = {"reviewed_by": "The panel of Invented-Shire", "agreed_by": "Two coordinators"}
P = PlacementState


def url(name, case):
    return reverse(f"cases:{name}", args=[case.reference])


def placed(case, state=P.OURS, **said) -> Placement:
    elsewhere = {"reviewed_by": "Elsewhere"} if state in (P.ELSEWHERE, P.OUTCOME) else {}
    told = {"state_since": timezone.now(), **elsewhere, **said}
    row = placement.open_for(case, by=TESTS)
    if state == P.OUTCOME:
        told["outcome_on"] = date(2015, 1, 1)
    Placement.objects.filter(pk=row.pk).update(state=state, **told)
    return Placement.objects.get()


def agreed(case, to, by, **said):
    row = placement.of(case)
    told = {"version": row.version if row else 0, **AGREED, "agreed_on": date(2014, 6, 1)}
    return placement.agree(case, to, by=by, **(told | said))
