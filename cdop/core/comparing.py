"""A stale page: what was typed is kept, and stands beside what somebody else saved meanwhile."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django.forms import Form
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
