"""Two links to one draft that are used in one moment."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from notifications import returning
from notifications.intake import DRAFT_KIND
from notifications.returning import ReturnLink
from tests.client import Client
from tests.notifications.filling import begin


def test_of_two_links_that_are_used_at_once_one_gets_the_draft(committed_database):
    browser = Client()
    begin(browser)
    for _ in range(2):
        browser.post("/report/later/", {"email": "ana@example.org"})

    def take(link):
        try:
            return returning.take(link, DRAFT_KIND) is not None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        found = list(both.map(take, ReturnLink.objects.order_by("pk")))

    assert sorted(found) == [False, True]
