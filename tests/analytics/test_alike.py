"""Lines in which all deaths have one answer are shown to those who decide, and to nobody else."""

import json

import pytest

from analytics import alike, checks, disclosure, release_json
from analytics.disclosure import Policy
from analytics.states import ReleaseState
from tests.analytics.invented import children, heading, tabulate
from tests.analytics.pages import page_of
from tests.pages import sign_in, text_of

SEVEN = {"category": "self_harm", "modifiable": "modifiable", "basis_reviewed": 1}


def published(rows):
    wanted = ("reviewed-category-modifiable", "reviewed-area", "reviewed-modifiable-area")
    tables = tabulate(rows, only=lambda table: table.id in wanted)
    protected = disclosure.protect(tables, Policy())
    made = release_json.build(heading(), protected, checks.verify(tables))
    return json.loads(release_json.dumps(made))


def others(number=200):
    return [child for child in children(7, number) if child["category"] != "self_harm"]


def test_a_category_whose_deaths_all_have_one_answer_is_told():
    seven = [child | SEVEN for child in children(1, 7)]

    assert (
        "Deaths reviewed, by category of death and modifiable factors: all deaths of “Suicide or "
        "deliberate self-inflicted harm” are “Modifiable factors were identified”."
    ) in alike.lines(published([*others(), *seven]))


def test_a_category_with_two_answers_is_not():
    seven = [child | SEVEN for child in children(1, 7)]
    unlike = [child | SEVEN | {"modifiable": "not_modifiable"} for child in children(2, 7)]

    assert not [
        line for line in alike.lines(published([*others(), *seven, *unlike])) if "Suicide" in line
    ]


def test_a_line_whose_figures_are_hidden_tells_nothing():
    two = [child | SEVEN for child in children(1, 2)]

    assert not [line for line in alike.lines(published([*others(), *two])) if "Suicide" in line]


@pytest.mark.parametrize("who", ["coordinator", "chair"])
def test_whoever_makes_a_release_sees_the_lines_before_it_is_published(
    request, client, release_at, monkeypatch, who
):
    monkeypatch.setattr(alike, "_of_table", lambda release, table: [f"Alike: {table['id']}."])

    page = text_of(sign_in(client, request.getfixturevalue(who)).get(page_of(release_at(DRAFT))))

    assert "In these lines all deaths have the same answer." in page
    assert "Alike: reviewed-age-sex." in page


def test_nobody_is_told_once_it_is_published(client, release_at, reader, monkeypatch):
    monkeypatch.setattr(alike, "_of_table", lambda release, table: [f"Alike: {table['id']}."])
    release = release_at(ReleaseState.PUBLISHED)

    assert "Alike" not in text_of(sign_in(client, reader).get(page_of(release)))


DRAFT = ReleaseState.DRAFT
