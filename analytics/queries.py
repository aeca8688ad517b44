"""What the pages of statistics show, and nothing that they change."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analytics import compose
from analytics.alike import lines
from analytics.models import Population, Release, ReleaseFile
from analytics.populations import BIRTHS, OLDEST, SEXES, Year, shipped
from analytics.renderers import layout
from analytics.renderers.layout import Grid
from cdop.core.organisations import Area
from cdop.core.periods import Period
from cdop.core.roles import Permission
from cdop.core.users import User


@dataclass(frozen=True)
class Shown:
    """A release ready for a page: its tables in rows and columns, its checks in sentences."""

    content: Mapping[str, Any]

    @cached_property
    def tables(self) -> list[Grid]:
        return layout.grids(self.content)

    @property
    def checks(self) -> list[str]:
        return list(self.content["checks"])

    @property
    def sources(self) -> list[str]:
        return layout.sources(self.content)

    @property
    def legend(self) -> tuple[str, ...]:
        return layout.legend(self.content)

    @cached_property
    def hidden(self) -> int:
        """Different counts that are hidden; one that stands in two tables is one."""
        return len(compose.hidden_cells(self.content))

    @cached_property
    def counts(self) -> int:
        """Different counts in all."""
        return len(compose.cells(self.content))


def shown(release: Release) -> Shown:
    """The protected tables of a release, exactly as they are or will be published."""
    return Shown(json.loads(release.content))


def alike(release: Release) -> list[str]:
    """The lines in which all deaths have one answer, for those who decide about publication."""
    return lines(json.loads(release.content))


def exact(period: Period, basis: str) -> Shown:
    """The exact tables of one basis, counted now. Raises Refused where they do not add up."""
    counted = compose.count(period)
    return Shown(compose.of_basis(compose.exact(counted), basis))


def makes_releases(user: User) -> bool:
    """Whether the person drafts or approves releases, and so sees how each was made."""
    return user.can(Permission.RELEASES_DRAFT) or user.can(Permission.RELEASES_APPROVE)


def downloads(release: Release, user: User) -> list[ReleaseFile]:
    """The files of a release that the person may have."""
    return list(ReleaseFile.objects.visible_to(user).filter(release=release).listed())


def area_names() -> dict[str, str]:
    """GSS code to name."""
    return dict(Area.objects.values_list("code", "name"))


def populations(user: User) -> list[Year]:
    """Every version of every year that is known, newest year first; those shipped are version 0."""
    loaded = [each.as_year() for each in Population.objects.visible_to(user)]
    return sorted([*loaded, *shipped()], key=lambda y: (-y.year, y.kind, -y.number))


def numbers(year: Year) -> list[tuple[str, list[int | None]]]:
    """A row for each area and the panel's whole: all of them, and of children boys and girls."""
    names = area_names()
    ages = (0, 0) if year.kind == BIRTHS else (0, OLDEST)
    rows = [(name, [year.people(code, ages, sex) for sex in SEXES]) for code, name in names.items()]
    columns = zip(*(figures for _, figures in rows), strict=True)
    whole = [None if None in column else sum(n or 0 for n in column) for column in columns]
    return [*rows, (layout.WHOLE, whole)]
