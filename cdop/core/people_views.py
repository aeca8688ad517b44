"""Who has an account, with which roles; given by one person, approved by another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from cdop.core import people_actions, second_lock
from cdop.core.access import PersonRequest, page, posted, posted_version
from cdop.core.people_forms import InvitationForm, ReasonForm, RoleForm
from cdop.core.refusals import Refused
from cdop.core.roles import Permission
from cdop.core.users import RoleHolding, User

LOOKING = page(Permission.ROLES_GRANT, Permission.ROLES_APPROVE)
GRANTING = page(Permission.ROLES_GRANT)
# Whoever finds a computer left open must not be able to give themselves a role.
SURE = reauthentication_required(app="cdop")
# What stands around the form of each page: its heading, the words below it, its button.
INVITING = {
    "title": "Invite somebody",
    "words": "They are written to once somebody else has approved the role. Nobody can sign up by "
    "themselves.",
    "label": "Invite them",
}
GIVING = {
    "title": "Give another role",
    "words": "It counts once somebody else has approved it.",
    "label": "Give the role",
}
CLOSING = {
    "title": "Close the account",
    "words": "Everything ends at once: roles, open sessions, password and second lock. What they "
    "did stays in the record. To come back they are invited again.",
    "label": "Close it now",
    "variant": "warning",
}
RESETTING = {
    "title": "Reset the second lock",
    "words": "For somebody who has lost their telephone or passkey. Whoever rings may be somebody "
    "else: make sure first, by ringing back on a number that you know.",
    "label": "Reset it",
}


@LOOKING
def people(request: PersonRequest) -> HttpResponse:
    """Everybody with an account, what waits for approval, and who has left."""
    users = list(User.objects.select_related("organisation").prefetch_related("holdings__area"))
    context = {
        "waiting": [(each, _why_not(each, request.user)) for each in people_actions.waiting()],
        "open": [user for user in users if user.is_active],
        "closed": [user for user in users if not user.is_active],
        "may_grant": request.user.can(Permission.ROLES_GRANT),
    }
    return render(request, "core/people/list.jinja", context)


@GRANTING
@SURE
def invite(request: PersonRequest) -> HttpResponse:
    """Give somebody an account."""
    form = InvitationForm(posted(request))
    if form.is_valid():
        said = form.cleaned_data
        try:
            people_actions.invite(
                name=said["name"],
                email=said["email"],
                organisation=form.workplace,
                given=form.given,
                by=request.user,
            )
        except Refused as refusal:
            form.add_error("email", refusal.reason)
        else:
            messages.info(request, f"{said['name']} is written to once somebody else approves it.")
            return redirect("people")
    return render(request, "core/people/form.jinja", {"form": form, **INVITING})


@LOOKING
def person(request: PersonRequest, person: int) -> HttpResponse:
    """One account: its roles, its locks, when it was last used."""
    user = _person(person)
    context = {
        "person": user,
        "holdings": user.holdings.select_related("area", "granted_by", "approved_by"),
        "last_sign_in": people_actions.last_sign_in(user),
        "locked": second_lock.is_set_up(user),
        "may_grant": request.user.can(Permission.ROLES_GRANT),
    }
    return render(request, "core/people/person.jinja", context)


@GRANTING
@SURE
def give(request: PersonRequest, person: int) -> HttpResponse:
    """Give somebody one more role."""
    user = _person(person)
    form = RoleForm(posted(request))
    if form.is_valid():
        try:
            people_actions.give_role(user, form.given, by=request.user)
        except Refused as refusal:
            form.add_error("role", refusal.reason)
        else:
            messages.info(request, "The role counts once somebody else has approved it.")
            return redirect("person", user.pk)
    return render(request, "core/people/form.jinja", {"form": form, "person": user, **GIVING})


@page(Permission.ROLES_APPROVE)
@require_POST
@SURE
def approve(request: PersonRequest, holding: int) -> HttpResponse:
    """Let a role count."""
    return _decided(request, holding, people_actions.approve, "{0.user} now has the role: {0}.")


@LOOKING
@require_POST
def decline(request: PersonRequest, holding: int) -> HttpResponse:
    """Do not let a role count, or take back what one gave."""
    return _decided(request, holding, people_actions.decline, "The role of {0.user} is off: {0}.")


@GRANTING
@require_POST
@SURE
def end_role(request: PersonRequest, holding: int) -> HttpResponse:
    """End a role at once."""
    return _decided(request, holding, people_actions.end_role, "The role of {0.user} is over: {0}.")


@GRANTING
@SURE
def close(request: PersonRequest, person: int) -> HttpResponse:
    """Close an account."""
    user = _person(person)
    form = ReasonForm(
        posted(request), label="Why is it closed?", help_text="Such as: left the trust. No gossip."
    )
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        people_actions.close(user, version=posted_version(request), reason=reason, by=request.user)
        messages.info(request, f"The account of {user} is closed. Nothing opens it any more.")
        return redirect("people")
    return render(request, "core/people/form.jinja", {"form": form, "person": user, **CLOSING})


@GRANTING
@SURE
def reset_second_lock(request: PersonRequest, person: int) -> HttpResponse:
    """Take somebody's second lock away who has lost it."""
    user = _person(person)
    form = ReasonForm(
        posted(request),
        label="How did you make sure that it is them?",
        help_text="Such as: rang back on the number of the hospital's switchboard.",
    )
    if form.is_valid():
        people_actions.reset_second_lock(user, reason=form.cleaned_data["reason"], by=request.user)
        messages.info(request, f"{user} sets up a new second lock at the next sign-in.")
        return redirect("person", user.pk)
    return render(request, "core/people/form.jinja", {"form": form, "person": user, **RESETTING})


def _person(number: int) -> User:
    return get_object_or_404(User.objects.select_related("organisation"), pk=number)


def _decided(
    request: PersonRequest, number: int, decide: Callable[..., RoleHolding], words: str
) -> HttpResponse:
    row = get_object_or_404(RoleHolding.objects.select_related("user", "area"), pk=number)
    decide(row, version=posted_version(request), by=request.user)
    messages.info(request, words.format(row))
    return redirect("people")


def _why_not(holding: RoleHolding, by: User) -> dict[str, Any]:
    return {
        "approve": people_actions.why_not_approve(holding, by),
        "decline": people_actions.why_not_decline(holding, by),
    }
