"""Pages of populations and births: what is known of which year, and bringing in more."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from analytics import population_actions, queries
from analytics.population_files import Unreadable
from analytics.population_forms import PopulationForm
from analytics.populations import KINDS
from cdop.core.access import PersonRequest, page, posted
from cdop.core.roles import Permission

P = Permission


@page(P.RELEASES_DRAFT)
def populations(request: PersonRequest) -> HttpResponse:
    """Every year of which children or births are known, and from whom."""
    context = {"years": queries.populations(request.user), "kinds": KINDS}
    return render(request, "analytics/populations.jinja", context)


@page(P.RELEASES_DRAFT)
def year(request: PersonRequest, kind: str, year: int) -> HttpResponse:
    """The numbers of one year that are counted with now, and the versions before."""
    found = [y for y in queries.populations(request.user) if (y.kind, y.year) == (kind, year)]
    if not found:
        raise Http404
    rows = queries.numbers(found[0])
    context = {
        "year": found[0],
        "before": found[1:],
        "what": KINDS[kind],
        "rows": rows,
        "by_sex": any(halves[1] is not None for _, halves in rows),
    }
    return render(request, "analytics/population.jinja", context)


@page(P.RELEASES_DRAFT)
def bring_in(request: PersonRequest) -> HttpResponse:
    """A file of the Office for National Statistics, or a tidy one."""
    data = posted(request)
    form = PopulationForm(data, request.FILES if data is not None else None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = population_actions.bring_in(
                said["kind"],
                said["year"],
                source=said["source"],
                name=said["file"].name,
                content=said["file"].read(),
                by=request.user,
            )
        except Unreadable as refused:
            for problem in refused.problems:
                form.add_error("file", problem)
        else:
            messages.info(request, f"From now on {made} is counted with.")
            return redirect("analytics:population", made.kind, made.year)
    return render(request, "analytics/bring_in_population.jinja", {"form": form})
