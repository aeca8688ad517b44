"""The pages for what went wrong. The last resort needs neither database nor session."""

from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

LAST_RESORT = Path(settings.BASE_DIR) / "templates" / "errors" / "500.html"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.jinja", status=HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.jinja", status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.jinja", status=HTTPStatus.NOT_FOUND)


def page_open_too_long(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's protection against forgery did not fit, mostly because the page was old."""
    return render(request, "errors/csrf.jinja", status=HTTPStatus.FORBIDDEN)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke: a plain file, because the page templates may be what is broken."""
    return HttpResponse(LAST_RESORT.read_text(), status=HTTPStatus.INTERNAL_SERVER_ERROR)
