"""Pages on which earlier cases are brought in: choose a file, look, decide, compare, undo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from cdop.core import delimited
from cdop.core.access import PersonRequest, page, posted, posted_version
from cdop.core.audit import record
from cdop.core.refusals import Refused
from cdop.core.roles import Permission
from notifications import legacy_actions, legacy_counts, legacy_queries, legacy_template
from notifications.legacy_archives import NotAnArchive
from notifications.legacy_checks import NO_NAMES
from notifications.legacy_forms import AlikeForm, SheetForm, TotalsForm, UndoForm
from notifications.legacy_models import LegacyImport
from notifications.legacy_sheets import NotASheet
from notifications.legacy_states import ImportState

IMPORTS = page(Permission.CASES_MANAGE)
MOST_ON_A_PAGE = 2_000


@IMPORTS
def import_list(request: PersonRequest) -> HttpResponse:
    """Choose a file, or look at what was brought in before."""
    form = SheetForm(posted(request), request.FILES or None)
    if form.is_valid():
        try:
            said = form.cleaned_data
            batch = legacy_actions.read(said["file"], archive=said["documents"], by=request.user)
        except (NotASheet, Refused) as problem:
            form.add_error("file", str(problem))
        except NotAnArchive as problem:
            form.add_error("documents", str(problem))
        else:
            return redirect("notifications:import", batch.reference)
    context = {"form": form, "imports": legacy_queries.imports(request.user)}
    return render(request, "notifications/import/list.jinja", context)


@IMPORTS
def import_page(request: PersonRequest, batch: str) -> HttpResponse:
    """What was found in a file that waits, or what became of an import."""
    found = _visible(request, batch)
    waiting = legacy_queries.waiting(found) if found.state == ImportState.CHECKED else None
    if waiting and waiting.problems:
        record("legacyimport.read", found, by=request.user, purpose="mend the sheet")
    context: dict[str, Any] = {
        "batch": found,
        "waiting": waiting,
        "beside": legacy_queries.beside(found),
        "years": legacy_queries.years(found),
        "most": legacy_queries.MOST_SHOWN,
        "blocked": _blocked(found, waiting),
        "again": SheetForm() if _may_be_read_again(found, waiting) else None,
        "stays": legacy_actions.why_not_undo(found) if found.state == ImportState.IMPORTED else "",
    }
    return render(request, "notifications/import/import.jinja", context)


@IMPORTS
def import_alike(request: PersonRequest, batch: str) -> HttpResponse:
    """Say of each row that looks like another child whether it is brought in."""
    found = _visible(request, batch)
    waiting = legacy_queries.waiting(found) if found.state == ImportState.CHECKED else None
    if waiting is None:
        raise Http404
    asked = waiting.undecided[: legacy_queries.MOST_ALIKE] or list(waiting.alike)
    lines = asked if request.method != "POST" else list(waiting.alike)
    alike = {line: waiting.alike[line] for line in lines}
    said = {line: waiting.said_of(line) for line in lines}
    form = AlikeForm(posted(request), alike=alike, like=waiting.like, said=said)
    if form.is_valid():
        legacy_actions.choose(found, form.choices, by=request.user)
        left = still.undecided if (still := legacy_queries.waiting(found)) else []
        return redirect("notifications:import_alike" if left else "notifications:import", batch)
    context = {"batch": found, "form": form, "undecided": waiting.undecided}
    return render(request, "notifications/import/alike.jinja", context)


@IMPORTS
@require_POST
def import_bring_in(request: PersonRequest, batch: str) -> HttpResponse:
    """Bring every chosen row in, all in one act."""
    found = _visible(request, batch)
    if found.rows > MOST_ON_A_PAGE:
        raise SuspiciousOperation("The file is too long for the page.")
    done = legacy_actions.bring_in(found, by=request.user, version=posted_version(request))
    messages.info(request, f"{done.outcome}.")
    return redirect("notifications:import", batch)


@IMPORTS
@require_POST
def import_leave(request: PersonRequest, batch: str) -> HttpResponse:
    """Bring nothing in; the file is removed."""
    found = _visible(request, batch)
    legacy_actions.leave(found, by=request.user, version=posted_version(request))
    messages.info(request, "Nothing was brought in. The file is removed.")
    return redirect("notifications:imports")


@IMPORTS
def import_undo(request: PersonRequest, batch: str) -> HttpResponse:
    """Withdraw every case of an import, while nobody has changed any of them."""
    found = _visible(request, batch)
    if found.state != ImportState.IMPORTED:
        raise Http404
    form = UndoForm(posted(request), initial={"version": found.version})
    if form.is_valid():
        legacy_actions.undo(found, by=request.user, **form.cleaned_data)
        messages.info(request, "The import is undone. Its cases are withdrawn and count nowhere.")
        return redirect("notifications:import", batch)
    context = {"batch": found, "form": form, "blocked": legacy_actions.why_not_undo(found)}
    return render(request, "notifications/import/undo.jinja", context)


@IMPORTS
def import_totals(request: PersonRequest, batch: str, year: str) -> HttpResponse:
    """The old system's totals of one year."""
    found = _visible(request, batch)
    if year not in legacy_queries.years(found):
        raise Http404
    form = TotalsForm(
        posted(request),
        year=year,
        areas=legacy_counts.area_names(),
        known=legacy_counts.read(found.old_totals),
        initial={"version": found.version},
    )
    if form.is_valid():
        version = form.cleaned_data["version"]
        legacy_actions.tell_totals(found, year, form.totals, by=request.user, version=version)
        return redirect("notifications:import", batch)
    context = {"batch": found, "form": form, "year": year}
    return render(request, "notifications/import/totals.jinja", context)


@IMPORTS
def import_report(request: PersonRequest, batch: str) -> HttpResponse:
    """What is wrong with a file, without anything that stands in its cells."""
    found = _visible(request, batch)
    content = delimited.written(NO_NAMES, found.report)
    return delimited.download(f"import-{found.reference}.csv", content)


@IMPORTS
def import_template(request: PersonRequest, name: str) -> HttpResponse:
    """The sheet to fill in."""
    if name == "earlier-cases.csv":
        return delimited.download(name, legacy_template.text_file())
    if name != "earlier-cases.xlsx":
        raise Http404
    given = HttpResponse(legacy_template.workbook(), content_type=legacy_template.XLSX)
    given["Content-Disposition"] = f'attachment; filename="{name}"'
    return given


def _visible(request: PersonRequest, batch: str) -> LegacyImport:
    return get_object_or_404(legacy_queries.imports(request.user), reference=batch)


def _may_be_read_again(batch: LegacyImport, waiting: legacy_queries.Waiting | None) -> bool:
    """Whether its page offers to read the sheet once more: there is nothing else to be done."""
    return batch.state == ImportState.CHECKED and (waiting is None or bool(waiting.problems))


def _blocked(batch: LegacyImport, waiting: legacy_queries.Waiting | None) -> str:
    """Why the cases cannot be brought in now; "" means they can."""
    if batch.state != ImportState.CHECKED:
        return ""
    if waiting is None:
        return legacy_actions.GONE
    if batch.rows > MOST_ON_A_PAGE:
        return (
            f"This sheet has more than {MOST_ON_A_PAGE:,} cases, which takes longer than a page "
            "may. Ask whoever runs the system to bring it in with the command import_cases."
        )
    if waiting.problems:
        return "Nothing is brought in while something is wrong. Mend the sheet and read it again."
    if waiting.undecided:
        return "Say first what to do with the rows that look like another child."
    return ""
