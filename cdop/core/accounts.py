"""How allauth behaves here: accounts come by invitation, never by sign-up."""

import time
import uuid
from typing import Any, cast
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from django.http import HttpRequest, HttpResponse

from cdop.core import outbox
from cdop.core.audit import Job, record
from cdop.core.messages import WITHHELD
from cdop.core.steps import edit
from cdop.core.users import User

# Who tried to sign in is not known before they have.
SIGN_IN = Job("sign-in")


class InvitedOnly(DefaultAccountAdapter):
    """Closes sign-up; records sign-ins and those that failed, sign-outs and new passwords."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, app: str | None = None) -> bool:
        """Not of somebody who signed in or opened a lock within the last minutes."""
        request = context.request
        longest = app_settings.REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(request, request.user)
        recent = [each for each in records if time.time() - each["at"] < longest]
        return not recent and super().is_reauthentication_required(app=app)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        record("user.signed_in", user, by=user)
        return super().post_login(request, user, **kwargs)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record what was tried: on which account, where there is one; never what was typed."""
        known = User.objects.filter(email__iexact=credentials.get("email", "")).first()
        record("user.sign_in_failed", known or "no account", by=SIGN_IN)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """The password is right, but the account is closed."""
        record("user.sign_in_failed", user, by=SIGN_IN)
        return super().respond_user_inactive(request, user)

    def logout(self, request: HttpRequest) -> None:
        """Called only where somebody is signed in."""
        user = cast(User, request.user)
        record("user.signed_out", user, by=user)
        super().logout(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the one letter that allauth sends here: the link for a new password.

        No page waits for a mail server, so neither its pace nor its failing says whether an
        address has an account.
        """
        outbox.queue(
            "new_password",
            {f"new_password:{uuid.uuid4()}": email},
            about="",
            by=SIGN_IN,
            context={"link": WITHHELD},
            secret=outbox.link(urlsplit(context["password_reset_url"]).path),
        )

    def set_password(self, user: User, password: str) -> None:
        """Save a new password, which ends every other session of the person.

        ``user`` takes the new hash too: allauth keeps the running session alive with it.
        """
        user.set_password(password)
        edit(user, by=user, action="user.password_changed", password=user.password)
