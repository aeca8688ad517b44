"""Reference data: the four areas, organisations of the region, postcode districts, deaths.

Plain data files, each item with its source and how certain it is. A demonstration system reads the
areas and districts only: no real organisation may stand beside an invented death.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

FOLDER = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class ReferenceItem:
    """``source`` says where an item comes from; ``certainty`` is "sourced" or "background"."""

    source: str
    certainty: str


@dataclass(frozen=True)
class AreaReference(ReferenceItem):
    """A local authority by its GSS code."""

    code: str
    name: str


@dataclass(frozen=True)
class OrganisationReference(ReferenceItem):
    """An NHS organisation by its ODS code.

    kind         a value of ``OrganisationKind``
    former       names that it had before, newest first
    predecessors ODS codes of bodies that it took over, so that old records find their home
    """

    ods_code: str
    name: str
    kind: str
    former: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = ()


@cache
def areas() -> tuple[AreaReference, ...]:
    """The four areas, in the order in which tables list them."""
    return tuple(AreaReference(**item) for item in _read("areas")["areas"])


@cache
def organisations() -> tuple[OrganisationReference, ...]:
    """The real organisations of the region, as far as their codes are known."""
    return tuple(_organisation(**item) for item in _read("organisations")["organisations"])


@dataclass(frozen=True)
class RegisteredDeaths(ReferenceItem):
    """Deaths registered in one calendar year, as published.

    deaths    by GSS code of the area, then by age in completed years ("0", "1-4" … "15-19")
    neonatal  by GSS code: the part of age "0" below four weeks
    """

    year: int
    deaths: Mapping[str, Mapping[str, int]]
    neonatal: Mapping[str, int]


@cache
def registered_deaths() -> Mapping[int, RegisteredDeaths]:
    """What is published of the four areas, by calendar year of registration."""
    return MappingProxyType({int(y["year"]): _year(y) for y in _read("registered_deaths")["years"]})


@cache
def postcode_districts() -> Mapping[str, tuple[str, ...]]:
    """The GSS codes of the areas into which a postcode district reaches, by district."""
    districts = _read("postcode_districts")["districts"]
    return MappingProxyType({code: tuple(reached) for code, reached in districts.items()})


@cache
def authorities() -> Mapping[str, str]:
    """Names of the local authorities of the region and of Wales, by GSS code."""
    return MappingProxyType(_read("authorities")["authorities"])


@cache
def given_name_groups() -> tuple[frozenset[str], ...]:
    """Given names, folded, that people write for one another; some stand in several groups."""
    return tuple(frozenset(group) for group in _read("given_names")["groups"])


def _organisation(
    *, former: list[str] | None = None, predecessors: list[str] | None = None, **item: str
) -> OrganisationReference:
    return OrganisationReference(
        former=tuple(former or ()), predecessors=tuple(predecessors or ()), **item
    )


def _year(item: Mapping[str, Any]) -> RegisteredDeaths:
    areas = {area["code"]: area for area in item["areas"]}
    return RegisteredDeaths(
        source=item["source"],
        certainty=item["certainty"],
        year=int(item["year"]),
        deaths={
            code: dict(zip(item["ages"], map(int, area["deaths"]), strict=True))
            for code, area in areas.items()
        },
        neonatal={code: int(area["neonatal"]) for code, area in areas.items()},
    )


def _read(name: str) -> dict:
    """One file; every scalar is text, since a code such as 01E is no number."""
    with (FOLDER / f"{name}.yaml").open(encoding="utf-8") as file:
        return yaml.load(file, Loader=yaml.BaseLoader)  # nosec B506 # BaseLoader makes text only
