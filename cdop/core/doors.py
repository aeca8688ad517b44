"""Who sees which page: the doors of all pages beside the one table of roles, as documentation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.urls import URLPattern, get_resolver

from cdop.core.describing import line, summary
from cdop.core.roles import ROLES, Permission

INTRODUCTION = """# Who sees what

Written by `manage.py describe_doors` from the doors of the pages and the table of roles; a test
fails where this page is not what they say. Another asks for every page in every role and compares
what came with these doors, and looks whether a page of somebody who may not read who a child was
says it all the same.

A door is the first question only. What a page then shows goes through the cases, meetings and
areas that the person has: a member sees the meetings to which they are invited, and nothing of a
case for which they leave. To everybody else a page is not there (404).
"""
WITHOUT_ACCOUNT = {
    "everybody": "everybody, without an account",
    "systems": "systems of trusts, by token",
    "signed in": "everybody who is signed in",
}
HEADINGS = ("Address", "What it is", "Who")


@dataclass(frozen=True)
class Door:
    """One address of the system.

    door  the permissions of which one is needed, or a word for a page that asks for none
    """

    address: str
    name: str
    view: Callable[..., Any]
    door: tuple[Permission, ...] | str

    @property
    def shown(self) -> str:
        """The address with the names of its gaps alone."""
        return re.sub(r"<\w+:(\w+)>", r"<\1>", self.address)

    @property
    def what(self) -> str:
        """The first paragraph of the view's docstring, or its name where a library made it."""
        said = summary(self.view)
        return said or self.name.rpartition(":")[2].replace("_", " ").capitalize()

    @property
    def who(self) -> str:
        if isinstance(self.door, str):
            return WITHOUT_ACCOUNT[self.door]
        return ", ".join(rule.label for rule in ROLES.values() if self.opens_for(rule.permissions))

    def opens_for(self, permissions: Iterable[Permission]) -> bool:
        """Whether somebody with these permissions comes in."""
        return isinstance(self.door, str) or not set(self.door).isdisjoint(permissions)


def doors() -> list[Door]:
    """Every page of our own, in the order of the addresses; those of libraries have no door."""
    return list(_walk(get_resolver("cdop.urls"), "", ""))


def who_sees_what() -> str:
    """The page ``docs/who-sees-what.md``: a table for each part of the system."""
    parts = [INTRODUCTION]
    ordered = sorted(doors(), key=_part)
    for part, found in groupby(ordered, key=_part):
        title = part.replace("-", " ").capitalize() or "Home and help"
        parts += [f"## {title}\n", line(HEADINGS), line(["---"] * len(HEADINGS))]
        parts += [line([f"`/{each.shown}`", each.what, each.who]) for each in found]
        parts.append("")
    return "\n".join(parts)


def _part(door: Door) -> str:
    first, slash, _ = door.address.partition("/")
    return first if slash and "<" not in first else ""


def _walk(resolver: Any, namespace: str, before: str) -> Iterator[Door]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if not isinstance(entry, URLPattern):
            inside = f"{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, inside, route)
        elif door := getattr(entry.callback, "door", ""):
            yield Door(route, namespace + (entry.name or ""), entry.callback, door)
