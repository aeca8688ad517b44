"""Addresses that exist in the tests only: every component and every kind of field on a few pages.

Nothing here touches a database, so the pages can be looked at without one.
"""

from datetime import UTC, date, datetime
from itertools import groupby
from types import SimpleNamespace

from allauth.account.forms import LoginForm
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.template.loader import render_to_string
from django.urls import include, path

from cdop import editions
from cdop.core import fields
from cdop.core.navigation import LINKS
from cdop.core.questions import SectionForm, initial_of
from cdop.core.refusals import Refused
from cdop.core.views import accessibility, privacy
from cdop.urls import handler400, handler403, handler404

__all__ = ["handler400", "handler403", "handler404"]

INVENTED = SimpleNamespace(
    is_authenticated=True,
    name="Colleague Invented",
    hat="Coordinator",
    can=lambda permission: True,
)


class EveryField(fields.QuestionForm):
    """One of each."""

    name = fields.TextField(
        limit=200, noun="The name", label="Family name", blank="Enter the child's family name"
    )
    born = fields.DatePartsField(
        noun="Date of birth", label="Date of birth", help_text="For example, 15 3 2014"
    )
    at = fields.TimeField(label="Time of death", required=False)
    number = fields.NHSNumberField(label="NHS number", required=False)
    postcode = fields.PostcodeField(label="Postcode", required=False)
    phone = fields.PhoneField(label="Telephone number", required=False)
    email = fields.EmailField(label="Email address", required=False)
    weeks = fields.NumberField(label="Completed weeks", required=False)
    story = fields.TextField(limit=100, lines=True, label="What happened", required=False)
    sex = forms.ChoiceField(
        label="Sex",
        widget=forms.RadioSelect,
        choices=[("female", "Female"), ("male", "Male"), ("not_known", "Not known")],
    )
    told = forms.ChoiceField(
        label="Has the coroner been told?",
        widget=forms.RadioSelect,
        choices=fields.YES_NO_UNKNOWN,
        required=False,
    )
    decided = fields.TextField(limit=200, lines=True, label="What was decided", required=False)
    area = forms.ChoiceField(
        label="Area", choices=[("", "Choose one"), ("E06000006", "Halton")], required=False
    )
    services = forms.MultipleChoiceField(
        label="Services",
        widget=forms.CheckboxSelectMultiple,
        choices=[("police", "Police"), ("school", "School"), ("not_known", "Not known")],
        required=False,
    )
    family = fields.PeopleField(label="Family", help_text="One person at a time", required=False)
    agreed = forms.BooleanField(label="I have read this", required=False)
    paper = forms.FileField(label="Paper", required=False)
    secret = forms.CharField(label="Password", widget=forms.PasswordInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=3)

    reveals = {"told": {"yes": ("decided",)}}


def page(source, request, **context):
    template = engines["jinja"].from_string('{% extends "page.jinja" %}' + source)
    return HttpResponse(template.render(context, request))


@login_not_required
def every_field(request):
    form = EveryField(request.POST or None, request.FILES or None)
    source = """
    {% from "components/submit.jinja" import submit %}
    {% from "components/back.jinja" import back %}
    {% set title = "Every field" %}
    {% block back %}{{ back("/") }}{% endblock %}
    {% block main %}<h1>Every field</h1>
    <form method="post" enctype="multipart/form-data" novalidate>
    {{ csrf_input }}{{ form }}{{ submit("Continue") }}</form>{% endblock %}"""
    return page(source, request, form=form)


COMPONENTS = """
{% from "components/strips.jinja" import official_sensitive %}
{% from "components/back.jinja" import path %}
{% from "components/summary.jinja" import summary %}
{% from "components/data_table.jinja" import data_table %}
{% from "components/state.jinja" import state %}
{% from "components/checklist.jinja" import checklist, checklist_row %}
{% from "components/compare.jinja" import compare %}
{% from "components/submit.jinja" import submit %}
{% from "components/why.jinja" import why %}
{% set title = "Components" %}
{% block marking %}{{ official_sensitive("Do not send this page on.") }}{% endblock %}
{% block back %}{{ path(steps) }}{% endblock %}
{% block main %}
<h1>Components</h1>
{{ summary([
  {"term": "NHS number", "text": "9990000018" | nhs_number, "change": "/change/"},
  {"term": "Date of birth", "text": born | date},
  {"term": "Reported", "text": reported | moment},
  {"term": "Address", "text": "1 Invented Row\\nNowhere", "lines": true, "change": "/change/"},
  {"term": "School", "text": ""},
]) }}
<p>{{ state("Waiting for triage", "waiting") }} {{ state("In progress", "working") }}
{{ state("Late", "late") }} {{ state("Done", "done") }} {{ state("Declined", "refused") }}</p>
{{ data_table("Deaths by area", head, rows,
  numeric=range(1, 15), notes=["Invented figures."], total=true) }}
{% call checklist() %}
{{ checklist_row("Tell the coroner", "Late", "late", href="/task/", lead="Police",
  due=reported | moment) }}
{{ checklist_row("Visit the home", "Open", help="Together, within a day.",
  reason="Only the police can complete this.") }}
{% endcall %}
{{ compare(versions) }}
{{ why(section) }}
{{ submit("Accept") }}
{{ submit("Accept", blocked="Only the coordinator can accept a notification.") }}
<p>{{ "W" * 300 }}</p>
{% endblock %}"""


@login_not_required
def components(request):
    request.user = INVENTED
    if not request.GET.get("quiet"):
        messages.info(request, "The notification is accepted.")
    context = {
        "steps": [{"href": "/", "text": "Home"}, {"href": "/cases/", "text": "Cases"}],
        "versions": [
            {"term": "Name", "yours": "Ana", "now": "Anna"},
            {"term": "School", "yours": "", "now": None},
        ],
        "born": date(2018, 8, 6),
        "reported": datetime(2018, 8, 6, 13, 30, tzinfo=UTC),
        "head": ["Area", *(f"Month {number}" for number in range(1, 15))],
        "rows": [["Halton", *range(14)], ["Total", *range(14)]],
        "section": editions.get("cdr-2018").questionnaires["notification"].sections[0],
    }
    return page(COMPONENTS, request, **context)


SECTION = """
{% from "components/submit.jinja" import submit %}
{% from "components/why.jinja" import why %}
{% set title = form.section.title %}
{% block main %}<h1>{{ title }}</h1><p>{{ form.section.intro }}</p>
<form method="post" novalidate>{{ csrf_input }}{{ form }}{{ why(form.section) }}
{{ submit("Save and continue") }}</form>{% endblock %}"""


@login_not_required
def section(request, edition, code):
    guidance = editions.get(edition)
    chosen = editions.one(guidance.questionnaires["notification"].sections, code)
    form = SectionForm(chosen, guidance, request.POST or None, initial=initial_of(chosen, {}))
    return page(SECTION, request, form=form)


@login_not_required
def heading(request):
    """One question that is the heading of its page."""

    class OneQuestion(EveryField):
        is_page_heading = True

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.fields = {"sex": self.fields["sex"]}

    source = """{% set title = "Sex" %}{% block main %}<form method="post" novalidate>
    {{ csrf_input }}{{ form }}</form>{% endblock %}"""
    return page(source, request, form=OneQuestion(request.POST or None))


LIBRARY_PAGES = {
    "login": "account/login.html",
    "logout": "account/logout.html",
    "authenticate": "mfa/authenticate.html",
    "activate": "mfa/totp/activate_form.html",
    "codes": "mfa/recovery_codes/index.html",
    "reset": "account/password_reset.html",
    "closed": "account/signup_closed.html",
}


@login_not_required
def library(request, name):
    context = {
        "form": LoginForm(request.POST or None, request=request),
        "totp_svg": '<?xml version="1.0"?>\n<svg viewBox="0 0 9 9"><path d="M1,1H4V4H1z"/></svg>',
        "unused_codes": ["1234-5678", "8765-4321"],
        "total_count": 10,
        "webauthn_form": AuthenticateWebAuthnForm(user=None),
        "js_data": {"request_options": {}},
    }
    return HttpResponse(render_to_string(LIBRARY_PAGES[name], context, request=request))


@login_not_required
def broken(request, how):
    errors = {
        "refused": Refused("The meeting is closed, so nothing can be added to it."),
        "forbidden": Refused("Your role does not do this.", status=403),
        "denied": PermissionDenied,
        "missing": Http404,
        "bad": BadRequest,
    }
    if how in errors:
        raise errors[how]
    return render(request, f"errors/{how}.jinja")


def nothing(request):
    return HttpResponse()


def menu():
    """An address for each link of the menu, whichever they are."""
    names = sorted({name for _, name, _ in LINKS} - {"home"})
    for space, group in groupby(names, key=lambda name: name.rpartition(":")[0]):
        pages = [path(f"{name}/", nothing, name=name.rpartition(":")[2]) for name in group]
        yield path("menu/", include((pages, space)) if space else include(pages))


urlpatterns = [
    path("", components, name="home"),
    path("privacy/", privacy, name="privacy"),
    path("accessibility/", accessibility, name="accessibility"),
    path("still-there/", nothing, name="stay"),
    path("fields/", every_field, name="fields"),
    path("heading/", heading),
    path("sections/<edition>/<code>/", section),
    path("library/<name>/", library),
    path("broken/<how>/", broken),
    path("account/", include("cdop.core.account_urls")),
    *menu(),
]
