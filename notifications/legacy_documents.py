"""Files that rows of a sheet name: which is whose, and whether each may be kept.

Each goes through the same gate as every file that is uploaded here. No sentence repeats a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from cdop.core import documents
from cdop.core.audit import Job
from cdop.core.sealing import DataKey
from cdop.core.typed import tidy
from cdop.core.uploads import Accepted
from notifications.legacy_archives import Bundle, NotUsable
from notifications.legacy_problems import Problem

if TYPE_CHECKING:
    from cdop.core.users import User

SOURCE = "The system used before"
OF_NO_LINE = 0
"""The line of what is wrong with a file that no row names."""


def check(
    named: Mapping[int, Sequence[str]], bundle: Bundle, heading: str, *, by: User | Job
) -> list[Problem]:
    """What is wrong with the files: of each row, then those that no row names.

    named    by line the names that stand there
    heading  of their column
    """
    owners: dict[str, int] = {}
    problems = []
    for line, names in named.items():
        for place, name in enumerate(names, start=1):
            which = f"File {place} of this cell: " if len(names) > 1 else ""
            if why := _why_not(line, name, bundle, owners, by):
                problems.append(Problem(line, heading, which + why, name))
    return problems + list(_not_named(bundle, owners, heading))


def keep(names: Sequence[str], bundle: Bundle, key: DataKey, *, by: User | Job) -> None:
    """Seal the files of a row under a key. Raises NotUsable where one may not be kept now."""
    for path in dict.fromkeys(map(bundle.find, names)):
        documents.keep(_accepted(bundle, path, by), key=key, by=by, source=SOURCE)


def _why_not(line: int, name: str, bundle: Bundle, owners: dict[str, int], by: User | Job) -> str:
    """Why a row cannot have this file; "" where it can. Whose it is, is noted in ``owners``."""
    try:
        path = bundle.find(name)
        if (owner := owners.setdefault(path, line)) != line:
            return (
                f"Line {owner} has this file too. A file belongs to one case: give each its own "
                "copy, under a name of its own."
            )
        _accepted(bundle, path, by)
    except NotUsable as why:
        return str(why)
    return ""


def _accepted(bundle: Bundle, path: str, by: User | Job) -> Accepted:
    try:
        return documents.examined(path.rpartition("/")[2], bundle.read(path), by=by)
    except ValidationError as error:
        raise NotUsable(" ".join(error.messages)) from error


def _not_named(bundle: Bundle, owners: Mapping[str, int], heading: str) -> Iterator[Problem]:
    for place, path in enumerate(bundle.paths, start=1):
        if path not in owners:
            which = f"File {place} of {len(bundle.paths):,} that came: "
            why = "no row names it. Name it in its row, or leave it out."
            yield Problem(OF_NO_LINE, heading, which + why, tidy(path))
