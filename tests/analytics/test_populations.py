"""Of how many children a rate is, and the pages on which they are brought in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from analytics import compose, population_actions, populations, rated
from analytics.models import Population
from analytics.populations import BIRTHS, CHILDREN, Group, Year, choose, shipped
from analytics.states import ReleaseState
from cdop import editions
from cdop.core.periods import Period
from cdop.core.refusals import Refused
from tests.analytics.deaths import random_deaths
from tests.analytics.invented import AREAS
from tests.analytics.pages import everybody_else, page_of, who_gets
from tests.pages import sign_in, text_of

YEAR = Period.year(2014)
HALTON = "E06000006"
LIST, NEW = reverse("analytics:populations"), reverse("analytics:bring_in_population")


def children(year, number, each):
    groups = tuple(Group(area, "all", 0, 17, each) for area in AREAS)
    return Year(CHILDREN, year, number, f"Source {number}", groups)


def tidy(each=100):
    lines = [f"{area},all,0,17,{each}" for area in AREAS]
    return "\n".join(["gss_code,sex,age_from,age_to,population", *lines]).encode()


def posted(kind=CHILDREN, year="2015", source="An office, mid-2015", content=None, name="a.csv"):
    file = SimpleUploadedFile(name, tidy() if content is None else content)
    return {"kind": kind, "year": year, "source": source, "file": file}


# Choosing


def test_a_year_of_the_panel_has_the_residents_of_the_middle_of_its_first_calendar_year():
    found = choose(YEAR, shipped())

    assert found.people(CHILDREN, AREAS, (0, 17)) == 213_900
    assert found.people(CHILDREN, [HALTON], (0, 17), "female") == 13_893
    assert found.people(BIRTHS, AREAS, (0, 0)) is None


def test_years_together_have_the_sum_of_theirs_and_a_missing_one_leaves_none():
    known = [children(year, 1, 10) for year in (2012, 2013)]

    assert choose(Period.parse("2012-13--2013-14"), known).people(CHILDREN, [HALTON], (0, 17)) == 20
    assert choose(Period.parse("2011-12--2013-14"), known).years == {}


@pytest.mark.parametrize("period", ["2014-15-Q1", "2014-05--2015-04"])
def test_a_period_that_is_not_whole_years_has_no_population(period):
    assert choose(Period.parse(period), shipped()).years == {}


def test_the_newest_version_of_a_year_is_counted_with():
    known = [children(2014, 2, 30), children(2014, 1, 20), *shipped()]

    assert choose(YEAR, known).people(CHILDREN, [HALTON], (0, 17)) == 30
    assert choose(YEAR, known).sources == ("Children of 2014 (version 2): Source 2.",)


def test_ages_that_begin_or_end_between_birthdays_have_nobody_to_be_set_against():
    spans = rated.age_spans([editions.get(code) for code in editions.codes()])

    assert spans == {
        "0-27d": None,
        "28-364d": None,
        "under-1": (0, 0),
        "1-4": (1, 4),
        "5-9": (5, 9),
        "10-14": (10, 14),
        "15-17": (15, 17),
    }


# Releases


def test_a_release_of_a_year_has_rates_of_children_and_once_births_are_known_of_births(
    db, coordinator
):
    random_deaths(40, seed=3)
    before = {t.table.id for t in compose.count(YEAR).tables}

    lines = [f"{area},3000" for area in AREAS]
    population_actions.bring_in(
        BIRTHS,
        2014,
        source="Invented",
        name="b.csv",
        content="\n".join(["gss_code,births", *lines]).encode(),
        by=coordinator,
    )
    after = {t.table.id: t for t in compose.count(YEAR).tables}

    assert after.keys() - before == {"died-rate-infant", "died-rate-neonatal"}
    assert after["died-rate-infant"].denominators[("total",)] == 12_000
    assert "died-rate-area" in before


def test_a_quarter_has_counts_and_no_rates(db):
    random_deaths(20, seed=3)

    quarter = compose.count(Period.parse("2014-15-Q1"))

    assert [t.table.id for t in quarter.tables if t.table.statistic == "rate"] == []
    assert "died-area" in {t.table.id for t in quarter.tables}


# Bringing in


def test_a_coordinator_brings_in_a_year_and_sees_it_with_its_source(client, coordinator):
    sign_in(client, coordinator)

    page = text_of(client.post(NEW, posted(), follow=True))

    assert "From now on children of 2015, version 1 is counted with." in page
    assert "Source: An office, mid-2015" in page
    assert "Pan-Cheshire 400" in page
    assert "2015 , children Children 1 An office, mid-2015" in text_of(client.get(LIST))


def test_a_year_that_is_known_gets_a_new_version_and_keeps_the_old(client, coordinator):
    sign_in(client, coordinator)
    client.post(NEW, posted(year="2014", content=tidy(7)))
    client.post(NEW, posted(year="2014", content=tidy(9), source="A correction"))

    page = text_of(client.get(reverse("analytics:population", args=[CHILDREN, 2014])))

    assert "Version 2. Source: A correction" in page
    assert "Pan-Cheshire 36" in page
    assert "Version 1: An office, mid-2015" in page
    assert "As shipped: Office for National Statistics" in page
    assert (
        populations.choose(
            YEAR, [*shipped(), *(each.as_year() for each in Population.objects.all())]
        ).people(CHILDREN, AREAS, (0, 17))
        == 36
    )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kind": ""}, "Choose what the file counts"),
        ({"kind": "adults"}, "adults is not one of the available choices"),
        ({"year": ""}, "Enter the calendar year"),
        ({"year": "mid"}, "Enter the calendar year in four digits, like 2014"),
        ({"year": "1913"}, "The year must be from 1990 to"),
        ({"year": "9" * 30}, "The year must be from 1990 to"),
        ({"source": ""}, "Say who published the numbers"),
        ({"source": "x" * 301}, "The source must be 300 characters or fewer"),
        ({"content": b""}, "The file is empty. Choose the file with the numbers"),
        ({"content": b"nothing,here"}, "No line of these areas was found."),
    ],
)
def test_nonsense_gets_a_sentence_and_nothing_is_kept(client, coordinator, wrong, sentence):
    page = text_of(sign_in(client, coordinator).post(NEW, posted(**wrong)))

    assert sentence in page
    assert Population.objects.count() == 0


def test_who_may_not_draft_releases_brings_nothing_in(db, chair):
    with pytest.raises(Refused, match="Your role does not bring in populations"):
        population_actions.bring_in(
            CHILDREN, 2015, source="x", name="a.csv", content=tidy(), by=chair
        )

    assert Population.objects.count() == 0


@pytest.mark.parametrize(
    "address", [LIST, NEW, reverse("analytics:population", args=["births", 7])]
)
def test_the_pages_are_there_for_those_who_draft_releases(request, db, address):
    own = 404 if address.endswith("7/") else 200

    assert who_gets(request, "get", address) == everybody_else(404, coordinator=own)


def test_whoever_drafts_is_told_which_rates_are_missing_and_what_to_bring_in(
    client, release_at, coordinator
):
    page = text_of(sign_in(client, coordinator).get(page_of(release_at(ReleaseState.DRAFT))))

    assert (
        "There are no rates per 1,000 live births. Bring in the births of 2014 to have them."
    ) in page
    assert "There are no rates per 100,000 children." not in page
