import json
from functools import cache

import pytest

from analytics import checks, disclosure, release_json
from analytics.disclosure import Policy
from analytics.rates import proportion
from tests.analytics.invented import AREAS, children, heading, tabulate

FIGURES = ("value", "lower", "upper", "numerator", "denominator")
CHOSEN = ("reviewed-area", "reviewed-modifiable-area", "reviewed-modifiable-percentage")


@cache
def protected(seed=1):
    tables = tabulate(children(seed, 70), only=lambda t: t.id in CHOSEN)
    return disclosure.protect(tables, Policy())


@pytest.fixture
def release():
    said = checks.verify(protected().tables)
    return json.loads(release_json.dumps(release_json.build(heading(), protected(), said)))


def test_a_release_says_what_it_is(release):
    assert release["release"] == {
        "id": "R-0001",
        "version": 1,
        "supersedes": None,
        "period": "2014-15",
        "areas": list(AREAS),
        "threshold": 5,
        "snapshot": "2015-05-01T09:00:00Z",
        "editions": ["lscb-2015"],
        "synthetic": True,
        "protected": True,
        "sources": [],
    }


def test_a_dimension_lists_its_values_with_their_parents(release):
    assert release["dimensions"]["area"] == [
        {"code": code, "label": name, "parent": None} for code, name in AREAS.items()
    ]
    parents = {v["code"]: v["parent"] for v in release["dimensions"]["modifiable"]}
    assert parents == {
        "enough_information": None,
        "modifiable": "enough_information",
        "not_modifiable": "enough_information",
        "inadequate": None,
        "not_known": None,
    }


def test_a_table_names_its_basis_period_and_dimensions(release):
    table = dict(release["tables"][1])
    cells = table.pop("cells")

    assert table == {
        "id": "reviewed-modifiable-area",
        "title": "Deaths reviewed, by modifiable factors and area",
        "basis": "reviewed",
        "period": "2014-15",
        "statistic": "count",
        "where": {},
        "dimensions": ["modifiable", "area"],
        "additive": ["modifiable", "area"],
        "notes": [],
    }
    assert len(cells) == (5 + 1) * (4 + 1)
    assert all(set(cell) == {"modifiable", "area", "value", "mark"} for cell in cells)


def test_a_hidden_count_is_nothing_but_its_mark(release):
    cells = [cell for table in release["tables"] for cell in table["cells"]]

    assert {cell["mark"] for cell in cells} == {None, "[c]"}
    for cell in cells:
        assert (cell["value"] is None) == (cell["mark"] == "[c]")


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_percentage_is_made_of_two_shown_counts_or_not_at_all(seed):
    release = release_json.build(heading(), protected(seed))
    counts = {(c["modifiable"], c["area"]): c["value"] for c in release["tables"][1]["cells"]}
    for cell in release["tables"][2]["cells"]:
        pair = [counts[code, cell["area"]] for code in ("modifiable", "enough_information")]
        figures = [cell[name] for name in FIGURES]
        if None in pair:
            assert (figures, cell["mark"]) == ([None] * 5, "[c]")
        else:
            share = proportion(*pair)
            percents = [round(100 * x, 1) for x in (share.value, share.lower, share.upper)]
            assert (figures, cell["mark"]) == ([*percents, *pair], None)


def test_a_percentage_of_nobody_is_marked_as_not_applicable():
    nobody = disclosure.protect(tabulate([], only=lambda t: t.id in CHOSEN), Policy())
    [first, *_] = release_json.build(heading(), nobody)["tables"][2]["cells"]
    assert first == {
        "area": "E06000049",
        "value": None,
        "mark": "[z]",
        "lower": None,
        "upper": None,
        "numerator": 0,
        "denominator": 0,
    }


def test_the_restricted_release_shows_every_count_and_says_that_it_is_not_protected():
    release = release_json.build_internal(heading(), protected().tables)

    assert release["release"]["protected"] is False
    shown = [c["value"] for t in release["tables"][:2] for c in t["cells"]]
    assert shown == [n for t in protected().tables[:2] for n in t.counts.values()]


def test_the_same_release_is_the_same_text():
    first, second = (release_json.build(heading(), protected()) for _ in range(2))
    assert release_json.dumps(first) == release_json.dumps(second)
