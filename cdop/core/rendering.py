"""``{{ form }}`` as the NHS design system writes it: label, hint, mistake and box belong together.

``component`` turns one field into a macro of the design system and its parameters;
``templates/forms/field.jinja`` calls the macro. The forms of libraries come out the same.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input
from django.http import HttpRequest
from django.utils.choices import BaseChoiceIterator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cdop.core.fields import (
    NOT_APPLICABLE,
    NOT_KNOWN,
    PEOPLE_LINES,
    YES_NO_UNKNOWN,
    DatePartsInput,
    PeopleInput,
    ProfessionalsInput,
)
from cdop.core.typed import DateParts, Person, Professional

Params = dict[str, Any]

PASSED_ON = ("autocomplete", "inputmode", "spellcheck", "autocapitalize")
"""What the design system takes from a widget's attributes. Never ``maxlength``: a browser cuts
what is pasted into it, and nobody sees that something is missing."""

PERSON_LABELS = {
    "name": "Name",
    "relationship": "Relationship to the child",
    "details": "Date of birth, address or telephone number, as far as it helps",
    "role": "Role",
    "organisation": "Where they work",
    "telephone": "Telephone number",
    "told": "Have they been told of the death?",
}

COUNTED_FROM = 75
"""Per cent of the limit of a long text from which on the characters left are counted."""


class NHSFormRenderer(TemplatesSetting):
    """Renders forms, formsets and fields with our templates, single widgets with Django's."""

    form_template_name = "forms/form.jinja"
    formset_template_name = "forms/formset.jinja"
    field_template_name = "forms/field.jinja"

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        """As ever, but what is the same on every page is rendered once by each process."""
        if template_name != self.field_template_name or not (key := as_declared(context["field"])):
            return super().render(template_name, context, request)
        if key not in RENDERED:
            RENDERED[key] = super().render(template_name, context, request)
        return RENDERED[key]


RENDERED: dict[tuple[Any, ...], str] = {}
"""Fields as they stand in the code: so many at most as the forms declare, and nothing typed."""


def as_declared(field: BoundField) -> tuple[Any, ...] | None:
    """What tells this field from every other where it stands as its form declares it, else None.

    None for whatever a person typed, a record holds or one page alone offers: nothing of that may
    outlast its page. The macros of the design system take milliseconds each.
    """
    form, now = field.form, field.field
    declared = getattr(form, "base_fields", {}).get(field.name)
    if form.is_bound or field.name in form.initial or field.name in getattr(form, "reveals", {}):
        return None
    if declared is None or _is_looked_up(now) or _said(declared) != _said(now):
        return None
    return (type(form), field.name, form.prefix, form.auto_id, _optional(field), str(field.value()))


def _is_looked_up(field: forms.Field) -> bool:
    """Whether what a field offers is asked for anew on every page, of the database or a function.

    Two such offers are equal while both find the same; neither says what the next page will find.
    """
    return isinstance(getattr(field, "choices", None), BaseChoiceIterator)


def _said(field: forms.Field) -> tuple[Any, ...]:
    """All that a page shows of a field before anybody typed."""
    choices = list(getattr(field, "choices", ()))
    words = (field.label, field.help_text, getattr(field, "warning", ""))
    flags = (field.required, field.disabled, field.initial)
    return (*words, *flags, choices, field.widget.attrs)


def questions(form: forms.BaseForm) -> list[BoundField]:
    """The visible fields of a form, without those that an answer of another one reveals."""
    reveals = getattr(form, "reveals", {}).values()
    inside = {name for answers in reveals for names in answers.values() for name in names}
    return [field for field in form.visible_fields() if field.name not in inside]


def mistakes(form: forms.BaseForm) -> list[Params]:
    """One line for each mistake, with the address of the first box that it is about."""
    return [
        {"text": _sentence(form, name, error)} | _link(form, name, error)
        for name, errors in form.errors.as_data().items()
        for error in errors
    ]


def component(field: BoundField) -> Params:
    """The NHS macro for a field (``macro``) and its parameters (``params``)."""
    for kind in type(field.field.widget).__mro__:
        if kind in COMPONENTS:
            name, build = COMPONENTS[kind]
            return {"macro": name, "params": _shared(field) | build(field)}
    raise TypeError(f"There is no NHS component for {type(field.field.widget).__name__}.")


def wrong_parts(field: BoundField) -> set[str]:
    """The boxes of a field that its mistakes name."""
    return {part for error in field.errors.as_data() for part in _parts(error)}


def _shared(field: BoundField) -> Params:
    shared: Params = {"name": field.html_name}
    if hint := _hint(field):
        shared["hint"] = {"html": hint}
    if field.errors:
        sentences = ((_sentence(field.form, field.name, e),) for e in field.errors.as_data())
        shared["errorMessage"] = {"html": format_html_join(SafeString("<br>"), "{}", sentences)}
    if field.field.disabled:
        shared["disabled"] = True
    return shared


def _hint(field: BoundField) -> str:
    warning = getattr(field.field, "warning", "") if field.form.is_bound else ""
    if not warning:
        return format_html("{}", field.help_text) if field.help_text else ""
    return format_html('{} <span class="cdop-warning">{}</span>', field.help_text, warning)


def _labelled(field: BoundField) -> Params:
    return {"id": field.auto_id, "label": _words(field)}


def _grouped(field: BoundField) -> Params:
    return {"fieldset": {"legend": _words(field)}, "idPrefix": field.auto_id}


def _words(field: BoundField) -> Params:
    if getattr(field.form, "is_page_heading", False):
        return {"text": field.label, "size": "l", "isPageHeading": True}
    return {"text": f"{field.label}{_optional(field)}", "size": "s"}


def _optional(field: BoundField) -> str:
    """Says "(optional)" on a form that has required fields too and does not say it elsewhere."""
    fields = field.form.fields.values()
    marks = getattr(field.form, "marks_optional", True) and any(each.required for each in fields)
    return " (optional)" if marks and not field.field.required else ""


def _input(field: BoundField) -> Params:
    widget = field.field.widget
    attrs = {name: widget.attrs[name] for name in PASSED_ON if name in widget.attrs}
    return _labelled(field) | {
        "type": widget.attrs.get("type", widget.input_type),
        "value": widget.format_value(field.value()),
        "width": widget.attrs.get("width", ""),
        "attributes": {name: value for name, value in attrs.items() if name == "spellcheck"},
        **{name: value for name, value in attrs.items() if name != "spellcheck"},
    }


def _password(field: BoundField) -> Params:
    attrs = field.field.widget.attrs
    return _labelled(field) | {"autocomplete": attrs.get("autocomplete", "current-password")}


USUAL_ROWS = 5
"""Lines of a box for text, where its field does not say how many ``rows``."""


def _textarea(field: BoundField) -> Params:
    limit = getattr(field.field, "limit", None) or getattr(field.field, "max_length", None)
    counted = {"maxlength": limit, "threshold": COUNTED_FROM} if limit else {}
    rows = getattr(field.field, "rows", USUAL_ROWS)
    return _labelled(field) | {"value": field.value() or "", "rows": rows} | counted


def _select(field: BoundField) -> Params:
    revealed = getattr(field.form, "reveals", {}).get(field.name, {})
    opens = {"attributes": {"data-opens": "yes"}}
    items = [
        item | (opens if item["value"] in revealed else {}) for item in _items(field, "selected")
    ]
    inside = dict.fromkeys(name for names in revealed.values() for name in names)
    return _labelled(field) | {"items": items, "inside": _inside(field.form, inside)}


def _radios(field: BoundField) -> Params:
    revealed = getattr(field.form, "reveals", {}).get(field.name, {})
    items = [
        item | {"inside": _inside(field.form, revealed.get(item["value"], ()))}
        for item in _items(field, "checked")
    ]
    return _grouped(field) | {"items": _set_apart(items, {})}


def _checkboxes(field: BoundField) -> Params:
    shut_out = {"behaviour": "exclusive"}
    alone = getattr(field.field, "alone", ())
    items = [
        item | (shut_out if item["value"] in alone else {}) for item in _items(field, "checked")
    ]
    params = _grouped(field) | {"items": _set_apart(items, shut_out)}
    return params | _aside(field) if getattr(field.field, "aside", False) else params


def _aside(field: BoundField) -> Params:
    """Small boxes on one line, close below the field that they belong to, which names them."""
    legend = {"text": field.label, "classes": "nhsuk-u-visually-hidden"}
    return {
        "small": True,
        "inline": True,
        "fieldset": {"legend": legend},
        "formGroup": {"classes": "cdop-aside"},
    }


def _single_checkbox(field: BoundField) -> Params:
    item = {"value": "true", "text": field.label, "checked": bool(field.value())}
    return {"idPrefix": field.auto_id, "items": [item]}


def _file(field: BoundField) -> Params:
    return _labelled(field) | {"multiple": field.field.widget.allow_multiple_selected}


def _date(field: BoundField) -> Params:
    boxes = _date_boxes(field, DateParts.of(field.value()), wrong_parts(field))
    return _grouped(field) | {"id": field.auto_id, "items": boxes}


def _people(field: BoundField) -> Params:
    people: list[Person | Professional] = field.value()
    people += [field.field.widget.line()] * (PEOPLE_LINES - len(people))
    wrong = wrong_parts(field)
    return _grouped(field) | {
        "id": field.auto_id,
        "people": [
            {"boxes": _person_boxes(field, row, person, wrong), "typed": any(person)}
            for row, person in enumerate(people)
        ],
    }


def _person_boxes(
    field: BoundField, row: int, person: Person | Professional, wrong: set[str]
) -> list[Params]:
    return [
        {
            "id": f"{field.auto_id}-{row}-{part}",
            "name": f"{field.html_name}-{row}-{part}",
            "label": PERSON_LABELS[part],
            "value": value,
            "autocomplete": "off",
            "errorMessage": f"{row}-{part}" in wrong,
        }
        | (_told(field, row, value) if part == "told" else {})
        for part, value in person._asdict().items()
    ]


def _told(field: BoundField, row: int, chosen: str) -> Params:
    """The parameters that make a box of a professional three radios."""
    items = [
        {"value": code, "text": label, "checked": code == chosen} for code, label in YES_NO_UNKNOWN
    ]
    return {
        "idPrefix": f"{field.auto_id}-{row}-told",
        "fieldset": {"legend": {"text": PERSON_LABELS["told"]}},
        "items": items,
    }


def _date_boxes(field: BoundField, typed: DateParts, wrong: set[str]) -> list[Params]:
    return [
        {
            "id": f"{field.auto_id}-{part}",
            "name": f"{field.html_name}-{part}",
            "label": part.capitalize(),
            "value": value,
            "width": 4 if part == "year" else 2,
            # The month may be a word, so its box must not bring up the figures only.
            "inputmode": "text" if part == "month" else "numeric",
            "autocomplete": "off",
            **({"error": part in wrong} if wrong else {}),
        }
        for part, value in typed._asdict().items()
    ]


def _items(field: BoundField, mark: str) -> Iterable[Params]:
    for choice in field.subwidgets:
        data = choice.data
        value = "" if data["value"] is None else str(data["value"])
        yield {"value": value, "text": data["label"], mark: data["selected"]}


def _set_apart(items: list[Params], behaviour: Params) -> list[Params]:
    """Put "or" before "Not known" where it comes last, since it is no answer like the others.

    So too before "Not applicable", and before both where they come last.
    """
    last = len(items)
    while last and items[last - 1]["value"] in (NOT_KNOWN, NOT_APPLICABLE):
        last -= 1
    if last < 2 or last == len(items):
        return items
    return [*items[:last], {"divider": "or"}, *(item | behaviour for item in items[last:])]


def _inside(form: forms.BaseForm, names: Iterable[str]) -> str:
    return SafeString("".join(form[name].as_field_group() for name in names))  # nosec B703


def _link(form: forms.BaseForm, name: str, error: ValidationError) -> Params:
    if name not in form.fields or form.fields[name].widget.is_hidden:
        return {}
    field = form[name]
    parts = _parts(error) or FIRST_BOX.get(type(field.field.widget), ())
    return {"href": "#" + "-".join((field.auto_id, *parts[:1]))}


def _parts(error: ValidationError) -> tuple[str, ...]:
    return tuple((getattr(error, "params", None) or {}).get("parts", ()))


def _sentence(form: forms.BaseForm, name: str, error: ValidationError) -> str:
    """The sentence of a mistake; for a field without one of its own, what Django leaves out."""
    sentence = str(error.messages[0])
    field = form.fields.get(name)
    if not field or error.code != "required" or sentence != UNANSWERED:
        return sentence
    label = str(form[name].label)
    verb = "Select" if isinstance(field, forms.ChoiceField) else "Enter"
    return f"{verb} {label[:1].lower()}{label[1:]}"


UNANSWERED = str(forms.Field.default_error_messages["required"])
FIRST_BOX = {
    DatePartsInput: ("day",),
    PeopleInput: ("0-name",),
    ProfessionalsInput: ("0-name",),
}
COMPONENTS: dict[type[forms.Widget], tuple[str, Callable[[BoundField], Params]]] = {
    Input: ("input", _input),
    forms.PasswordInput: ("passwordInput", _password),
    forms.FileInput: ("fileUpload", _file),
    forms.CheckboxInput: ("checkboxes", _single_checkbox),
    forms.Textarea: ("textarea", _textarea),
    forms.Select: ("select", _select),
    forms.RadioSelect: ("radios", _radios),
    forms.CheckboxSelectMultiple: ("checkboxes", _checkboxes),
    DatePartsInput: ("dateInput", _date),
    PeopleInput: ("people", _people),
}
