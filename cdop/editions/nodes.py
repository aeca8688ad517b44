"""The plain text of an edition's files, each value with the place where it stands.

PyYAML composes the tree; nothing is constructed from it, so every scalar stays the text that was
written. Whatever does not fit raises ``BadEdition`` with file, line and reason.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import yaml

from cdop.editions.schema import CERTAINTIES, UNSOURCED, YES_NO, Coded

LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
CODE = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*\*?")
CODE_LENGTH = 40
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,4}")
ORIGIN = ("source", "certainty")

CodedItem = TypeVar("CodedItem", bound=Coded)


class BadEdition(Exception):
    """A file of an edition cannot be used; the message gives file, line and reason."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, line {line}: {reason}")


@dataclass(frozen=True)
class File:
    """The name of a file as a reader knows it, and the references that its items may cite."""

    name: str
    sources: Collection[str] = ()


@dataclass(frozen=True)
class Value:
    """One value of a file: what it is called, and the source and certainty in force around it."""

    file: File
    node: yaml.Node
    name: str
    origin: Mapping[str, str] | None = None

    def refuse(self, reason: str) -> NoReturn:
        raise BadEdition(self.file.name, self.node.start_mark.line + 1, reason)

    def text(self) -> str:
        if not isinstance(self.node, yaml.ScalarNode):
            self.refuse(f"{self.name} must be text")
        text: str = self.node.value.strip()
        return text or self.refuse(f"{self.name} is empty; fill it in or leave the line out")

    def code(self) -> str:
        text = self.text()
        if not CODE.fullmatch(text) or len(text) > CODE_LENGTH:
            self.refuse(
                f'{self.name} "{text}" must be lower-case letters and digits, joined by "_" or '
                f'"-", with at most {CODE_LENGTH} characters'
            )
        return text

    def number(self) -> int:
        """A whole number, 0 or more."""
        return self.offset() if self.offset() >= 0 else self.refuse(f"{self.name} is below 0")

    def offset(self) -> int:
        """A whole number, negative for "before"."""
        text = self.text()
        if not WHOLE_NUMBER.fullmatch(text):
            self.refuse(f'{self.name} "{text}" must be a whole number of at most four digits')
        return int(text)

    def flag(self) -> bool:
        return self.one_of(YES_NO) == "yes"

    def one_of(self, allowed: Collection[str], of: str = "") -> str:
        """The text, which must be among ``allowed``; ``of`` names a list too long to print."""
        text = self.text()
        if text not in allowed:
            self.refuse(f'{self.name} "{text}" is not {of or "one of: " + ", ".join(allowed)}')
        return text

    def entries(self) -> Iterator["Value"]:
        if not isinstance(self.node, yaml.SequenceNode):
            self.refuse(f"{self.name} must be a list")
        if not self.node.value:
            self.refuse(f"{self.name} is empty; fill it in or leave the line out")
        return (replace(self, node=node) for node in self.node.value)

    def items(self, read: Callable[["Value"], CodedItem]) -> tuple[CodedItem, ...]:
        """The entries of a list, each through ``read``; no code may stand in it twice."""
        found: dict[str, CodedItem] = {}
        for entry in self.entries():
            item = read(entry)
            if item.code in found:
                entry.refuse(f'the code "{item.code}" is used twice')
            found[item.code] = item
        return tuple(found.values())

    def pairs(self) -> Iterator[tuple["Value", "Value"]]:
        """Key and value of each line of a mapping; no key may stand in it twice."""
        if not isinstance(self.node, yaml.MappingNode):
            self.refuse(f"{self.name} must be a set of keys and values")
        seen = set()
        for key_node, node in self.node.value:
            key = replace(self, node=key_node, name="a key")
            if key.text() in seen:
                key.refuse(f'the key "{key.text()}" is given twice')
            seen.add(key.text())
            yield key, replace(self, node=node, name=key.text())

    def fields(self, required: str, optional: str = "") -> dict[str, "Value"]:
        """The values of a mapping that has exactly these keys (names parted by spaces)."""
        allowed = required.split() + optional.split()
        found: dict[str, Value] = {}
        for key, value in self.pairs():
            if value.name not in allowed:
                key.refuse(f'unknown key "{value.name}"')
            found[value.name] = value
        for name in required.split():
            if name not in found:
                self.refuse(f'the key "{name}" is missing')
        return found

    def item(self, required: str, optional: str = "") -> "Fields":
        """The same for a mapping that has, or inherits, a source and a certainty."""
        found = self.fields(required, f"{optional} {' '.join(ORIGIN)}")
        origin = self.origin
        if given := [name for name in ORIGIN if name in found]:
            origin = _origin(found, given)
        values = {name: replace(value, origin=origin) for name, value in found.items()}
        return Fields(self, values, origin)


@dataclass(frozen=True)
class Fields:
    """The values of one item, by key, and where the item comes from."""

    at: Value
    values: Mapping[str, Value]
    inherited: Mapping[str, str] | None

    def __getitem__(self, name: str) -> Value:
        return self.values[name]

    def text(self, name: str, otherwise: str = "") -> str:
        return self.values[name].text() if name in self.values else otherwise

    def number(self, name: str) -> int | None:
        return self.values[name].number() if name in self.values else None

    def texts(self, name: str) -> tuple[str, ...]:
        if name not in self.values:
            return ()
        return tuple(entry.text() for entry in self.values[name].entries())

    @property
    def origin(self) -> Mapping[str, str]:
        """``source`` and ``certainty`` of the item, its own or those stated above it."""
        if self.inherited is None:
            self.at.refuse("source and certainty are missing, here and at the top of the file")
        return self.inherited


def _origin(found: Mapping[str, Value], given: list[str]) -> Mapping[str, str]:
    """Source and certainty as one item states them; they stand together or not at all."""
    if len(given) == 1:
        found[given[0]].refuse(f"{given[0]} stands alone; source and certainty go together")
    source, certainty = found["source"], found["certainty"]
    references = [reference.strip() for reference in source.text().split(",")]
    for reference in references:
        if reference not in source.file.sources:
            source.refuse(f'source "{reference}" is not explained under sources in edition.yaml')
    if certainty.one_of(CERTAINTIES) == "sourced" and not set(references).isdisjoint(UNSOURCED):
        certainty.refuse(f'"{source.text()}" is no document, so certainty cannot be "sourced"')
    return {"source": source.text(), "certainty": certainty.text()}


def read(path: Path, file: File) -> Value:
    """The whole of one file. Raises BadEdition if it is missing, empty or not plain YAML."""
    if not path.is_file():
        raise BadEdition(file.name, 1, "the file is missing")
    text = path.read_bytes()
    try:
        node = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        raise BadEdition(file.name, _line(error, text), "this is not well-formed YAML") from error
    if node is None:
        raise BadEdition(file.name, 1, "the file is empty")
    value = Value(file, node, "the file")
    _refuse_aliases(value)
    return value


def _line(error: yaml.YAMLError, text: bytes) -> int:
    """Where reading stopped; an unreadable character comes with its position only."""
    if mark := getattr(error, "problem_mark", None):
        return int(mark.line) + 1
    return text.count(b"\n", 0, getattr(error, "position", 0)) + 1


def _refuse_aliases(value: Value) -> None:
    """Every line says what it means: no ``*name`` that points at another place, or at itself."""
    seen: set[int] = set()
    waiting = [value.node]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            replace(value, node=node).refuse("an alias repeats this value; write it out instead")
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            waiting += [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
