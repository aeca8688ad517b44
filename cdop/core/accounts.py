"""How allauth behaves here: accounts come by invitation, never by sign-up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from cdop.core.audit import record


class InvitedOnly(DefaultAccountAdapter):
    """Closes sign-up and records every sign-in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request, user, **kwargs):
        record("user.signed_in", user, by=user)
        return super().post_login(request, user, **kwargs)
