"""Messages that went out, wait or failed: for those who triage."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from cdop.core import correspondence, mailing, outbox
from cdop.core.access import PersonRequest, page, posted_number
from cdop.core.identifiers import normalise_reference
from cdop.core.messages import Message, MessageState
from cdop.core.roles import Permission
from cdop.core.steps import state_forbids

MESSAGES_PER_PAGE = 50
MOST_REFERENCES = 50
TRIAGE = page(Permission.NOTIFICATIONS_TRIAGE)


@TRIAGE
def message_list(request: PersonRequest) -> HttpResponse:
    """What could not be sent, then what waits; or all about the references that are asked for."""
    asked = map(normalise_reference, request.GET.getlist("about")[:MOST_REFERENCES])
    about = [reference for reference in asked if reference]
    rows = outbox.of(about) if about else Message.objects.unsent()
    found = Paginator(rows.visible_to(request.user), MESSAGES_PER_PAGE)
    shown = found.get_page(request.GET.get("page"))
    context = {
        "about": about,
        "lines": correspondence.lines(shown),
        "shown": shown,
        "not_sending": mailing.why_not_sending(),
    }
    return render(request, "core/messages/list.jinja", context)


@TRIAGE
def message_page(request: PersonRequest, pk: str) -> HttpResponse:
    """One message, its words and where it stands."""
    message = _visible(request, pk)
    context = {
        "line": correspondence.line(message),
        "not_sending": mailing.why_not_sending(),
        "can_try": not state_forbids(message, MessageState.WAITING),
        "can_tell": not state_forbids(message, MessageState.TOLD),
    }
    return render(request, "core/messages/message.jinja", context)


@TRIAGE
@require_POST
def try_again(request: PersonRequest, pk: str) -> HttpResponse:
    message = _visible(request, pk)
    outbox.try_again(message, by=request.user, version=posted_number(request, "version"))
    messages.info(request, "The message waits to be sent again.")
    return redirect("message", pk)


@TRIAGE
@require_POST
def told(request: PersonRequest, pk: str) -> HttpResponse:
    message = _visible(request, pk)
    outbox.told_by_telephone(message, by=request.user, version=posted_number(request, "version"))
    messages.info(request, "It is recorded that they were told by telephone. Nothing is sent.")
    return redirect("message", pk)


def _visible(request: PersonRequest, pk: str) -> Message:
    return get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
