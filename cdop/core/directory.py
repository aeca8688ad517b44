"""The postcode directory: in which local authority a postcode lies, as far as it was loaded.

It is the ONS Postcode Directory, of which two columns are kept. It is public, it is replaced as a
whole, and it only proposes: where a child lived a person settles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from django.db import models

from cdop.core.audit import Job, act, record
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.reference import authorities

BATCH = 5000
COUNTRIES = {"E": "England", "W": "Wales", "S": "Scotland", "N": "Northern Ireland"}


class PostcodePlace(models.Model):
    """One postcode of the directory, and the local authority in which it lies."""

    postcode = models.CharField(max_length=8, primary_key=True)
    authority = models.CharField(max_length=9)

    catalogue: ClassVar[dict[str, Note]] = {
        "postcode": Note("The postcode, as CW1 2AB", "", Sensitivity.NONE, Seen.PUBLIC),
        "authority": Note("GSS code of its local authority", "", Sensitivity.NONE, Seen.PUBLIC),
    }

    def __str__(self) -> str:
        return f"{self.postcode} in {self.authority}"


@dataclass(frozen=True)
class Place:
    """A local authority by its GSS code; ``words`` as a person reads it."""

    code: str

    @property
    def country(self) -> str:
        return COUNTRIES[self.code[0]]

    @property
    def words(self) -> str:
        """ "Trafford", "Flintshire (Wales)", or what can be said of one that has no name here."""
        name = authorities().get(self.code)
        if name is None:
            return f"an authority in {self.country} with the code {self.code}"
        return name if self.country == "England" else f"{name} ({self.country})"


def find(postcode: str) -> Place | None:
    """Where the directory says that a postcode lies, written as CW1 2AB; None if it has it not."""
    row = PostcodePlace.objects.filter(pk=postcode).first()
    return Place(row.authority) if row else None


def load(places: Mapping[str, str], *, by: Job) -> None:
    """Put authorities by postcode in the place of what was there; all of it or nothing."""
    with act():
        PostcodePlace.objects.all().delete()
        for batch in _batches(places.items()):
            PostcodePlace.objects.bulk_create(
                PostcodePlace(postcode=postcode, authority=code) for postcode, code in batch
            )
        count = {"postcodes": len(places)}
        record("postcodes.loaded", "postcode directory", by=by, after=count)


def _batches(pairs: Iterable[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    source = iter(pairs)
    while batch := list(islice(source, BATCH)):
        yield batch
