"""Addresses of the interface. Each asks for a token itself; none knows a session or a form."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from cdop.core.access import for_systems
from notifications import api_problems
from notifications.api import interface
from notifications.api_problems import Trouble
from notifications.api_schema import SCHEMA

GUIDE = Path(settings.BASE_DIR) / "docs" / "guides" / "system-supplier.md"

app_name = "api"


def spoken(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of the library as one of ours: its own refusals in the words of the interface.

    No form of ours leads here and no cookie opens anything, so there is nothing to forge.
    """

    @csrf_exempt
    @for_systems
    @wraps(view, assigned=("__doc__",))
    def answered(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = view(request, **kwargs)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        allowed = {"Allow": response.headers["Allow"]}
        sentence = f"Here only {allowed['Allow']} is answered."
        trouble = Trouble(HTTPStatus.METHOD_NOT_ALLOWED, "not_allowed", sentence, headers=allowed)
        return api_problems.answer(request, trouble)

    return answered


@csrf_exempt
@for_systems
def schema(request: HttpRequest) -> HttpResponse:
    """The schema, as it stands in the repository."""
    return HttpResponse(SCHEMA.read_text(), content_type="application/json")


@csrf_exempt
@for_systems
def guide(request: HttpRequest) -> HttpResponse:
    """The guide for suppliers, as it stands in the repository."""
    return HttpResponse(GUIDE.read_text(), content_type="text/markdown; charset=utf-8")


@csrf_exempt
@for_systems
def nothing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Whatever else is asked for below this address."""
    return api_problems.answer(request, api_problems.not_found())


def _ours(pattern: Any) -> URLPattern:
    return path(str(pattern.pattern), spoken(pattern.callback), name=pattern.name)


urlpatterns = [
    path("", nothing, name="api-root"),
    path("openapi.json", schema, name="schema"),
    path("guide", guide, name="guide"),
    *map(_ours, interface.urls[0][:-1]),  # the last is the root, which is ours
    path("<path:rest>", nothing, name="nothing"),
]
