"""Pages of the letters that give a service or a commissioner its own figures."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from cdop.cases.views import CASES_PER_PAGE
from cdop.core.access import PersonRequest, page, posted
from cdop.core.audit import record
from cdop.core.comparing import VERSION
from cdop.core.dates import london_date
from cdop.core.periods import Period
from cdop.core.refusals import Refused
from cdop.core.roles import Permission
from cdop.rapid_response import letters
from cdop.rapid_response.letter_forms import LetterForm, LetterOutcomeForm
from cdop.rapid_response.letter_pdf import letter_pdf
from cdop.rapid_response.letters import Letter

TEAM = page(Permission.STATISTICS_INTERNAL)
PURPOSE = "to check or send the letter"


@TEAM
def letter_list(request: PersonRequest) -> HttpResponse:
    """Every letter of figures: to whom, of which months, and what became of it."""
    found = Paginator(letters.written(), CASES_PER_PAGE)
    context = {"shown": found.get_page(request.GET.get("page"))}
    return render(request, "rapid_response/letters.jinja", context)


@TEAM
def write_letter(request: PersonRequest) -> HttpResponse:
    """Write to one organisation or to several; the figures are counted now and stay as they are."""
    form = LetterForm(posted(request))
    if form.is_valid():
        try:
            made = letters.write_to_all(by=request.user, **form.letters)
        except Refused as refused:
            form.add_error(None, refused.reason)
            context = {"form": form}
            template = "rapid_response/letter_form.jinja"
            return render(request, template, context, status=refused.status)
        if len(made) > 1:
            messages.info(
                request, f"{len(made)} letters are written. Read each before you send it."
            )
            return redirect("rapid_response:letters")
        messages.info(request, "The letter is written. Read it before you send it.")
        return redirect("rapid_response:letter", made[0].reference)
    return render(request, "rapid_response/letter_form.jinja", {"form": form})


@TEAM
def letter(request: PersonRequest, letter: str) -> HttpResponse:
    """One letter, its figures, and what became of it. Its reading is recorded."""
    row = _letter(letter)
    not_before = london_date(row.written_at)
    form = LetterOutcomeForm(posted(request), initial={VERSION: row.version}, not_before=not_before)
    if form.is_valid():
        letters.settle(row, by=request.user, **form.outcome)
        messages.info(request, "Recorded.")
        return redirect("rapid_response:letter", row.reference)
    context = {
        "letter": row,
        "period": Period.parse(row.period),
        "sections": letters.read(row, by=request.user, purpose=PURPOSE),
        "form": form,
    }
    return render(request, "rapid_response/letter.jinja", context)


@TEAM
def letter_file(request: PersonRequest, letter: str) -> HttpResponse:
    """The letter as a PDF, to save. The download is recorded."""
    row = _letter(letter)
    record("letter.downloaded", row, by=request.user, purpose=PURPOSE)
    given = HttpResponse(letter_pdf(row), content_type="application/pdf")
    name = f"letter-{row.reference}-official-sensitive.pdf".lower()
    given["Content-Disposition"] = f'attachment; filename="{name}"'
    return given


def _letter(reference: str) -> Letter:
    found = Letter.objects.select_related("organisation", "area", "written_by")
    row: Letter = get_object_or_404(found, reference=reference)
    return row
