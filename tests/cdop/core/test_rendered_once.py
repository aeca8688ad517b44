"""A field that stands on every page as its form declares it is rendered once; no other ever is."""

from typing import ClassVar

import pytest
from django import forms

from cdop.core import rendering
from cdop.core.fields import DatePartsField, QuestionForm, TextField
from cdop.core.organisations import Organisation
from tests.cdop.core.test_organisations import an_organisation


class Asking(QuestionForm):
    """A form with one field of several kinds."""

    reveals: ClassVar = {"opens": {"yes": ("inside",)}}

    name = TextField(label="Name", noun="The name")
    day = DatePartsField(label="Day", noun="The day", blank="Enter the day")
    way = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    opens = forms.ChoiceField(choices=[("yes", "Yes")], widget=forms.RadioSelect)
    inside = TextField(label="Inside", noun="It")


NAMES = ["name", "day", "way"]


@pytest.fixture(autouse=True)
def nothing_rendered_before(monkeypatch):
    monkeypatch.setattr(rendering, "RENDERED", {})


def kept() -> set[str]:
    return {key[1] for key in rendering.RENDERED}


@pytest.mark.parametrize("name", NAMES)
def test_a_field_as_declared_is_rendered_once_and_the_same_again(name):
    first, second = (Asking()[name].as_field_group() for _ in range(2))

    assert first == second and f'name="{name}' in first
    assert kept() == {name}


def test_what_was_typed_is_never_kept():
    form = Asking({"name": "Typed-Name", "way": "a"})

    assert "Typed-Name" in str(form)
    assert kept() == set()


@pytest.mark.parametrize("name", NAMES)
def test_what_a_record_holds_is_never_kept(name):
    values = {"name": "Kept-Name", "day": "2014-05-06", "way": "b"}

    assert str(Asking(initial=values)[name].as_field_group())
    assert kept() == set()


def changed(part, value):
    form = Asking()
    setattr(form.fields["way" if part == "choices" else "name"], part, value)
    return form


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("label", "Who Invented-Name is"),
        ("help_text", "As Invented-Name said"),
        ("initial", "Invented-Name"),
        ("choices", [("a", "Invented-Name")]),
        ("warning", "Invented-Name"),
        ("disabled", True),
        ("required", False),
    ],
)
def test_what_one_page_alone_says_of_a_field_is_never_kept(part, value):
    form = changed(part, value)
    name = "way" if part == "choices" else "name"

    assert str(form[name].as_field_group())
    assert kept() == set()


def test_a_field_that_opens_another_is_not_kept_for_what_stands_inside():
    form = Asking(initial={"inside": "Kept-Name"})

    assert "Kept-Name" in form["opens"].as_field_group()
    assert kept() == set()


@pytest.mark.django_db
@pytest.mark.parametrize("widget", [forms.Select, forms.RadioSelect])
def test_what_the_database_offers_is_asked_for_anew_on_every_page(widget):
    class Choosing(QuestionForm):
        trust = forms.ModelChoiceField(Organisation.objects.in_use(), widget=widget)

    an_organisation("Former Hospital")
    assert "Former Hospital" in Choosing()["trust"].as_field_group()
    an_organisation("Present Hospital")

    assert "Present Hospital" in Choosing()["trust"].as_field_group()
    assert kept() == set()


def test_what_a_function_offers_is_asked_for_anew_on_every_page():
    offered = [("a", "A")]

    class Choosing(QuestionForm):
        way = forms.ChoiceField(choices=lambda: offered)

    assert Choosing()["way"].as_field_group()
    offered.append(("b", "Added since"))

    assert "Added since" in Choosing()["way"].as_field_group()
    assert kept() == set()


def test_two_forms_on_a_page_keep_their_own_names():
    one, other = Asking(prefix="one")["name"], Asking(prefix="other")["name"]

    assert 'name="one-name"' in one.as_field_group()
    assert 'name="other-name"' in other.as_field_group()
