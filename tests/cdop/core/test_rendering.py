"""The markup of forms: what belongs together is joined, and every mistake leads to its box."""

from html.parser import HTMLParser

import pytest
from allauth.account.forms import ResetPasswordForm
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.template import engines
from django.template.loader import render_to_string

from cdop.core.fields import DatePartsField, PeopleField, QuestionForm, TextField
from cdop.core.rendering import component, mistakes
from tests.cdop.core.gallery import EveryField

VALUELESS = {"area", "br", "input", "img", "hr", "link", "meta", "path"}


class Page(HTMLParser):
    """The elements of a piece of HTML, each as its attributes with "tag" and "text"."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(str(html))

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "text": "", **dict(attrs)}
        self.elements.append(element)
        if tag not in VALUELESS:
            self.open.append(element)

    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def all(self, tag, **attrs):
        return [
            each
            for each in self.elements
            if each["tag"] == tag and all(each.get(key) == value for key, value in attrs.items())
        ]

    def one(self, ident):
        (found,) = (each for each in self.elements if each.get("id") == ident)
        return found

    def text(self, ident):
        return " ".join(self.one(ident)["text"].split())


def every_field(**typed):
    data = QueryDict("version=3", mutable=True)
    for name, value in typed.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return EveryField(data)


WRONG = {
    "born__day": "31",
    "born__month": "June",
    "born__year": "2014",
    "at": "25:00",
    "story": "one\n  two",
    "told": "yes",
    "decided": "X" * 201,
    "family__1__name": "Y" * 201,
    "number": "9990000017",
}


@pytest.mark.parametrize("form", [EveryField(), every_field(**WRONG)], ids=["empty", "wrong"])
def test_every_id_is_there_once_and_every_reference_leads_to_one(form):
    page = Page(form)
    ids = [each["id"] for each in page.elements if each.get("id")]
    targets = {each["for"] for each in page.all("label")}
    for each in page.elements:
        targets |= set(each.get("aria-describedby", "").split())

    assert sorted(ids) == sorted(set(ids))
    assert targets <= set(ids)


@pytest.mark.parametrize("form", [EveryField(), every_field(**WRONG)], ids=["empty", "wrong"])
def test_every_box_has_a_label_and_no_box_cuts_what_is_typed(form):
    page = Page(form)
    labelled = {each["for"] for each in page.all("label")}
    boxes = [
        each
        for tag in ("input", "select", "textarea")
        for each in page.all(tag)
        if each.get("type") != "hidden"
    ]

    assert {box["id"] for box in boxes} <= labelled
    assert not [box for box in boxes if "maxlength" in box or "required" in box]


def test_each_mistake_leads_to_the_first_box_that_it_is_about():
    form = every_field(**WRONG)

    assert mistakes(form) == [
        {"text": "Enter the child's family name", "href": "#id_name"},
        {"text": "There is no 31 June", "href": "#id_born-day"},
        {"text": "There is no 25:00. Enter the time as 14:30 or 2:30pm.", "href": "#id_at"},
        {"text": "Select sex", "href": "#id_sex"},
        {
            "text": "The answer must be 200 characters or fewer. You typed 201.",
            "href": "#id_decided",
        },
        {
            "text": "Name of person 2 must be 200 characters or fewer. You typed 201.",
            "href": "#id_family-1-name",
        },
    ]
    page = Page(form)
    assert all(page.one(mistake["href"][1:])["tag"] == "input" for mistake in mistakes(form)[:4])


def test_the_words_of_a_mistake_stand_beside_its_box_too():
    page = Page(every_field(**WRONG))

    assert page.text("id_name-error") == "Error: Enter the child's family name"
    assert page.text("id_born-error") == "Error: There is no 31 June"
    assert page.one("id_name")["aria-describedby"] == "id_name-error"
    described = [each.get("aria-describedby") for each in page.all("fieldset")]
    assert "id_born-hint id_born-error" in described
    assert "id_sex-error" in described


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ({"day": "31", "month": "6", "year": "2014"}, {"day", "month"}),
        ({"day": "1", "month": "13", "year": "2014"}, {"month"}),
        ({"day": "1", "month": "1", "year": ""}, {"year"}),
        ({"day": "", "month": "", "year": ""}, {"day", "month", "year"}),
    ],
)
def test_only_the_wrong_boxes_of_a_date_are_marked(typed, marked):
    page = Page(every_field(**{f"born__{part}": value for part, value in typed.items()}))

    boxes = {part: page.one(f"id_born-{part}") for part in ("day", "month", "year")}
    assert {part for part, box in boxes.items() if "nhsuk-input--error" in box["class"]} == marked
    assert {part: box["value"] for part, box in boxes.items()} == typed


def test_what_was_typed_stands_in_its_boxes_again():
    typed = {
        "name": "<b>שרה</b>",
        "at": "half past",
        "story": "one\n  two\n\n<three>",
        "told": "yes",
        "decided": "line\n    indented",
        "area": "E06000006",
        "services": ["police", "school"],
        "sex": "female",
        "family__2__name": "Ana",
    }

    page = Page(every_field(**typed))

    assert page.one("id_name")["value"] == "<b>שרה</b>"
    assert page.one("id_at")["value"] == "half past"
    assert page.one("id_story")["text"] == "one\n  two\n\n<three>"
    assert page.one("id_decided")["text"] == "line\n    indented"
    chosen = [each["value"] for each in page.elements if "checked" in each or "selected" in each]
    assert chosen == ["female", "yes", "E06000006", "police", "school"]
    assert page.one("id_family-2-name")["value"] == "Ana"
    assert ["open" in each for each in page.all("details")] == [False, True, False, False, False]


def test_a_password_is_never_sent_back():
    page = Page(every_field(secret="correct horse"))

    assert "value" not in page.one("id_secret")


def test_a_warning_is_part_of_the_hint_and_no_mistake():
    page = Page(every_field(number="9990000017"))

    assert page.text("id_number-hint").startswith("The last digit does not fit the others")
    assert page.one("id_number")["aria-describedby"] == "id_number-hint"
    assert "nhsuk-input--error" not in page.one("id_number")["class"]


def test_what_an_answer_calls_for_stands_right_after_it_and_nowhere_else():
    html = str(EveryField())

    assert html.count('id="id_decided"') == 1
    assert html.index('id="id_told"') < html.index('id="id_decided"') < html.index('id="id_told-2"')


def test_not_known_is_set_apart_and_shuts_out_other_answers():
    page = Page(EveryField())

    dividers = [each for each in page.elements if "__divider" in each.get("class", "")]
    assert [each["text"] for each in dividers] == ["or", "or", "or"]
    exclusive = [each["value"] for each in page.elements if "data-behaviour" in each]
    assert exclusive == ["not_known"]


def test_hidden_fields_are_there_without_a_label():
    page = Page(EveryField())

    assert page.all("input", type="hidden", name="version", value="3")
    assert not page.all("label", **{"for": "id_version"})


class Questions(QuestionForm):
    why = TextField(label="Why?", required=False, help_text="In <your> words")


class OneQuestion(Questions):
    is_page_heading = True


class OneDate(QuestionForm):
    is_page_heading = True
    day = DatePartsField(label="When?")


def test_a_question_alone_on_its_page_is_its_heading():
    assert [each["text"].strip() for each in Page(OneQuestion()).all("h1")] == ["Why?"]
    assert [each["text"].strip() for each in Page(OneDate()).all("h1")] == ["When?"]
    assert Page(Questions()).all("h1") == []


def test_optional_is_said_where_something_else_is_required():
    assert Page(EveryField()).all("label", **{"for": "id_at"})[0]["text"].split() == [
        *("Time", "of", "death", "(optional)")
    ]
    assert Page(Questions()).all("label")[0]["text"].strip() == "Why?"


def test_help_texts_are_escaped():
    assert Page(Questions()).text("id_why-hint") == "In <your> words"


def test_mistakes_of_the_whole_form_lead_nowhere():
    form = Questions({})
    form.add_error(None, "The two dates do not fit together")
    form.add_error("why", "Say why")

    assert mistakes(form) == [
        {"text": "The two dates do not fit together"},
        {"text": "Say why", "href": "#id_why"},
    ]


def test_a_form_with_a_prefix_leads_to_its_own_boxes():
    form = OneDate({"a-day-day": "31", "a-day-month": "6", "a-day-year": "2014"}, prefix="a")

    assert mistakes(form) == [{"text": "There is no 31 June", "href": "#id_a-day-day"}]
    assert Page(form).one("id_a-day-day")["value"] == "31"


def test_a_mistake_added_to_a_date_by_the_form_marks_all_its_boxes():
    form = OneDate({"day-day": "1", "day-month": "6", "day-year": "2014"})
    form.add_error("day", "The child cannot have died before being born")

    page = Page(form)

    boxes = [page.one(f"id_day-{part}")["class"] for part in ("day", "month", "year")]
    assert all("nhsuk-input--error" in each for each in boxes)
    assert mistakes(form)[0]["href"] == "#id_day-day"


def test_several_forms_of_a_kind_are_drawn_one_after_the_other():
    forms_ = forms.formset_factory(Questions, extra=2)(prefix="q")

    page = Page(forms_)

    assert [each["id"] for each in page.elements if each.get("name", "").endswith("-why")] == [
        "id_q-0-why",
        "id_q-1-why",
    ]
    assert page.all("input", name="q-TOTAL_FORMS", value="2")


def test_a_widget_without_a_component_is_refused():
    class Odd(forms.Form):
        odd = forms.CharField(widget=forms.MultiWidget([forms.TextInput()]))

    with pytest.raises(TypeError, match="There is no NHS component for MultiWidget"):
        component(Odd()["odd"])


def test_people_are_one_group_of_folded_lines():
    class Group(forms.Form):
        people = PeopleField(initial=[{"name": "A", "relationship": "", "details": ""}])

    page = Page(Group())

    assert len(page.all("input")) == 18
    assert page.one("id_people-0-name")["value"] == "A"
    assert [each["aria-label"] for each in page.all("div", role="group")] == [
        f"Person {number}" for number in range(1, 7)
    ]


def test_a_file_box_keeps_the_rest_of_the_form():
    form = EveryField({"name": "Ana"}, {"paper": SimpleUploadedFile("note.txt", b"x")})

    assert Page(form).one("id_name")["value"] == "Ana"


def test_the_summary_is_drawn_only_when_something_is_wrong():
    source = '{% from "components/errors.jinja" import error_summary %}{{ error_summary(form) }}'
    drawn = engines["jinja"].from_string(source)

    assert drawn.render({"form": Questions()}).strip() == ""
    page = Page(drawn.render({"form": every_field()}))
    assert [each["href"] for each in page.all("a")] == ["#id_name", "#id_born-day", "#id_sex"]


def test_a_form_of_a_library_is_drawn_like_ours():
    html = render_to_string(
        "allauth/elements/fields.html", {"attrs": {"form": ResetPasswordForm()}}
    )

    (box,) = Page(html).all("input")
    assert (box["class"], box["type"], box["autocomplete"]) == ("nhsuk-input", "email", "email")
    assert "placeholder" not in box
