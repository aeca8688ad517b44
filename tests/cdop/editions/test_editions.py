"""What the two editions say: in force when they should be, sourced, and by which rules."""

import subprocess
import sys
from datetime import date, timedelta

import pytest

from cdop import editions
from cdop.editions import BadEdition
from cdop.editions.schema import UNSOURCED, WORDS, Item
from tests.cdop.editions.both import BOTH
from tests.cdop.editions.small import write


def everything(thing):
    """Every item of an edition, however deep."""
    if isinstance(thing, Item):
        yield thing
        thing = vars(thing)
    if hasattr(thing, "values"):
        thing = tuple(thing.values())
    if isinstance(thing, tuple):
        for part in thing:
            yield from everything(part)


# In force


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (date(2007, 1, 1), "lscb-2015"),
        (date(2008, 4, 1), "lscb-2015"),
        (date(2019, 3, 31), "lscb-2015"),
        (date(2019, 4, 1), "cdr-2018"),
        (date(2100, 1, 1), "cdr-2018"),
    ],
)
def test_the_edition_changes_on_1_april_2019(on, code):
    assert editions.in_force(on).code == code


def test_editions_are_listed_oldest_first_and_follow_without_a_gap():
    first, second = (editions.get(code) for code in editions.codes())

    assert (first.code, second.code) == ("lscb-2015", "cdr-2018")
    assert first.to_date == second.from_date - timedelta(days=1)
    assert second.to_date is None


def test_an_edition_is_read_once():
    assert editions.get("cdr-2018") is editions.get("cdr-2018")


@pytest.mark.parametrize("code", ["", "lscb-2013", "../editions/lscb-2015"])
def test_an_edition_that_does_not_exist_is_not_found(code):
    with pytest.raises(KeyError):
        editions.get(code)


def test_a_new_folder_is_a_new_edition(tmp_path):
    write(tmp_path / "small-2030")
    write(tmp_path / "small-2020", edition=("2030-04-01", "2020-04-01"))

    assert list(editions.first_days(tmp_path).items()) == [
        ("small-2020", date(2020, 4, 1)),
        ("small-2030", date(2030, 4, 1)),
    ]


def test_two_editions_cannot_begin_on_one_day(tmp_path):
    write(tmp_path / "one")
    write(tmp_path / "two")

    with pytest.raises(BadEdition) as refused:
        editions.first_days(tmp_path)

    assert str(refused.value) == (
        'cdop/editions/two/edition.yaml, line 3: another edition is also in force from "2030-04-01"'
    )


def test_reading_the_guidance_needs_no_django():
    program = (
        "import sys; from cdop import editions; [editions.get(c) for c in editions.codes()]; "
        "sys.exit('django' in sys.modules)"
    )

    project = editions.ROOT.parent.parent
    assert subprocess.run([sys.executable, "-c", program], cwd=project).returncode == 0


# Where it comes from


@BOTH
def test_every_item_names_its_source_and_how_certain_it_is(code):
    edition = editions.get(code)

    unfounded = [
        item
        for item in everything(edition)
        if item.certainty == "sourced" and not set(item.source.split(", ")).isdisjoint(UNSOURCED)
    ]
    cited = {part for item in everything(edition) for part in item.source.split(", ")}
    assert unfounded == []
    assert cited == set(edition.sources)


@BOTH
def test_every_word_of_the_screen_is_there(code):
    assert tuple(editions.get(code).words) == WORDS


def test_the_words_of_the_screen_follow_the_edition():
    old, new = (editions.get(code).words for code in editions.codes())

    assert (old["unexpected_response"], new["unexpected_response"]) == (
        "rapid response",
        "Joint Agency Response",
    )
    assert (old["final_meeting_short"], new["final_meeting_short"]) == (
        "final case discussion",
        "CDRM",
    )
    assert (old["safeguarding_body_short"], new["safeguarding_body_short"]) == (
        "LSCB",
        "CDR partners",
    )


# Scope and membership


@pytest.mark.parametrize(("code", "weeks"), [("lscb-2015", 22), ("cdr-2018", 0)])
def test_the_rules_on_which_deaths_are_reviewed(code, weeks):
    rules = [(rule.code, rule.limit) for rule in editions.get(code).scope]

    assert rules == [
        ("live_birth", None),
        ("age", 18),
        ("termination", None),
        ("gestation", weeks),
        ("resident", None),
    ]


@BOTH
def test_the_panel_cannot_decide_without_health_social_care_police_and_public_health(code):
    members = editions.get(code).core_membership

    assert [member.code for member in members if member.quorum] == [
        "chair",
        "public_health",
        "child_health",
        "social_care",
        "police",
    ]
