"""Finding a case that somebody knows of: by its reference, the child's name or the NHS number.

What was typed stands in no address and in no record; that there was a search does, and how many
cases it opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from cdop.cases import identity
from cdop.cases.identity import IdentityRecord
from cdop.cases.models import Case, IdentityToken
from cdop.core import names, sealing
from cdop.core.identifiers import normalise_nhs_number
from cdop.core.names import Likeness

if TYPE_CHECKING:
    from cdop.core.users import User

MOST = 20
PURPOSE = "find a case by name or NHS number"


@dataclass(frozen=True)
class Found:
    """A case that fits, and who the child was, to be chosen from."""

    case: Case
    record: IdentityRecord


def by_child(typed: str, *, by: User) -> list[Found]:
    """The cases that ``by`` sees and that a name or an NHS number fits, the best first."""
    identity.why_not_read(by, PURPOSE)
    traces = _traces(typed)
    visible = Case.objects.visible_to(by)
    hits = IdentityToken.objects.filter(
        hmac__in=[sealing.token(kind, value) for kind, value in traces], case__in=visible
    )
    ranked = hits.order_by().values("case").annotate(n=Count("hmac", distinct=True))
    keys = ranked.order_by("-n", "-case").values_list("case", flat=True)[: 2 * MOST]
    cases = visible.select_related("facts__area").in_bulk(list(keys) if traces else [])
    records = identity.listed(cases.values(), by=by, purpose=PURPOSE)
    found = [Found(cases[key], records[key]) for key in records]
    return _best(found, typed)


def _traces(typed: str) -> list[tuple[str, str]]:
    if number := normalise_nhs_number(typed):
        return [("nhs_number", number)]
    parts = names.parts(typed)
    sounds = [("name_sound", names.phonetic(part)) for part in parts]
    return [*(("name", part) for part in parts), *sounds]


def _best(found: Iterable[Found], typed: str) -> list[Found]:
    parts = [] if normalise_nhs_number(typed) else names.parts(typed)
    scored = [(_score(each.record, parts), each.case.pk, each) for each in found]
    best = sorted(scored, key=lambda line: (-line[0], -line[1]))
    return [each for _, _, each in best[:MOST]]


def _score(record: IdentityRecord, parts: list[str]) -> int:
    own = names.parts(f"{record.given_names} {record.family_name} {record.other_names}")
    return sum(names.best_likeness([part], own) for part in parts if own) or int(Likeness.OTHER)
