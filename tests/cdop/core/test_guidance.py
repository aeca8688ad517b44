"""The page of the guidance: everything that an edition says, with its source and certainty."""

import pytest
from django.urls import reverse

from cdop import editions
from tests.pages import sign_in, text_of


@pytest.mark.parametrize("code", editions.codes())
def test_the_page_says_every_category_factor_grade_and_task_of_the_edition(client, member, code):
    edition = editions.get(code)

    page = text_of(sign_in(client, member).get(reverse("guidance_edition", args=[code])))

    said = [each.label for each in (*edition.categories, *edition.grades, *edition.checklist)]
    said += [each.label for domain in edition.domains for each in domain.factors]
    assert [label for label in said if label not in page] == []
    assert "From general knowledge, still to be checked against the guidance" in page
    assert "Source: S" in page


def test_the_guidance_in_force_today_comes_first(client, member):
    page = text_of(sign_in(client, member).get(reverse("guidance")))

    assert "Child Death Review statutory guidance 2018 In force from 1 April 2019" in page


def test_an_edition_that_does_not_exist_is_not_there(client, member):
    address = reverse("guidance_edition", args=["lscb-1999"])

    assert sign_in(client, member).get(address).status_code == 404


def test_nobody_reads_the_guidance_without_an_account(client, db):
    assert client.get(reverse("guidance")).status_code == 302
