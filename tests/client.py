"""A browser in tests: Django's client, whose sign-in opens the second lock as well."""

import time

from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest
from django.test import Client as DjangoClient

from cdop.core.session_limits import BEGAN, SEEN


class Client(DjangoClient):
    """``force_login`` stands for a whole sign-in; ``with_password_only`` stops before the lock."""

    def force_login(self, user, backend=None) -> None:
        self.with_password_only(user)
        request = HttpRequest()
        request.session = self.session
        record_authentication(request, user, "mfa", type="totp")
        request.session[BEGAN] = request.session[SEEN] = time.time()
        request.session.save()

    def with_password_only(self, user) -> None:
        super().force_login(user)
