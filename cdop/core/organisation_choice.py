"""From a form that asks for an organisation to the page that adds one, and back with nothing lost.

The form has a button that posts it unfinished. What stands in its boxes lies in a draft of the
person until they come back; then the organisation that they added is chosen. A file cannot be put
back into its box: browsers do not allow it.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.http import url_has_allowed_host_and_scheme

from cdop.core import drafts, sealing
from cdop.core.access import PersonRequest

KIND = "before adding an organisation"
WANTED = "add_organisation"
"""The name of the button."""
BACK = "back"
"""In the address of the page that adds one: where to go back to."""
CHOSEN = "organisation"
"""In the address to which one comes back: the key of what was added, or nothing."""
NOT_TYPED = ("csrfmiddlewaretoken", WANTED)


def is_wanted(request: PersonRequest) -> bool:
    """Whether the button was pressed that leads to the page that adds one."""
    return request.method == "POST" and WANTED in request.POST


def leave(request: PersonRequest) -> HttpResponse:
    """Keep what was typed, and go to the page that adds one."""
    typed = {name: boxes for name, boxes in request.POST.lists() if name not in NOT_TYPED}
    before = drafts.of(request.user, KIND, _subject(request))
    key = before.data_key if before else sealing.new_key()
    drafts.keep(request.user, KIND, _subject(request), {"typed": typed}, key)
    return go_and_add(request.path)


def go_and_add(back: str) -> HttpResponse:
    """To the page that adds one, from which one comes back to an address of this system."""
    return redirect(f"{reverse('add_organisation')}?{urlencode({BACK: back})}")


def way_back(request: PersonRequest) -> str:
    """Where the person came from; "" where they came from nowhere, or would leave this system."""
    address = request.GET.get(BACK, "")
    inside = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if inside and address.startswith("/") else ""


def coming_back(address: str, chosen: str = "") -> str:
    """The address to come back to, with the organisation to choose."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode({CHOSEN: chosen})}"


def put_back(form: forms.Form, request: PersonRequest) -> Any:
    """The form as it was typed before, with what was added chosen; as it is for all others."""
    if request.method == "POST" or CHOSEN not in request.GET:
        return form
    draft = drafts.of(request.user, KIND, _subject(request))
    typed = MultiValueDict(draft.answers["typed"] if draft else {})
    for name, field in form.fields.items():
        if draft and not isinstance(field, forms.FileField):
            form.initial[name] = field.widget.value_from_datadict(typed, MultiValueDict(), name)
    if draft and any(isinstance(field, forms.FileField) for field in form.fields.values()):
        messages.info(request, "What you typed is here again. Choose the file once more.")
    if chosen := request.GET[CHOSEN]:
        form.initial[CHOSEN] = chosen
    return form


def forget(request: PersonRequest) -> None:
    """The form was sent: what was typed into it before needs to be kept no longer."""
    if draft := drafts.of(request.user, KIND, _subject(request)):
        drafts.discard(draft)


def _subject(request: PersonRequest) -> str:
    """The form, and the record it is about: what is typed about one is put back for no other."""
    match = request.resolver_match
    return " ".join([match.view_name, *map(str, match.kwargs.values())]) if match else ""
