"""The addresses of the system and two floors behind all its middleware."""

from secrets import token_hex

from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils import timezone

from cdop.core.access import for_everybody

EMPTY = "/bench/empty/"
INSERT = "/bench/insert/"


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing, for somebody who is signed in."""
    return HttpResponse()


@for_everybody
def insert(request: HttpRequest) -> HttpResponse:
    """One row, for anybody who posts something."""
    data = request.POST["csrfmiddlewaretoken"]
    Session.objects.create(session_key=token_hex(16), session_data=data, expire_date=timezone.now())
    return HttpResponse(status=204)


urlpatterns = [
    path(EMPTY.lstrip("/"), empty),
    path(INSERT.lstrip("/"), insert),
    path("", include("cdop.urls")),
]

handler400 = "cdop.core.errors.bad_request"
handler403 = "cdop.core.errors.forbidden"
handler404 = "cdop.core.errors.not_found"
handler500 = "cdop.core.errors.server_error"
