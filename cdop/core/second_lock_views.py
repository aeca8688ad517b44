"""Setting up a second lock and removing one; who sets one up has thereby opened it."""

from __future__ import annotations

from typing import Any, cast

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from cdop.core import second_lock
from cdop.core.audit import act
from cdop.core.users import User

SET_UP = "user.second_lock_set_up"
REMOVED = "user.second_lock_removed"
CODES_MADE = "user.recovery_codes_made"


class Index(IndexView):
    """What second locks the person has, and whether their role needs one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        held = cast(User, self.request.user).holdings_in_force()
        said = {
            "demanded": second_lock.is_demanded(held),
            "opened": second_lock.is_opened(self.request),
        }
        return super().get_context_data(**kwargs) | said


class Recorded:
    """A page of allauth's whose change of a lock is recorded in one act with it."""

    action = ""
    opens = ""

    def form_valid(self, form: Any) -> HttpResponse:
        request = self.request  # type: ignore[attr-defined]
        user = cast(User, request.user)
        with act():
            response = super().form_valid(form)  # type: ignore[misc]
            second_lock.changed(user, self.action, by=user)
        if self.opens:
            second_lock.note_opened(request, user, self.opens)
        return response


class ActivateApp(Recorded, ActivateTOTPView):
    action, opens = SET_UP, "totp"


class DeactivateApp(Recorded, DeactivateTOTPView):
    action = REMOVED


class AddPasskey(Recorded, AddWebAuthnView):
    action, opens = SET_UP, "webauthn"


class MakeCodes(Recorded, GenerateRecoveryCodesView):
    action = CODES_MADE


class RemovePasskey(Recorded, RemoveWebAuthnView):
    action = REMOVED

    def form_valid(self, form: Any) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_index")
        return super().form_valid(form)
