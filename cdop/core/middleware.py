"""What happens around every page: the hat is put on, a refusal becomes a page with its reason."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cdop.core.hats import worn
from cdop.core.refusals import Refused

GetResponse = Callable[[HttpRequest], HttpResponse]


class HatMiddleware:
    """Puts on the hat that the session says, where the person still holds it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.hats = worn(request)  # type: ignore[attr-defined]
        return self.get_response(request)


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
