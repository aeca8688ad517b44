"""The environment in which pages are written: the NHS macros, links, and how values are shown."""

import re
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from jinja2 import (
    BaseLoader,
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    PackageLoader,
    TemplateNotFound,
)

from cdop.core import mailing
from cdop.core.dates import in_london
from cdop.core.identifiers import format_nhs_number, normalise_nhs_number
from cdop.core.navigation import items
from cdop.core.rendering import component, mistakes, questions

NO_BREAK_SPACE = "\u00a0"
TELEPHONE = re.compile(r"\+?[0-9](?: ?[0-9]){5,}")
DIAL = '<a class="cdop-number" href="tel:{}">{}</a>'
SUFFIX = ".jinja"


class JinjaFiles(BaseLoader):
    """Loads files named ``*.jinja`` and leaves all others to the engine of the libraries' pages.

    Both engines look in the same folder; by its name a file says which of them it is for.
    """

    def __init__(self, loader: BaseLoader) -> None:
        self.loader = loader

    def get_source(self, environment: Environment, template: str) -> Any:
        if not template.endswith(SUFFIX):
            raise TemplateNotFound(template)
        return self.loader.get_source(environment, template)


def environment(*, loader: BaseLoader, **options: Any) -> Environment:
    """The Jinja environment of all pages; ``options`` come from Django, which turns escaping on."""
    options |= {
        "loader": ChoiceLoader([JinjaFiles(loader), PackageLoader("nhsuk_frontend_jinja")]),
        # The NHS macros read ``params.hint.text`` of hints that were not given.
        "undefined": ChainableUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    made = Environment(**options)  # nosec B701 # Django puts autoescape=True among the options
    made.globals.update(url=url, static=static)
    made.filters.update(
        date=day,
        moment=moment,
        when=when,
        month=month,
        nhs_number=nhs_number,
        count=count,
        number=number,
        questions=questions,
        component=component,
        mistakes=mistakes,
        dial=dial,
    )
    return made


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every page is given beside what its view gives.

    demonstration  whether this installation holds invented deaths only
    navigation     links for this person's hat: ``text``, ``href``, ``active``
    messages       sentences left by the step before
    contact        how to reach the people who run the service
    idle           after how many seconds a page asks whether anybody is there, and signs out
    letters_go     whether this installation sends mail; where not, it holds every letter
    """
    return {
        "demonstration": settings.DEMONSTRATION,
        "navigation": items(request),
        "messages": get_messages(request),
        "contact": settings.CONTACT,
        "letters_go": not mailing.why_not_sending(),
        "idle": (settings.SESSION_WARNING_SECONDS, settings.SESSION_IDLE_SECONDS),
    }


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page by its name."""
    return reverse(name, args=args, kwargs=kwargs)


def day(value: date | datetime | None) -> str:
    """A date as 6 August 2018; a moment as its date in London; nothing as ""."""
    if value is None:
        return ""
    shown = _london(value)
    return f"{shown.day} {shown:%B %Y}"


def dial(words: str) -> SafeString:
    """Words in which each telephone number is a link, so that a telephone can ring it."""
    pieces, end = [], 0
    for found in TELEPHONE.finditer(words):
        number = found[0]
        link = format_html(DIAL, number.replace(" ", ""), number)
        pieces += [escape(words[end : found.start()]), link]
        end = found.end()
    return SafeString("".join([*pieces, escape(words[end:])]))  # nosec B703


def month(value: date | datetime | None) -> str:
    """August 2018."""
    return f"{_london(value):%B %Y}" if value is not None else ""


def moment(value: datetime | None) -> str:
    """A moment as 6 August 2018, 2:30pm, in London.

    Midnight is 12:00am and noon 12:00pm: "midnight" would not say at which end of the day.
    """
    if value is None:
        return ""
    shown = in_london(value)
    return f"{day(shown)}, {shown.hour % 12 or 12}:{shown:%M}{'am' if shown.hour < 12 else 'pm'}"


def when(value: datetime | None) -> str:
    """A moment as ``moment`` has it; the day alone where nothing but the day is known.

    What has no known time is kept as midnight in London, where its day begins. A moment that was
    midnight to the microsecond is shown by its day, too.
    """
    if value is None or in_london(value).time() == time.min:
        return day(value)
    return moment(value)


def nhs_number(value: str | None) -> str:
    """999 123 4560 with spaces at which no line breaks; anything else stays as it was typed."""
    typed = value or ""
    if normalise_nhs_number(typed) != typed:
        return typed
    return format_nhs_number(typed).replace(" ", NO_BREAK_SPACE)


def number(value: int) -> str:
    """10,000."""
    return f"{value:,}"


def count(value: int, one: str, many: str = "") -> str:
    """1 death, 2 deaths, 1 child, 2 children."""
    return f"{value:,}{NO_BREAK_SPACE}{one if value == 1 else many or one + 's'}"


def _london(value: date | datetime) -> date | datetime:
    return in_london(value) if isinstance(value, datetime) else value
