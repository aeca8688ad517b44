"""How fast a death can be reported: what is sent by the form, against a view that inserts one row.

Both answer a post, behind the same middleware, with a commit of their own. The floor inserts one
row into one table; the system keeps the notification sealed, with its history, its audit entry
and what is sent out about it.
"""

from collections.abc import Callable, Iterator
from io import BytesIO
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.urls import reverse
from django.utils import timezone

from cdop.core import drafts
from notifications.holding import REPORT
from notifications.intake import DRAFT_KIND
from notifications.unfinished import Report, Unfinished
from tests.bench.report import INTAKE_FLOOR
from tests.bench.timing import ROUNDS, WARM_UP, milliseconds
from tests.bench.urls import INSERT
from tests.drills.killed import answers_for

SECRET = "c" * CSRF_SECRET_LENGTH


def measure() -> dict[str, float]:
    """Median milliseconds of one post, by name."""
    application = get_wsgi_application()
    ready = iter([*_ready(WARM_UP + ROUNDS)])
    return milliseconds(
        {
            INTAKE_FLOOR: lambda: _post(application, INSERT, "", "204 No Content"),
            "send the form": lambda: _post(
                application, reverse("report:check"), next(ready), "302 Found"
            ),
        }
    )


def _ready(number: int) -> Iterator[str]:
    """The cookies of browsers that have filled in the form and not sent it yet."""
    payload = _filled_in("Synthetic").payload()
    for _ in range(number):
        response = HttpResponse()
        REPORT.hold(response, *drafts.begin(DRAFT_KIND, payload))
        yield f"{REPORT.cookie.name}={response.cookies[REPORT.cookie.name].value}"


def _filled_in(name: str) -> Unfinished:
    """Every page on which something must be answered, answered."""
    boxes, here = answers_for(name), Unfinished()
    for _ in Report({}, timezone.now()).pages:
        report = Report(here.typed, timezone.now())
        if not report.missing:
            break
        page = report.missing[0]
        fields = page.form.fields
        typed = {box: [text] for box, text in boxes.items() if box.partition("-")[0] in fields}
        here = here.with_page(page.code, typed)
    assert not Report(here.typed, timezone.now()).missing, "the form is not filled in"
    return here


def _post(application: Callable, path: str, cookie: str, expected: str) -> None:
    body = urlencode({"csrfmiddlewaretoken": SECRET, "version": "1"}).encode()
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_COOKIE": f"{settings.CSRF_COOKIE_NAME}={SECRET}; {cookie}",
        "wsgi.input": BytesIO(body),
    }
    setup_testing_defaults(environ)
    answered: list[str] = []
    response = application(environ, lambda status, headers: answered.append(status))
    response.close()
    assert answered == [expected], f"{path} answered {answered[0]}"
