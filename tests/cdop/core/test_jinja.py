"""How values are shown, and how the NHS macros are reached from the pages of libraries."""

from datetime import UTC, date, datetime

import pytest
from django.template import engines
from django.template.exceptions import TemplateDoesNotExist

from cdop.core import jinja


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2018, 8, 6), "6 August 2018"),
        (datetime(2018, 8, 6, 23, 30, tzinfo=UTC), "7 August 2018"),
        (None, ""),
    ],
)
def test_a_date_has_its_month_in_words_and_is_that_of_london(value, text):
    assert jinja.day(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2018, 8, 6, 13, 30, tzinfo=UTC), "6 August 2018, 2:30pm"),
        (datetime(2018, 1, 6, 13, 5, tzinfo=UTC), "6 January 2018, 1:05pm"),
        (datetime(2018, 8, 5, 23, 0, tzinfo=UTC), "6 August 2018, 12:00am"),
        (datetime(2018, 1, 6, 12, 0, tzinfo=UTC), "6 January 2018, 12:00pm"),
        (None, ""),
    ],
)
def test_a_moment_is_shown_as_clocks_in_london_show_it(value, text):
    assert jinja.moment(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (datetime(2018, 8, 5, 23, 0, tzinfo=UTC), "6 August 2018"),
        (datetime(2018, 1, 6, 0, 0, tzinfo=UTC), "6 January 2018"),
        (datetime(2018, 8, 6, 0, 0, tzinfo=UTC), "6 August 2018, 1:00am"),
        (datetime(2018, 1, 6, 0, 0, 1, tzinfo=UTC), "6 January 2018, 12:00am"),
    ],
    ids=["nothing", "summer midnight", "winter midnight", "one in the morning", "after midnight"],
)
def test_where_only_the_day_is_known_it_stands_alone(value, text):
    assert jinja.when(value) == text


def test_a_moment_without_a_time_zone_is_no_moment():
    with pytest.raises(ValueError, match="has no time zone"):
        jinja.moment(datetime(2018, 8, 6))  # noqa: DTZ001 - this is the mistake


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ day | month }}", "August 2018"),
        ("{{ none | month }}", ""),
        ("{{ '9990000018' | nhs_number }}", "999\u00a0000\u00a00018"),
        ("{{ '999 000' | nhs_number }}", "999 000"),
        ("{{ none | nhs_number }}", ""),
        ("{{ 1 | count('death') }}, {{ 0 | count('death') }}", "1\u00a0death, 0\u00a0deaths"),
        ("{{ 1200 | count('child', 'children') }}", "1,200\u00a0children"),
        ("{{ 10000 | number }}", "10,000"),
        ("{{ '<b>' }}{{ missing.very.much }}", "&lt;b&gt;"),
    ],
)
def test_the_filters_of_the_pages(source, text):
    page = engines["jinja"].from_string(source)

    assert page.render({"day": date(2018, 8, 6)}) == text


def test_each_engine_keeps_to_its_own_files():
    with pytest.raises(TemplateDoesNotExist):
        engines["jinja"].get_template("account/login.html")
    assert engines["django"].get_template("account/login.html")


def test_a_macro_is_reached_from_a_page_of_a_library():
    source = '{% load nhsuk %}{% nhs "inset-text" text=reason %}'

    html = engines["django"].from_string(source).render({"reason": "<script>"})

    assert 'class="nhsuk-inset-text"' in html
    assert "<script>" not in html


def test_only_the_drawing_itself_is_set_into_the_page():
    source = "{% load nhsuk %}{{ svg|drawing:label }}"
    svg = '<?xml version="1.0"?>\n<svg viewBox="0 0 1 1">\n</svg>'

    html = engines["django"].from_string(source).render({"svg": svg, "label": '"Code"'})

    assert html == (
        '<div class="cdop-code" role="img" aria-label="&quot;Code&quot;">'
        '<svg viewBox="0 0 1 1">\n</svg></div>'
    )


@pytest.mark.parametrize(
    ("words", "html"),
    [
        (
            "01632 960000, an invented number",
            '<a class="cdop-number" href="tel:01632960000">01632 960000</a>, an invented number',
        ),
        ("116 123", '<a class="cdop-number" href="tel:116123">116 123</a>'),
        ("+44 1632 960000", '<a class="cdop-number" href="tel:+441632960000">+44 1632 960000</a>'),
        ("<b>Ana</b>, room 12", "&lt;b&gt;Ana&lt;/b&gt;, room 12"),
        ("", ""),
    ],
)
def test_a_telephone_can_ring_the_numbers_in_a_sentence(words, html):
    assert jinja.dial(words) == html
