"""The addresses of the system and one more: a view that does nothing, behind all the middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

EMPTY = "/bench/empty/"


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing, for somebody who is signed in."""
    return HttpResponse()


urlpatterns = [path(EMPTY.lstrip("/"), empty), path("", include("cdop.urls"))]

handler400 = "cdop.core.errors.bad_request"
handler403 = "cdop.core.errors.forbidden"
handler404 = "cdop.core.errors.not_found"
handler500 = "cdop.core.errors.server_error"
