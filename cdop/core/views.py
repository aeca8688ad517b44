"""Home, the choice of hat, and the list of who did what."""

from http import HTTPStatus

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from cdop import editions
from cdop.core import casework, drafts, hats, session_limits
from cdop.core.access import PersonRequest, for_everybody, for_signed_in, page
from cdop.core.audit import AuditEntry, record
from cdop.core.roles import Permission

ENTRIES_PER_PAGE = 100


@for_everybody
def home(request: PersonRequest) -> HttpResponse:
    """The public start page, or what the hat has to do today."""
    if not request.user.is_authenticated:
        return render(request, "core/start.jinja")
    if request.user.hat is None:
        return redirect("hat")
    context = {"tasks": casework.tasks_for(request.user), "held": request.hats}
    return render(request, "core/home.jinja", context)


@for_everybody
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "about/privacy.jinja")


@for_everybody
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "about/accessibility.jinja")


@for_signed_in
def hat(request: PersonRequest) -> HttpResponse:
    """Which role to wear, for somebody who holds several."""
    held = request.hats
    if request.method == "POST":
        chosen = [holding for holding in held if str(holding.pk) == request.POST.get("hat")]
        if not chosen:
            raise Http404
        hats.choose(request, chosen[0])
        record("user.hat_chosen", request.user, by=request.user)
        return redirect("home")
    return render(request, "core/hat.jinja", {"held": held})


@for_signed_in
@require_POST
def stay(request: PersonRequest) -> HttpResponse:
    """Somebody is still there: the page says so while they type, or when they were asked."""
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@for_signed_in
def sent_too_late(request: PersonRequest) -> HttpResponse:
    """What was sent after the session was over; sent again, it goes where it was going."""
    draft = session_limits.sent_too_late(request.user)
    typed = session_limits.typed_in(draft) if draft else {}
    if draft and request.method == "POST":
        return session_limits.send_again(request, draft)
    return render(request, "core/sent_too_late.jinja", {"typed": typed})


@for_signed_in
@require_POST
def discard_sent_too_late(request: PersonRequest) -> HttpResponse:
    """Throw it away."""
    if draft := session_limits.sent_too_late(request.user):
        drafts.discard(draft)
    return redirect("home")


@for_signed_in
def guidance(request: PersonRequest, code: str = "") -> HttpResponse:
    """What an edition of the guidance says here, each item with its source and certainty."""
    if code and code not in editions.codes():
        raise Http404
    chosen = editions.get(code) if code else editions.in_force(localdate())
    known = [editions.get(each) for each in editions.codes()]
    return render(request, "core/guidance.jinja", {"edition": chosen, "editions": known})


@page(Permission.AUDIT_READ)
def audit_entries(request: PersonRequest) -> HttpResponse:
    """Who did and read what, newest first. Looking at the list is itself recorded."""
    entries = AuditEntry.objects.select_related("actor").order_by("-number")
    shown = Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    record("audit.read", "audit chain", by=request.user, purpose="oversight")
    return render(request, "core/audit.jinja", {"entries": shown})
