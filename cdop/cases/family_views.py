"""Pages of a family: found when somebody rings, its record, and its conversations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cdop.cases import calling, conversations, families, family_search
from cdop.cases.conversations import How, Verified
from cdop.cases.families import Family
from cdop.cases.family_forms import CallForm, ConversationForm, FamilyForm
from cdop.cases.models import Case
from cdop.cases.record_pages import answer
from cdop.cases.views import visible_case
from cdop.core.access import PersonRequest, page, posted
from cdop.core.fields import PEOPLE_LINES
from cdop.core.roles import Permission

TEAM = page(Permission.CASES_MANAGE)


@TEAM
def call(request: PersonRequest) -> HttpResponse:
    """Somebody rings: the families that a name or a number fits. It is never in an address."""
    form = CallForm(posted(request))
    context: dict[str, Any] = {"form": form, "found": None}
    if form.is_valid():
        context["found"] = family_search.search(form.cleaned_data["who"], by=request.user)
    return render(request, "cases/call.jinja", context)


@TEAM
def called(request: PersonRequest, reference: str) -> HttpResponse:
    """What may be said to the family of a case and what not; what was said is kept."""
    case = visible_case(request, reference, "placement", "confirmation")
    family = families.of(case)
    if family is None:
        return render(request, "cases/no_family.jinja", {"case": case})
    found = calling.on(case, family, by=request.user)
    form = ConversationForm(posted(request), people=found.record.people)
    if form.is_valid():
        said = form.cleaned_data
        conversations.keep(
            case,
            form.record,
            how=How(said["how"]),
            verified=Verified(said["verified"]),
            next_on=said["next_on"],
            at=form.at,
            by=request.user,
        )
        messages.info(request, "The conversation is kept.")
        return redirect("cases:case", reference)
    return render(request, "cases/called.jinja", {"case": case, "call": found, "form": form})


@TEAM
def family(request: PersonRequest, reference: str) -> HttpResponse:
    """Who they are, what may not be said, and who is there for them."""
    case = visible_case(request, reference)
    row = families.of(case)
    if row is None:
        return render(request, "cases/no_family.jinja", {"case": case})

    def now(row: Family) -> Mapping[str, Any]:
        purpose = "to keep the record of the family"
        return FamilyForm.initial_of(
            row, families.read(row, case, by=request.user, purpose=purpose)
        )

    known = dict(now(row))

    def edit(people: list[dict[str, str]], **said: Any) -> None:
        # The page has a few lines for people; whoever stands beyond them must not be lost.
        beyond = known["people"][PEOPLE_LINES:]
        families.edit(case, by=request.user, people=[*people, *beyond], **said)

    return answer(
        request,
        case,
        FamilyForm(posted(request), initial=known),
        edit,
        title="The family",
        submit="Save",
        done="The record of the family is changed.",
        back=reverse("cases:case", args=[case.reference]),
        now=now,
        before=_shared(row),
    )


def _shared(row: Family) -> str:
    """That the record is of several cases, in words; "" where it is of one."""
    cases = [case.reference for case in families.cases_of(row)]
    if len(cases) < 2:
        return ""
    return (
        f"This one record is that of {' and '.join(cases)}. The cases of one family are discussed "
        "together, each with papers and a finding of its own."
    )


@TEAM
@require_POST
def begin_family(request: PersonRequest, reference: str) -> HttpResponse:
    """Begin the record of a family, for a case that was there before families had one."""
    case: Case = visible_case(request, reference)
    families.begin(case, by=request.user)
    messages.info(request, "The record of the family is begun with what the notifier said.")
    return redirect("cases:family", reference)
