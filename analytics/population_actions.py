"""Bringing in populations and births: the only way in which they change."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.utils import timezone

from analytics import population_files
from analytics.models import Population
from cdop.core.organisations import Area
from cdop.core.refusals import Refused, refused_if_overtaken
from cdop.core.roles import Permission
from cdop.core.steps import create

if TYPE_CHECKING:
    from cdop.core.users import User

OVERTAKEN = "Somebody else brought in the same year at the same moment. Look at it, then try again."


def bring_in(
    kind: str, year: int, *, source: str, name: str, content: bytes, by: User
) -> Population:
    """Read a file and keep it as the newest version of its year.

    Raises Unreadable, having kept nothing, where the file is not whole or contradicts itself.
    """
    if not by.can(Permission.RELEASES_DRAFT):
        raise Refused("Your role does not bring in populations.", HTTPStatus.FORBIDDEN)
    areas = set(Area.objects.values_list("code", flat=True))
    groups = population_files.read(name, content, kind, areas)
    before = Population.objects.filter(kind=kind, year=year).count()
    made = Population(
        kind=kind,
        year=year,
        number=before + 1,
        source=source,
        groups=[[g.area, g.sex, g.age_from, g.age_to, g.number] for g in groups],
        loaded_at=timezone.now(),
        loaded_by=by,
    )
    with refused_if_overtaken(OVERTAKEN):
        return create(made, by=by, action="population.brought_in")
