"""Dates and times as people type them, and the sentence that each mistake gets."""

from collections.abc import Iterator
from datetime import date, time

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import get_resolver
from hypothesis import given
from hypothesis import strategies as st

from cdop.core import fields
from cdop.core.typed import MONTHS, DateParts
from tests.cdop.core.mistakes import mistakes

DAY = "Date of birth must have a day from 1 to 31"
MONTH = "Date of birth must have a month from 1 to 12, or its name"
FOUR = "Date of birth must have a year of four numbers, like 2026"
YEAR = "Date of birth must have a year from 1900 to 2100"
HOW_TO_WRITE_A_TIME = "Enter the time in hours and minutes, such as 14:30 or 2:30pm"
BORN = fields.DatePartsField(noun="Date of birth", blank="Enter the date the child died")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (("6", "8", "2018"), date(2018, 8, 6)),
        (("06", "08", "2018"), date(2018, 8, 6)),
        (("6", "August", "2018"), date(2018, 8, 6)),
        (("6", "aug", "2018"), date(2018, 8, 6)),
        (("6", "Sept.", "2018"), date(2018, 9, 6)),
        (("1", "MAY", "2018"), date(2018, 5, 1)),
        (("29", "2", "2016"), date(2016, 2, 29)),
        (("٦", "٨", "٢٠١٨"), date(2018, 8, 6)),
    ],
)
def test_a_date_may_be_written_in_several_ways(typed, value):
    assert BORN.clean(DateParts(*typed)) == value


@pytest.mark.parametrize(
    ("typed", "sentence", "boxes"),
    [
        (("", "", ""), "Enter the date the child died", ()),
        (("6", "8", ""), "Date of birth must include a year", ("year",)),
        (("6", "", ""), "Date of birth must include a month and year", ("month", "year")),
        (("31", "June", "2014"), "There is no 31 June", ("day", "month")),
        (("30", "2", "2014"), "There is no 30 February", ("day", "month")),
        (("29", "2", "2015"), "There is no 29 February in 2015", ("day", "month", "year")),
        (("32", "1", "2014"), DAY, ("day",)),
        (("0", "1", "2014"), DAY, ("day",)),
        (("x", "1", "2014"), DAY, ("day",)),
        (
            ("1", "13", "2014"),
            MONTH,
            ("month",),
        ),
        (
            ("1", "Ju", "2014"),
            MONTH,
            ("month",),
        ),
        (
            ("1", "...", "2014"),
            MONTH,
            ("month",),
        ),
        (("1", "1", "26"), FOUR, ("year",)),
        (("1", "1", "'26"), FOUR, ("year",)),
        (("1", "1", "20144"), FOUR, ("year",)),
        (("1", "1", "1899"), YEAR, ("year",)),
        (("1", "1", "2101"), YEAR, ("year",)),
    ],
)
def test_a_wrong_date_names_the_wrong_boxes(typed, sentence, boxes):
    assert mistakes(BORN, DateParts(*typed)) == [(sentence, boxes)]


def test_every_page_that_asks_for_a_date_asks_for_a_year_of_four_numbers():
    assert get_resolver().url_patterns, "with the pages come all forms"
    asked = {
        (form.__name__, name): field
        for form in below(forms.Form)
        for name, field in form.base_fields.items()
        if "date" in type(field).__name__.lower()
    }

    assert len(asked) > 12
    for place, field in asked.items():
        [(sentence, boxes)] = mistakes(field, DateParts("5", "5", "26"))
        assert sentence.endswith(" must have a year of four numbers, like 2026"), place
        assert boxes == ("year",), place


def below(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from below(each)


@given(st.tuples(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12)))
def test_no_text_in_the_boxes_of_a_date_breaks_the_page(typed):
    data = QueryDict(mutable=True)
    for part, text in zip(DateParts._fields, typed, strict=True):
        data[f"born-{part}"] = text
    field = fields.DatePartsField(noun="Date of birth", required=False)

    value = field.widget.value_from_datadict(data, {}, "born")

    try:
        assert field.clean(value) is None or DateParts.of(field.clean(value)) != DateParts()
    except ValidationError as mistake:
        assert mistake.messages[0].startswith(("Date of birth must ", "There is no "))


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.booleans())
def test_every_date_comes_back_as_it_was_written(day, named):
    parts = DateParts.of(day)
    written = parts._replace(month=MONTHS[day.month - 1]) if named else parts

    assert BORN.clean(written) == day
    assert not BORN.has_changed(day, parts)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("14:30", time(14, 30)),
        ("14.30", time(14, 30)),
        ("1430", time(14, 30)),
        ("14 30", time(14, 30)),
        ("14h30", time(14, 30)),
        ("930", time(9, 30)),
        ("2.30pm", time(14, 30)),
        ("2:30 p.m.", time(14, 30)),
        ("2PM", time(14)),
        ("12am", time(0)),
        ("12.15am", time(0, 15)),
        ("12pm", time(12)),
        ("14:30pm", time(14, 30)),
        ("00:00", time(0)),
        ("Midnight", time(0)),
        ("midday", time(12)),
    ],
)
def test_a_time_may_be_written_in_several_ways(typed, value):
    assert fields.TimeField().clean(typed) == value


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("7", HOW_TO_WRITE_A_TIME),
        ("about two", HOW_TO_WRITE_A_TIME),
        ("14:3", HOW_TO_WRITE_A_TIME),
        ("14:30:15", HOW_TO_WRITE_A_TIME),
        ("25:00", "There is no 25:00. Enter the time as 14:30 or 2:30pm."),
        ("14:75", "There is no 14:75. Enter the time as 14:30 or 2:30pm."),
        ("13am", "There is no 13am. Enter the time as 14:30 or 2:30pm."),
        ("0.30pm", "There is no 0.30pm. Enter the time as 14:30 or 2:30pm."),
        ("24:00", "Write midnight as 00:00, with the date of the day that begins"),
    ],
)
def test_a_wrong_time_gets_a_sentence(typed, sentence):
    assert mistakes(fields.TimeField(), typed) == [(sentence, ())]


@given(st.text(max_size=20))
def test_no_text_in_the_box_of_a_time_breaks_the_page(typed):
    try:
        fields.TimeField(required=False).clean(typed)
    except ValidationError as mistake:
        assert len(mistake.messages) == 1


def test_not_known_in_the_boxes_of_a_date_is_as_good_as_nothing():
    born = fields.DatePartsField(required=False)

    assert born.clean(DateParts("not known", "", "")) is None
    assert mistakes(BORN, DateParts("not known", "", "")) == [("Enter the date the child died", ())]
