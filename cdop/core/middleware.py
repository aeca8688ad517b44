"""What happens around every page: it is kept by nobody, the hat is put on, a refusal is told."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cdop.core import second_lock
from cdop.core.hats import worn
from cdop.core.refusals import Refused

GetResponse = Callable[[HttpRequest], HttpResponse]


# What these pages show is for one person alone, also where nobody is signed in yet.
NOT_KEPT = ("/account/", "/report/", "/api/")


class NotKeptMiddleware:
    """Lets no browser or proxy keep what somebody signed in was shown, nor what stands above.

    On a shared computer the button for going back would show it to the next person.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Asked before: to sign out is a page for somebody signed in.
        personal = request.user.is_authenticated or request.path_info.startswith(NOT_KEPT)
        response = self.get_response(request)
        if personal:
            response.headers["Cache-Control"] = "no-store, private"
        return response


class HatMiddleware:
    """Puts on the hat that the session says, where the person still holds it.

    No hat is worn where one of those held demands a second lock that was not opened in this
    session; whoever then asks for more than the public pages is led to the lock.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.locked = False  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            request.hats = worn(request)  # type: ignore[attr-defined]
            demanded = second_lock.is_demanded(request.hats)  # type: ignore[attr-defined]
            if demanded and not second_lock.is_opened(request):
                request.locked, request.hats = True, []  # type: ignore[attr-defined]
                request.user.hat = None
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not request.locked or request.path_info.startswith("/account/"):  # type: ignore[attr-defined]
            return None
        public = getattr(view, "door", "") in ("everybody", "systems")
        return None if public and request.path_info != "/" else redirect("mfa_index")


class RefusalMiddleware:
    """Turns ``Refused`` into a page that says why, with the status that fits (403 or 409)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        context = {"reason": error.reason, "status": error.status}
        return render(request, "errors/refused.jinja", context, status=error.status)
