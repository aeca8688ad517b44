"""What people type at night, and the sentence that each mistake gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdop.core import fields
from cdop.core.typed import tidy
from tests.cdop.core.mistakes import mistakes

KEPT = "It is kept as you typed it: check it when you can."


def test_a_name_of_10000_characters_is_refused_whole_with_both_numbers():
    field = fields.TextField(limit=200, noun="The name")

    assert field.clean("X" * 200) == "X" * 200
    assert mistakes(field, "X" * 10_000) == [
        ("The name must be 200 characters or fewer. You typed 10,000.", ())
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ana  ", "Ana"),
        ("Zoe\u0308", "Zoë"),
        ("שרה לוי", "שרה לוי"),
        ("محمد", "محمد"),
        ("👩‍👧 Ana", "👩‍👧 Ana"),
        ("A\u202ena\u202c", "Ana"),
        ("A\u2066na\u2069", "Ana"),
        ("A\x00n\x1ba", "An a"),
        ("two\nlines", "two lines"),
        ("\x85Ana\x9f", "Ana"),
    ],
)
def test_text_keeps_every_script_and_loses_only_what_nobody_sees(typed, kept):
    assert fields.TextField(limit=200).clean(typed) == kept


def test_longer_text_keeps_its_lines():
    assert tidy("one\r\ntwo\rthree\tfour", lines=True) == "one\ntwo\nthree\tfour"


@given(st.text())
def test_tidy_text_stays_as_it_is_when_it_is_tidied_again(typed):
    assert tidy(tidy(typed, lines=True), lines=True) == tidy(typed, lines=True)
    assert "\0" not in tidy(typed)


@pytest.mark.parametrize(
    ("typed", "kept", "warning"),
    [
        ("", "", ""),
        ("999 000 0018", "9990000018", ""),
        ("999-000-0018", "9990000018", ""),
        (
            "9990000017",
            "9990000017",
            f"The last digit does not fit the others, so at least one digit is mistyped. {KEPT}",
        ),
        (
            "999 000",
            "999 000",
            f"An NHS number has 10 digits; this has 6. {KEPT}",
        ),
    ],
)
def test_an_nhs_number_that_cannot_be_right_is_kept_and_warned_about(typed, kept, warning):
    field = fields.NHSNumberField(required=False)

    assert (field.clean(typed), field.warning) == (kept, warning)


def test_a_warning_is_gone_once_the_number_is_right():
    field = fields.NHSNumberField()
    field.clean("9990000017")

    field.clean("9990000018")

    assert field.warning == ""


@pytest.mark.parametrize(
    ("typed", "kept", "warned"),
    [
        ("cw12ab", "CW1 2AB", False),
        (" Cw1  2aB ", "CW1 2AB", False),
        ("CW1", "CW1", True),
        ("10115 Berlin", "10115 Berlin", True),
        ("", "", False),
    ],
)
def test_a_postcode_is_written_properly_and_never_stops_anybody(typed, kept, warned):
    field = fields.PostcodeField(required=False)

    assert (field.clean(typed), bool(field.warning)) == (kept, warned)


class Child(fields.QuestionForm):
    number = fields.NHSNumberField(required=False)
    postcode = fields.PostcodeField(required=False)


def test_a_form_with_warnings_is_valid():
    form = Child({"number": "9990000017", "postcode": "CW1 2AB"})

    assert form.is_valid()
    assert list(form.warnings) == ["number"]
    assert Child().warnings == {}


def test_a_warning_does_not_pass_from_one_form_to_the_next():
    assert Child({"number": "9990000017"}).warnings

    assert Child({"number": "9990000018"}).warnings == {}


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        (fields.NumberField(), "forty", "Enter a whole number in figures"),
        (fields.NumberField(), "1.5", "Enter a whole number in figures"),
        (fields.NumberField(), "9" * 5000, "Enter a whole number in figures"),
        (fields.NumberField(most=45), "46", "The number must be from 0 to 45"),
        (fields.NumberField(), "-1", "The number must be from 0 to 100,000"),
        (
            fields.EmailField(),
            "nobody@nowhere",
            "Enter an email address in the usual form, such as name@example.org",
        ),
        (
            fields.PhoneField(),
            "ward 3",
            "Enter a telephone number in figures, such as 01632 960001",
        ),
    ],
)
def test_other_mistakes_get_a_sentence(field, typed, sentence):
    assert mistakes(field, typed) == [(sentence, ())]


def test_a_telephone_number_may_have_an_extension():
    assert fields.PhoneField().clean("01632 960001 ext. 7, bleep 12") == (
        "01632 960001 ext. 7, bleep 12"
    )


@pytest.mark.parametrize(
    ("typed", "weeks", "warning"),
    [
        ("39", 39, ""),
        (" 24+3 ", 24, "24+3 is kept as 24 completed weeks."),
        ("24 + 3", 24, "24+3 is kept as 24 completed weeks."),
        ("24+3/40", 24, "24+3 is kept as 24 completed weeks."),
        ("24/40", 24, ""),
        ("24 weeks 3 days", 24, "24+3 is kept as 24 completed weeks."),
        ("24 weeks and 3 days", 24, "24+3 is kept as 24 completed weeks."),
        ("24w3d", 24, "24+3 is kept as 24 completed weeks."),
        ("24+0", 24, ""),
        ("Not known", None, ""),
        ("", None, ""),
    ],
)
def test_the_length_of_a_pregnancy_is_kept_in_completed_weeks(typed, weeks, warning):
    field = fields.WeeksField(required=False)

    assert (field.clean(typed), field.warning) == (weeks, warning)


@pytest.mark.parametrize("typed", ["term", "24.5", "+", "-3", "²", "9999", "24+3+1"])
def test_other_words_are_not_weeks(typed):
    assert mistakes(fields.WeeksField(), typed) == [
        ("Enter the weeks in figures, such as 39 or 24+3", ())
    ]


def test_a_week_has_at_most_six_days_left_over():
    assert mistakes(fields.WeeksField(), "24+7") == [
        ("After the weeks there can be 0 to 6 days, such as 24+3", ())
    ]


@pytest.mark.parametrize("typed", ["not known", "Unknown", "N/K", "don’t know", "Not  known."])
@pytest.mark.parametrize(
    "field",
    [
        fields.TimeField,
        fields.NumberField,
        fields.WeeksField,
        fields.NHSNumberField,
        fields.PostcodeField,
        fields.PhoneField,
        fields.EmailField,
    ],
)
def test_not_known_in_a_box_is_as_good_as_nothing(field, typed):
    assert field(required=False).clean(typed) in (None, "")


def test_not_known_in_free_text_is_an_answer():
    assert fields.TextField().clean("Not known") == "Not known"
