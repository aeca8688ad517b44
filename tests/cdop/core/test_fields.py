"""What people type at night, and the sentence that each mistake gets."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from cdop.core import fields
from cdop.core.typed import MONTHS, DateParts, Person, Professional, tidy

DAY = "Date of birth must have a day from 1 to 31"
MONTH = "Date of birth must have a month from 1 to 12, or its name"
YEAR = "Date of birth must have a year in 4 figures, from 1900 to 2100"
HOW_TO_WRITE_A_TIME = "Enter the time in hours and minutes, such as 14:30 or 2:30pm"
KEPT = "It is kept as you typed it: check it when you can."
BORN = fields.DatePartsField(noun="Date of birth", blank="Enter the date the child died")


def mistakes(field, typed):
    """The sentences of the mistakes, each with the boxes that it names."""
    with pytest.raises(ValidationError) as caught:
        field.clean(typed)
    return [
        (error.messages[0], (error.params or {}).get("parts", ()))
        for error in caught.value.error_list
    ]


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
        (
            ("1", "1", "14"),
            YEAR,
            ("year",),
        ),
        (
            ("1", "1", "20144"),
            YEAR,
            ("year",),
        ),
    ],
)
def test_a_wrong_date_names_the_wrong_boxes(typed, sentence, boxes):
    assert mistakes(BORN, DateParts(*typed)) == [(sentence, boxes)]


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


def test_people_are_read_line_by_line_and_empty_lines_are_nothing():
    data = QueryDict(
        "f-0-name=Ana+Invented&f-0-relationship=Mother&f-3-relationship=Aunt&f-3-details=Crewe"
    )
    field = fields.PeopleField()

    typed = field.widget.value_from_datadict(data, {}, "f")

    assert field.clean(typed) == [
        {"name": "Ana Invented", "relationship": "Mother", "details": ""},
        {"name": "", "relationship": "Aunt", "details": "Crewe"},
    ]


def test_kept_people_come_back_into_their_boxes_unchanged():
    field = fields.PeopleField()
    kept = [{"name": "Ana", "relationship": "Mother", "details": "born 1 May 1990"}]

    assert field.prepare_value(kept) == [Person("Ana", "Mother", "born 1 May 1990")]
    assert not field.has_changed(kept, [*field.prepare_value(kept), Person()])
    assert field.has_changed(kept, [Person("Anna", "Mother")])


def test_each_line_of_people_gets_its_own_mistake():
    people = [Person("X" * 201), Person("Ana", "Y" * 300)]

    assert mistakes(fields.PeopleField(), people) == [
        ("Name of person 1 must be 200 characters or fewer. You typed 201.", ("0-name",)),
        (
            "Relationship of person 2 must be 200 characters or fewer. You typed 300.",
            ("1-relationship",),
        ),
    ]


def test_people_can_be_required():
    field = fields.PeopleField(blank="Name at least one person")

    assert mistakes(field, [Person()]) == [("Name at least one person", ())]


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


def test_not_known_in_the_boxes_of_a_date_is_as_good_as_nothing():
    born = fields.DatePartsField(required=False)

    assert born.clean(DateParts("not known", "", "")) is None
    assert mistakes(BORN, DateParts("not known", "", "")) == [("Enter the date the child died", ())]


def test_not_known_in_free_text_is_an_answer():
    assert fields.TextField().clean("Not known") == "Not known"


def test_professionals_are_read_line_by_line():
    data = QueryDict(
        "f-0-name=Bo&f-0-role=Midwife&f-0-organisation=Ward&f-0-telephone=01632&f-0-told=yes"
    )
    field = fields.ProfessionalsField()

    typed = field.widget.value_from_datadict(data, {}, "f")

    assert field.clean(typed) == [
        {
            "name": "Bo",
            "role": "Midwife",
            "organisation": "Ward",
            "telephone": "01632",
            "told": "yes",
        }
    ]


def test_whether_somebody_was_told_is_one_of_three_answers():
    assert mistakes(fields.ProfessionalsField(), [Professional("Bo", told="perhaps")]) == [
        ("Choose one of the answers on the page", ("0-told",))
    ]
