"""The data dictionary, written from the field catalogues that stand beside the fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from cdop.core.catalogue import Note

INTRODUCTION = """# What is stored

Written by `manage.py describe_data` from the notes beside the fields; a test fails where a field
has no note or this page is not what the notes say.

**Form** is the section of the statutory forms that asks it. **Sensitivity** is what the field can
say about a person. **Seen by** is who finds it on a page. Where it says "sealed", the database
holds bytes encrypted under the key of the one case or notification
(see [decision 8](decisions/0008-identity-sealed.md)). Every row that people edit keeps its former
versions in a table that the database refuses to change.
"""

HEADINGS = ("Field", "Meaning", "Form", "Sensitivity", "Seen by")


def data_dictionary(sealed_records: Iterable[type]) -> str:
    """The page ``docs/data.md``: a table for each model and each record that is stored sealed."""
    described = [*own_models(), *sealed_records]
    stages = dict.fromkeys(name.rpartition(".")[0] for name in settings.CASEWORK)
    parts = [INTRODUCTION]
    for stage in stages:
        of_stage = [kind for kind in described if kind.__module__.startswith(f"{stage}.")]
        if of_stage:
            parts += [f"## {_title(stage)}\n", *map(_section, of_stage)]
    return "\n".join(parts)


def own_models() -> list[type[models.Model]]:
    """Every model with a catalogue. Row histories repeat the fields of theirs and have none."""
    return [model for model in apps.get_models() if hasattr(model, "catalogue")]


def _section(kind: Any) -> str:
    """One model or sealed record: its name, what it is, and a line for each field."""
    return "\n".join([f"### {kind.__name__}\n", f"{summary(kind)}\n", *_table(kind), ""])


def _table(kind: Any) -> Iterator[str]:
    yield line(HEADINGS)
    yield line(["---"] * len(HEADINGS))
    for name, note in kind.catalogue.items():
        yield line(_cells(name, note))


def _cells(name: str, note: Note) -> list[str]:
    return [f"`{name}`", note.meaning, note.form, note.sensitivity, note.seen]


def line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def summary(kind: Any) -> str:
    """The first paragraph of the docstring, on one line."""
    return " ".join((kind.__doc__ or "").strip().split("\n\n")[0].split())


def _title(stage: str) -> str:
    return stage.split(".")[-1].replace("_", " ").capitalize()
