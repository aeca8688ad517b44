"""Questions and their conditions, as the files of an edition write them."""

from collections.abc import Collection, Mapping

from cdop.editions.conditions import All, AnyOf, Chosen, Condition, Not
from cdop.editions.nodes import Fields, Value
from cdop.editions.schema import KINDS_WITH_VOCABULARY, YES_NO, Question, Vocabulary

Askable = Mapping[str, Collection[str]]
"""Field code to the codes that may answer it: what a condition may speak of."""


def condition(value: Value, known: Askable) -> Condition:
    """One of ``{all: [...]}``, ``{any: [...]}``, ``{not: ...}``, ``{field: ..., in: [...]}``."""
    row = value.fields("", "all any not field in")
    match sorted(row):
        case ["all"]:
            return All(tuple(condition(part, known) for part in row["all"].entries()))
        case ["any"]:
            return AnyOf(tuple(condition(part, known) for part in row["any"].entries()))
        case ["not"]:
            return Not(condition(row["not"], known))
        case ["field", "in"]:
            return _chosen(row["field"], row["in"], known)
        case _:
            return value.refuse('a condition is one of "all", "any", "not", or "field" with "in"')


def _chosen(field: Value, codes: Value, known: Askable) -> Chosen:
    name = field.one_of(known, "a field that a condition here can ask about")
    of = f'a possible answer to "{name}"'
    return Chosen(name, frozenset(code.one_of(known[name], of) for code in codes.entries()))


def vocabulary_of(row: Fields, vocabularies: Mapping[str, Vocabulary]) -> str | None:
    """A choice is made from a vocabulary; no other kind of question has one."""
    chosen = row.text("kind") in KINDS_WITH_VOCABULARY
    if chosen != ("vocabulary" in row.values):
        row.at.refuse(
            f'a question of kind "{row.text("kind")}" '
            + ("needs a vocabulary" if chosen else "takes no vocabulary")
        )
    if not chosen:
        return None
    return row["vocabulary"].one_of(vocabularies, "a code in vocabularies.yaml")


def possible(question: Question, vocabularies: Mapping[str, Vocabulary]) -> Collection[str]:
    """The codes that can answer a question; none where it is answered in free words."""
    if question.vocabulary:
        return [term.code for term in vocabularies[question.vocabulary].choices]
    return YES_NO if question.kind == "yes_no" else ()
