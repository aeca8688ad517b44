"""A stale page: what was typed is kept, and stands beside what somebody else saved meanwhile."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django.forms import Form
from django.forms.boundfield import BoundField
from django.http import QueryDict

from cdop.core.jinja import day
from cdop.core.refusals import Refused

VERSION = "version"


def renew(form: Form, refusal: Refused, version: int) -> None:
    """Make the form ready to be sent again over what is there now, and say why it came back."""
    form.data = cast(QueryDict, form.data).copy()
    form.data[form.add_prefix(VERSION)] = str(version)
    form.add_error(None, refusal.reason)


def side_by_side(
    form: Form, yours: Mapping[str, Any], now: Mapping[str, Any]
) -> list[dict[str, str]]:
    """Every field of ``yours`` beside what is there now, as rows for the component ``compare``."""
    return [
        {"term": str(form.fields[name].label), "yours": words(yours[name]), "now": words(now[name])}
        for name in yours
    ]


def differences(
    form: Form, yours: Mapping[str, Any], now: Mapping[str, Any]
) -> list[dict[str, str]]:
    """The same for the fields in which the two differ: for long forms."""
    return side_by_side(
        form, {name: yours[name] for name in yours if yours[name] != now[name]}, now
    )


def words(value: Any) -> str:
    """A typed value on one line: people by name and relationship, dates as they are read."""
    if isinstance(value, list):
        return "; ".join(words(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(str(part) for part in value.values() if part)
    if isinstance(value, date):
        return day(value)
    return "" if value is None else str(value)


def windows(mine: Form, theirs: Form) -> list[dict[str, str]]:
    """What two windows hold in the boxes of one page, where they differ: ``term yours now``."""
    both = [
        {
            "term": str(box.label),
            "yours": typed_in_words(box),
            "now": typed_in_words(theirs[box.name]),
        }
        for box in mine
        if box.name in theirs.fields
    ]
    return [row for row in both if row["yours"] != row["now"]]


def typed_in_words(box: BoundField) -> str:
    """What stands in the boxes of a field, right or wrong, as a person reads it."""
    value = box.value()
    labels = dict(getattr(box.field, "choices", ()))
    if value in (None, ""):
        return ""
    if not isinstance(value, list | tuple):
        return str(labels.get(value, value))
    if value and isinstance(value[0], tuple):
        return "\n".join(filter(None, (line.words for line in value)))
    between = ", " if labels else " "
    return between.join(str(labels.get(part, part)) for part in value if part)
