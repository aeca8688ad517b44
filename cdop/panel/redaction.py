"""What must not stand in an anonymised text: every word by which somebody could be known.

The only code of the panel that opens an identity; each reading is recorded. It asks for words to
look for and gives back places in a text, never the identity itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdop.agency_reports.anonymous import people_asked
from cdop.cases import contacts, families, identity
from cdop.cases.models import Case, CaseAccess, Clocks
from cdop.core.organisations import Area, Organisation
from cdop.panel.identifying import Hit, Terms, found, terms, together, with_workers
from cdop.panel.scan import Place, like_in, named_in, places_in, unsaid

if TYPE_CHECKING:
    from cdop.core.users import User

PURPOSE = "find identifying words in the panel's summary"
PAPERS = "find identifying words in the panel's papers"
LEARNED = "find identifying words in what the panel has learned"


def check(text: str, case: Case, *, by: User) -> list[Hit]:
    """Every place in ``text`` that says who the child of this case was. The reading is recorded."""
    return found(text, _known(case, by, PURPOSE))


def places(
    texts: Mapping[str, str], case: Case, *, by: User, purpose: str = PAPERS
) -> dict[str, list[Place]]:
    """By its code, every place of a text that may say who somebody is. The reading is recorded.

    Looks for what the identity knows, for those who worked with the family and their services, and
    for what has the look of a name, a date, an address or a number.
    """
    sought = _with_workers(case, by, purpose, Organisation.objects.values_list("name", flat=True))
    return {code: places_in(text, sought) for code, text in texts.items()}


@dataclass(frozen=True)
class Among:
    """What a text about several cases has: places that name somebody, others that may."""

    named: list[Place]
    like: list[Place]


def among(texts: Mapping[str, str], cases: Iterable[Case], *, by: User) -> dict[str, Among]:
    """By its code, what a text about several cases has of any of them. Each reading is recorded.

    Services count as known where somebody who worked with one of the families came from them. A
    place that is merely like a name does not say like whose.
    """
    sought = together(
        [_with_workers(case, by, LEARNED, ()) for case in cases],
        Area.objects.values_list("name", flat=True),
    )
    return {
        code: Among(named_in(text, sought), [unsaid(place) for place in like_in(text, sought)])
        for code, text in texts.items()
    }


def _with_workers(case: Case, by: User, purpose: str, services: Iterable[str]) -> Terms:
    """What is known of a case, with those who worked with the family and where they did.

    services  names of organisations beside those that a notifier named
    """
    known = contacts.read(case, contacts.standing(case), by=by, purpose=purpose)
    said = [each.details for each in known]
    workers = [row.get("name", "") for row in said]
    workers += [*people_asked(case, by=by, purpose=purpose), *_given_access(case)]
    return with_workers(
        _known(case, by, purpose),
        workers,
        telephones=[row.get("telephone", "") for row in said],
        services={*services, *(row.get("organisation", "") for row in said)},
    )


def _known(case: Case, by: User, purpose: str) -> Terms:
    known = identity.read(case, by=by, purpose=purpose)
    family = families.people_of(case, by=by, purpose=purpose)
    known = replace(known, carers=[*known.carers, *family])
    died_on = Clocks.objects.values_list("died_on", flat=True).get(case=case)
    return terms(known, died_on, Area.objects.values_list("name", flat=True))


def _given_access(case: Case) -> list[str]:
    """The professionals who were given the case."""
    rows = CaseAccess.objects.filter(case=case).select_related("user")
    return [row.user.name for row in rows]
