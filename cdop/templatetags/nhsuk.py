"""Our frame and the NHS macros for the Django templates of libraries, which are sign-in pages."""

import re
from typing import Any, cast

from django import template
from django.conf import settings
from django.template import Context, engines
from django.template.backends.jinja2 import Jinja2
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cdop.core import mailing

register = template.Library()

SVG = re.compile(r"<svg .*</svg>", re.DOTALL)


@register.simple_block_tag(takes_context=True)
def page(context: Context, content: str, title: str) -> str:
    """Put a page of a library into the frame of ours, with the mistakes of its ``form``."""
    given = {"title": title, "content": content, "form": context.get("form")}
    made = render_to_string("allauth/page.jinja", given, request=context.get("request"))
    return SafeString(made)  # nosec B703


@register.simple_tag
def no_letter() -> str:
    """What becomes of a letter where this system sends none; "" where it goes out."""
    environment = cast(Jinja2, engines["jinja"]).env
    ours = cast(Any, environment.get_template("components/no_letter.jinja").module)
    goes = not mailing.why_not_sending()
    return SafeString(ours.no_letter(settings.DEMONSTRATION, goes, settings.CONTACT).strip())  # nosec B703


@register.simple_tag
def nhs(component: str, **params: Any) -> str:
    """The macro of an NHS component: ``{% nhs "inset-text" text="..." %}``."""
    environment = cast(Jinja2, engines["jinja"]).env
    library = environment.get_template(f"nhsuk/components/{component}/macro.jinja")
    first, *rest = component.split("-")
    macro = getattr(library.module, first + "".join(word.capitalize() for word in rest))
    return SafeString(macro(params))  # nosec B703


@register.filter
def drawing(svg: str, label: str) -> str:
    """A drawing made on this server, set into the page: as a ``data:`` image our policy bars it."""
    found = SVG.search(svg)
    inner = SafeString(found[0]) if found else ""  # nosec B703 # made here by the QR library
    return format_html('<div class="cdop-code" role="img" aria-label="{}">{}</div>', label, inner)
