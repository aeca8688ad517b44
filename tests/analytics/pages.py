"""Pages of statistics as tests read them, and who gets them."""

import re

from django.urls import reverse

from tests.client import Client
from tests.pages import sign_in

CAST = (
    "coordinator",
    "chair",
    "member",
    "doctor",
    "reader",
    "governance_lead",
    "stranger",
)


def page_of(release, name="release"):
    return reverse(f"analytics:{name}", args=[release.reference])


def who_gets(request, method, address, data=None):
    """The status that each of the cast gets."""
    found = {}
    for name in CAST:
        client = sign_in(Client(), request.getfixturevalue(name))
        found[name] = getattr(client, method)(address, data or {}).status_code
    return found


def everybody_else(status, **others):
    return {name: others.get(name, status) for name in CAST}


def rows_of(page, table_id):
    """The figures of one table on a page, by row."""
    section = re.search(f'<section id="{table_id}".*?</section>', page.content.decode(), re.DOTALL)
    rows = re.findall(r'<th [^>]*scope="row">(.*?)</th>(.*?)</tr>', section[0], re.DOTALL)
    cells = {label: re.findall(r"<td.*?</td>", row, re.DOTALL) for label, row in rows}
    return {label: [figure(cell) for cell in row] for label, row in cells.items()}


def figure(cell):
    """What stands in a cell, without what only a screen reader says."""
    seen = re.sub(r'<span class="nhsuk-u-visually-hidden">.*?</span>', "", cell)
    return re.sub(r"<[^>]+>", "", seen).strip()


def tables_on(page):
    """The ids of the tables on a page, in order."""
    return re.findall(r'<section id="([^"]+)"', page.content.decode())


def files_on(page):
    """The names of the files that a page offers, in order."""
    return re.findall(r'<a href="[^"]*/([^"/]+)" download>', page.content.decode())
