"""The pages, asked for as a web server asks: through the whole application, signed in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.template.backends.jinja2 import Template
from django.urls import reverse

from cdop.cases.models import Case
from cdop.cases.states import CaseState
from cdop.core.users import User
from tests.bench.furnished import furnish
from tests.bench.timing import milliseconds
from tests.bench.urls import EMPTY
from tests.client import Client

ROUNDS_TO_SPLIT = 11


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser that is signed in."""

    application: Callable
    cookie: str

    def get(self, address: str) -> bytes:
        """The page at an address; AssertionError if there is none to be seen."""
        path, _, query = address.partition("?")
        environ = {"HTTP_COOKIE": self.cookie, "PATH_INFO": path, "QUERY_STRING": query}
        setup_testing_defaults(environ)
        answered: list[str] = []
        response = self.application(environ, lambda status, headers: answered.append(status))
        body = b"".join(response)
        response.close()
        assert answered == ["200 OK"], f"{address} answered {answered[0]}"
        return body


def visitor(user: User) -> Visitor:
    """The person signed in, in a session of their own."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return Visitor(get_wsgi_application(), f"{settings.SESSION_COOKIE_NAME}={session}")


def addresses(furnished: Case) -> dict[str, str]:
    """Where the pages are. The case is the one closed last, which has all that a case can have.

    furnished  the case whose family was spoken with and whose agencies have answered
    """
    case = Case.objects.filter(state=CaseState.CLOSED).latest("closed_at")
    lists = reverse("cases:worklists")
    return {
        "empty view": EMPTY,
        "case list": f"{reverse('cases:list')}?list=closed",
        "case page": reverse("cases:case", args=[case.reference]),
        "timeline": reverse("cases:timeline", args=[case.reference]),
        "checklist": reverse("rapid_response:checklist", args=[case.reference]),
        "first weeks": f"{reverse('rapid_response:first_weeks')}?period=2025-26",
        "worklist: mine": f"{lists}?list=mine",
        "worklist: overdue": f"{lists}?list=overdue",
        "worklist: waiting for": f"{lists}?list=waiting",
        "worklist: by area": f"{lists}?list=area",
        "a parent rings": reverse("cases:called", args=[furnished.reference]),
        "requests": reverse("agency_reports:case", args=[furnished.reference]),
        "composite record": reverse("agency_reports:record", args=[furnished.reference]),
        "home page": reverse("home"),
    }


def measure(user: User) -> dict[str, dict[str, float]]:
    """For each page: median milliseconds, number of queries, bytes, and where the time goes."""
    who, pages = visitor(user), addresses(furnish(user))
    times = milliseconds({name: _call(who, address) for name, address in pages.items()})
    return {
        name: {"ms": times[name], **_weighed(who, address), **_split(who, address)}
        for name, address in pages.items()
    }


def _call(who: Visitor, address: str) -> Callable[[], bytes]:
    return lambda: who.get(address)


def _weighed(who: Visitor, address: str) -> dict[str, float]:
    with _statements() as taken:
        size = len(who.get(address))
    return {"queries": len(taken), "bytes": size}


def _split(who: Visitor, address: str) -> dict[str, float]:
    """Median milliseconds in statements, and in templates without the statements they set off."""
    in_statements, in_templates = [], []
    for _ in range(ROUNDS_TO_SPLIT):
        with _statements() as statements, _templates(statements) as templates:
            who.get(address)
        in_statements.append(sum(statements) * 1000)
        in_templates.append(sum(templates) * 1000)
    return {"statements_ms": median(in_statements), "templates_ms": median(in_templates)}


@contextmanager
def _statements() -> Iterator[list[float]]:
    """The seconds that each statement of the block takes."""
    taken: list[float] = []

    def timed(execute, sql, params, many, context):
        started = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            taken.append(perf_counter() - started)

    with connection.execute_wrapper(timed):
        yield taken


@contextmanager
def _templates(statements: list[float]) -> Iterator[list[float]]:
    """The seconds that each template of the block takes, without its ``statements``."""
    taken: list[float] = []
    render = Template.render

    def timed(self, context=None, request=None):
        before, started = sum(statements), perf_counter()
        try:
            return render(self, context, request)
        finally:
            taken.append(perf_counter() - started - (sum(statements) - before))

    Template.render = timed
    try:
        yield taken
    finally:
        Template.render = render
