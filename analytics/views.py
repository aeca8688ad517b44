"""Pages of statistics: exact counts for the team, and releases from the draft to the reader."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from analytics import actions, files, pooling, queries, rules
from analytics.forms import DraftForm, ExactCountsForm, WithdrawForm
from analytics.models import Release, ReleaseFile
from analytics.states import OPEN, ReleaseState
from cdop.core.access import PersonRequest, page, posted
from cdop.core.audit import record
from cdop.core.refusals import Refused
from cdop.core.roles import Permission

P = Permission


@page(P.STATISTICS_INTERNAL)
def internal(request: PersonRequest) -> HttpResponse:
    """Exact counts, once somebody has said of which months, which deaths and what for."""
    form = ExactCountsForm(request.GET if "period" in request.GET else None)
    context = {"form": form}
    if form.is_valid():
        asked = form.cleaned_data
        subject = f"exact counts of {asked['period']}, {asked['basis']}"
        # Recorded before anything is counted: what cannot be recorded is not shown.
        record("statistics.read_unprotected", subject, by=request.user, purpose=asked["purpose"])
        context |= asked | {"shown": queries.exact(asked["period"], asked["basis"])}
    return render(request, "analytics/internal.jinja", context)


@page(P.RELEASES_READ)
def releases(request: PersonRequest) -> HttpResponse:
    """Every release for those who make them, the published ones for those who receive them."""
    context = {
        "releases": Release.objects.visible_to(request.user),
        "makes": queries.makes_releases(request.user),
        "drafts": request.user.can(P.RELEASES_DRAFT),
    }
    return render(request, "analytics/releases.jinja", context)


@page(P.RELEASES_DRAFT)
def draft(request: PersonRequest) -> HttpResponse:
    """Count, check and protect the tables of a period, for a second person to approve."""
    form = DraftForm(posted(request))
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            made = actions.draft(chosen["period"], threshold=chosen["threshold"], by=request.user)
        except Refused as refusal:
            form.add_error("period", refusal.reason)
        else:
            messages.info(request, f"The statistics of {made} are drafted. They can be approved.")
            return redirect("analytics:release", made.reference)
    return render(request, "analytics/draft.jinja", {"form": form})


@page(P.RELEASES_READ)
def release(request: PersonRequest, reference: str) -> HttpResponse:
    """The protected tables of one release, its checks, its files, and what can be done with it."""
    found = _release(request, reference)
    drafting = request.user.can(P.RELEASES_DRAFT) and found.state in OPEN
    context = {
        "release": found,
        "shown": queries.shown(found),
        "files": queries.downloads(found, request.user),
        "called": {kind: made.called for kind, made in files.FORMATS.items()},
        "makes": (makes := queries.makes_releases(request.user)),
        "cautions": rules.cautions(found) if makes and found.state in OPEN else [],
        "pooled": pooling.compare(found.months, found.threshold) if drafting else [],
        "alike": queries.alike(found) if makes and found.state in OPEN else [],
        "approves": request.user.can(P.RELEASES_APPROVE) and found.state == ReleaseState.DRAFT,
        "not_approved": rules.why_not_approve(found, request.user),
        "publishes": request.user.can(P.RELEASES_DRAFT) and found.state == ReleaseState.APPROVED,
        "withdraws": request.user.can(P.RELEASES_DRAFT) and found.state in OPEN,
    }
    return render(request, "analytics/release.jinja", context)


@page(P.RELEASES_READ)
@require_POST
def approve(request: PersonRequest, reference: str) -> HttpResponse:
    """A second person stands for the release."""
    approved = actions.approve(_release(request, reference), by=request.user)
    messages.info(request, f"The statistics of {approved} are approved and can be published.")
    return redirect("analytics:release", reference)


@page(P.RELEASES_READ)
@require_POST
def publish(request: PersonRequest, reference: str) -> HttpResponse:
    """The last check, and then everybody who receives statistics can read them."""
    published = actions.publish(_release(request, reference), by=request.user)
    messages.info(request, f"The statistics of {published} are published.")
    return redirect("analytics:release", reference)


@page(P.RELEASES_DRAFT)
def withdraw(request: PersonRequest, reference: str) -> HttpResponse:
    """Take a release out of the way before it is published."""
    found = _release(request, reference)
    form = WithdrawForm(posted(request))
    if form.is_valid():
        actions.withdraw(found, by=request.user, reason=form.cleaned_data["reason"])
        messages.info(request, f"The statistics of {found} are withdrawn.")
        return redirect("analytics:release", reference)
    context = {
        "form": form,
        "release": found,
        "blocked": rules.why_not_withdraw(found, request.user),
    }
    return render(request, "analytics/withdraw.jinja", context)


@page(P.RELEASES_READ)
def download(request: PersonRequest, reference: str, name: str) -> HttpResponse:
    """One published file, byte for byte as it was published."""
    found = _release(request, reference)
    allowed = ReleaseFile.objects.visible_to(request.user)
    file = get_object_or_404(allowed, release=found, name=name)
    record("release.downloaded", found, by=request.user, after={"file": file.name})
    return files.response(file)


def _release(request: PersonRequest, reference: str) -> Release:
    return get_object_or_404(Release.objects.visible_to(request.user), reference=reference)
