"""Pages of themes: the list, one with its counts, its cases, and what is decided about them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cdop import editions
from cdop.cases.models import Case
from cdop.cases.record_pages import answer
from cdop.cases.watching_forms import version_of
from cdop.core.access import PersonRequest, page, posted, posted_version
from cdop.core.audit import record
from cdop.core.comparing import VERSION
from cdop.core.identifiers import normalise_reference
from cdop.core.refusals import Refused
from cdop.core.roles import Permission
from cdop.learning import sections, theme_counts, themes
from cdop.learning.briefing_models import Briefing
from cdop.learning.briefing_search import without_names
from cdop.learning.theme_forms import AddCaseForm, CaseForm, EndForm, ThemeForm, beside_the_text
from cdop.learning.theme_models import ThematicReview, Theme, ThemeCase
from cdop.learning.theme_states import Standing
from cdop.learning.training import Training

READ = page(Permission.LEARNING_READ)
TEAM = page(Permission.LEARNING_MANAGE)
WORDS = {"title": "Title", "belongs": "What belongs to it", "source": "Why"}
CASES_PURPOSE = "to see which cases belong to the theme"
SHOWN = 5
"""How much of the training of a theme stands on its page."""


@READ
def theme_list(request: PersonRequest) -> HttpResponse:
    """Every theme, those that go on first."""
    found = list(Theme.objects.visible_to(request.user))
    context = {
        "parts": sections.for_user(request.user, "themes:list"),
        "going_on": [theme for theme in found if theme.goes_on],
        "ended": [theme for theme in found if not theme.goes_on],
        "manages": request.user.can(Permission.LEARNING_MANAGE),
    }
    return render(request, "learning/themes.jinja", context)


@READ
def theme(request: PersonRequest, theme: int) -> HttpResponse:
    """One theme: its words and rule, its counts, what was written about it. It is recorded."""
    row = seen(request, theme)
    record("theme.read", row, by=request.user)
    reviews = ThematicReview.objects.visible_to(request.user).filter(theme=row)
    training = Training.objects.standing().filter(theme=row)
    manages = request.user.can(Permission.LEARNING_MANAGE)
    public = Briefing.objects.public().filter(theme=row)
    context = {
        "theme": row,
        "rule": themes.rule_in_words(row.rule),
        "tables": theme_counts.tables(themes.belonging(row)),
        "chance": theme_counts.CHANCE,
        "reviews": list(reviews.select_related("approved_by")),
        "briefings": list(Briefing.objects.filter(theme=row) if manages else public),
        "training": list(training[:SHOWN]),
        "manages": manages,
        "history": list(row.history.select_related("history_user")) if manages else [],
    }
    return render(request, "learning/theme.jinja", context)


@TEAM
def new_theme(request: PersonRequest) -> HttpResponse:
    """Begin a theme."""
    return _form(request, None, "A new theme", "The theme is begun.", reverse("themes:list"))


@TEAM
def edit_theme(request: PersonRequest, theme: int) -> HttpResponse:
    """Change the words or the rule of a theme."""
    row = seen(request, theme)
    return _form(request, row, "Change this theme", "The theme is changed.", address(row))


def _form(
    request: PersonRequest, row: Theme | None, title: str, done: str, back: str
) -> HttpResponse:
    start = ThemeForm.initial_of(row) if row else {VERSION: 0}
    form = ThemeForm(posted(request), initial=start)

    def save(**said: Any) -> None:
        words = {name: said[name] for name in WORDS}
        cases = themes.cases_under(said["rule"], row)
        without_names(words, row, WORDS, by=request.user, cases=cases)
        themes.save(row, by=request.user, **said)

    return answer(
        request,
        None,
        form,
        beside_the_text(form, save),
        title=title,
        submit="Save",
        done=done,
        back=back,
        now=ThemeForm.initial_of,
        blocked=themes.why_not_change(row) if row else "",
        template="learning/theme_form.jinja",
        caption=row.title if row else "Themes",
    )


@TEAM
def end_theme(request: PersonRequest, theme: int) -> HttpResponse:
    """End a theme, with the reason."""
    row = seen(request, theme)
    return answer(
        request,
        None,
        EndForm(posted(request), initial=version_of(row)),
        partial(themes.end, row, by=request.user),
        title="End this theme",
        submit="End the theme",
        done="The theme is ended. All that it holds stays.",
        back=address(row),
        blocked=themes.why_not_change(row),
        caption=row.title,
    )


@TEAM
@require_POST
def take_up_theme(request: PersonRequest, theme: int) -> HttpResponse:
    """Go on with a theme."""
    row = seen(request, theme)
    themes.take_up(row, version=posted_version(request), by=request.user)
    messages.info(request, "The theme goes on.")
    return redirect(address(row))


@TEAM
def cases(request: PersonRequest, theme: int) -> HttpResponse:
    """The cases that the rule proposes or somebody added, and those that were left out."""
    row = seen(request, theme)
    record("theme.cases_read", row, by=request.user, purpose=CASES_PURPOSE)
    there, out = themes.members(row)
    context = {
        "theme": row,
        "there": there,
        "left_out": out,
        "words": _labels(),
        "blocked": themes.why_not_change(row),
    }
    return render(request, "learning/theme_cases.jinja", context)


@TEAM
def add_case(request: PersonRequest, theme: int) -> HttpResponse:
    """Add a case that the rule does not propose."""
    row = seen(request, theme)

    def add(reference: str, reason: str, version: int) -> None:
        wanted = Case.objects.visible_to(request.user).select_related("facts")
        case = wanted.filter(reference=normalise_reference(reference)).first()
        if case is None:
            raise Refused(f"There is no case {reference}.")
        there = ThemeCase.objects.filter(theme=row, case=case).first()
        words = {name: getattr(row, name) for name in WORDS}
        without_names(words, row, WORDS, by=request.user, cases=[case])
        themes.settle(
            row,
            case,
            standing=Standing.ADDED,
            reason=reason,
            version=there.version if there else 0,
            by=request.user,
        )

    return answer(
        request,
        None,
        AddCaseForm(posted(request), initial={VERSION: 0}),
        add,
        title="Add a case to this theme",
        submit="Add the case",
        done="The case is added.",
        back=reverse("themes:cases", args=[row.pk]),
        blocked=themes.why_not_change(row),
        caption=row.title,
    )


@TEAM
def settle_case(request: PersonRequest, theme: int, reference: str) -> HttpResponse:
    """Leave a case out, or leave it to the rule again where something was decided by hand."""
    row = seen(request, theme)
    wanted = Case.objects.visible_to(request.user).select_related("facts")
    case = get_object_or_404(wanted, reference=reference)
    there = ThemeCase.objects.filter(theme=row, case=case).first()
    back = there is not None and there.standing != Standing.BY_RULE
    to = Standing.BY_RULE if back else Standing.LEFT_OUT
    verb = "Leave this case to the rule again" if back else "Leave this case out"
    done = "The case is left to the rule." if back else "The case is left out."
    return answer(
        request,
        None,
        CaseForm(posted(request), initial={VERSION: there.version if there else 0}),
        partial(themes.settle, row, case, standing=to, by=request.user),
        title=f"{verb}: {case.reference}",
        submit="Leave it to the rule" if back else "Leave it out",
        done=done,
        back=reverse("themes:cases", args=[row.pk]),
        now=lambda kept: {"reason": kept.reason},
        blocked=themes.why_not_change(row) or themes.why_not_settle(row, case, to),
        caption=row.title,
    )


def seen(request: PersonRequest, key: int) -> Theme:
    """The theme, if the person sees themes; else the page is not there."""
    found: Theme = get_object_or_404(Theme.objects.visible_to(request.user), pk=key)
    return found


def address(theme: Theme) -> str:
    return reverse("themes:theme", args=[theme.pk])


def _labels() -> dict[str, dict[str, Any]]:
    """By the code of an edition, what it calls its categories and age bands."""
    return {
        code: {
            "categories": {each.code: each.label for each in edition.categories},
            "bands": {each.code: each.label for each in edition.age_bands},
        }
        for code, edition in ((code, editions.get(code)) for code in editions.codes())
    }
