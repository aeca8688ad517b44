"""Themes: which cases the rule proposes, what is decided by hand, and how many there are."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import product

import pytest
from django.db import connections

from cdop.cases import actions as cases
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused, Stale
from cdop.core.steps import why_not
from cdop.learning import theme_counts, theme_reviews, themes
from cdop.learning.theme_models import ThematicReview, Theme, ThemeCase
from cdop.learning.theme_states import REVIEW_STEPS, THEME_STEPS, ReviewState, Standing, ThemeState
from tests.cast import person
from tests.cdop.learning.theme_makers import (
    REVIEW,
    a_case_of,
    a_review,
    a_theme,
    added,
    reviewed,
    with_chair,
)
from tests.cdop.panel.makers import ready_case
from tests.databases import committed_database
from tests.guard import nothing_forbidden
from tests.makers import a_case, opened_case

__all__ = ["committed_database"]

S = Standing
PEOPLE = ["coordinator", "chair", "member", "doctor", "reader", "governance_lead", "stranger"]


def keys(theme: Theme) -> set[int]:
    return set(themes.belonging(theme).values_list("pk", flat=True))


def leave_out(theme, case, by, version=0, reason="It was something else."):
    return themes.settle(theme, case, standing=S.LEFT_OUT, reason=reason, version=version, by=by)


def test_a_rule_proposes_what_was_found_in_the_codes_of_the_reviews_own_edition(chair, member):
    [found] = reviewed(ready_case(), chair=chair, member=member)
    only_2018 = {"cdr-2018": {"factors": ["physical.unsafe_sleep"]}}

    with nothing_forbidden():
        assert keys(a_theme()) == {found.pk}
        assert keys(a_theme("In the other edition", only_2018)) == set()


def test_a_finding_that_is_not_signed_off_proposes_nothing(db):
    opened_case()

    assert keys(a_theme()) == set()


def test_categories_add_to_factors_and_ages_narrow_both_down(chair, member):
    [found] = reviewed(ready_case(), chair=chair, member=member)
    of_it = {"categories": ["infection"], "factors": [], "age_bands": []}
    rules = {
        "its category": {"lscb-2015": of_it},
        "its age as well": {"lscb-2015": of_it | {"age_bands": ["28-364d"]}},
        "another age": {"lscb-2015": of_it | {"age_bands": ["15-17"]}},
        "another category": {"lscb-2015": {"categories": ["malignancy"]}},
        "its age alone": {"lscb-2015": {"age_bands": ["28-364d"]}},
        "nothing": {},
    }

    proposed = {name: keys(a_theme(name, rule)) for name, rule in rules.items()}

    assert {name for name, found in proposed.items() if found} == {
        "its category",
        "its age as well",
        "its age alone",
    }
    assert set().union(*proposed.values()) == {found.pk}


def test_a_death_that_this_panel_does_not_review_belongs_to_no_theme(coordinator):
    theme, elsewhere = a_theme(rule={"lscb-2015": {"age_bands": ["28-364d"]}}), a_case()
    assert keys(theme) == {elsewhere.pk}

    out = a_case(in_scope=False)

    assert keys(theme) == {elsewhere.pk}
    with pytest.raises(Refused, match="does not review"):
        added(theme, out, coordinator)


def test_a_code_that_the_edition_does_not_have_is_refused_and_changes_nothing(db):
    with pytest.raises(Refused, match="co_sleeping is not a code of"):
        a_theme(rule={"cdr-2018": {"factors": ["family_environment.co_sleeping"]}})

    assert Theme.objects.count() == 0


def test_cases_are_added_and_left_out_by_hand_with_a_reason_and_left_to_the_rule_again(
    chair, member, coordinator
):
    theme = a_theme()
    [by_rule] = reviewed(ready_case(), chair=chair, member=member)
    other = ready_case()

    out = leave_out(theme, by_rule, coordinator)
    added(theme, other, coordinator)
    there, left_out = themes.members(theme)

    assert [(each.reference, each.standing) for each in there] == [(other.reference, S.ADDED)]
    assert [(each.reference, each.reason) for each in left_out] == [
        (by_rule.reference, "It was something else.")
    ]
    themes.settle(
        theme, by_rule, standing=S.BY_RULE, reason="It was.", version=out.version, by=coordinator
    )
    assert keys(theme) == {by_rule.pk, other.pk}
    done = AuditEntry.objects.filter(action__startswith="theme.case").order_by("number")
    assert [entry.action for entry in done] == [
        "theme.case_left_out",
        "theme.case_added",
        "theme.case_by_rule",
    ]


@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_is_decided_by_hand_without_a_reason(coordinator, reason):
    theme = a_theme()
    case = a_case_of(theme, coordinator)

    with pytest.raises(Refused, match="Say why"):
        leave_out(theme, case, coordinator, version=1, reason=reason)

    assert ThemeCase.objects.get().standing == S.ADDED


def test_a_case_that_is_there_is_not_added_and_one_that_is_not_there_not_left_out(coordinator):
    theme = a_theme()
    case = a_case_of(theme, coordinator)

    with pytest.raises(Refused, match="belongs to this theme already"):
        added(theme, case, coordinator, version=1)
    with pytest.raises(Refused, match="does not belong to this theme"):
        leave_out(theme, ready_case(), coordinator)


def test_a_theme_that_is_ended_keeps_what_it_has_and_takes_nothing_more(coordinator):
    theme = a_theme()
    case = a_case_of(theme, coordinator)

    ended = themes.end(theme, why="Nothing more to learn.", version=theme.version, by=coordinator)

    assert keys(ended) == {case.pk}
    with pytest.raises(Refused, match="This theme is ended"):
        leave_out(ended, case, coordinator, version=1)
    with pytest.raises(Refused, match="This theme is ended"):
        theme_reviews.begin(ended, by=coordinator)
    again = themes.take_up(ended, version=ended.version, by=coordinator)
    assert (again.goes_on, again.why_ended) == (True, "")


@pytest.mark.parametrize(("here", "there"), list(product(ThemeState, ThemeState)))
def test_a_theme_takes_only_the_listed_steps_and_only_by_the_team(here, there, request):
    allowed = [
        who
        for who in PEOPLE
        if not why_not(Theme(state=here), there, by=request.getfixturevalue(who))
    ]

    assert allowed == (["coordinator"] if (here, there) in THEME_STEPS else [])


@pytest.mark.parametrize(("here", "there"), list(product(ReviewState, ReviewState)))
def test_a_review_is_written_by_the_team_and_approved_by_the_chair_alone(here, there, request):
    row = ThematicReview(state=here)
    allowed = [who for who in PEOPLE if not why_not(row, there, by=request.getfixturevalue(who))]

    needed = REVIEW_STEPS.get((here, there))
    by_chair = here == ReviewState.WITH_CHAIR
    assert allowed == ([] if needed is None else ["chair" if by_chair else "coordinator"])


@pytest.mark.parametrize("who", ["chair", "member", "doctor", "reader", "stranger"])
def test_nobody_else_keeps_themes(who, request, coordinator):
    theme, by = a_theme(), request.getfixturevalue(who)
    case = a_case_of(theme, coordinator)

    for forbidden in (
        lambda: themes.save(
            theme, title="Mine", belongs="x", source="", rule={}, version=theme.version, by=by
        ),
        lambda: themes.end(theme, why="x", version=theme.version, by=by),
        lambda: leave_out(theme, case, by, version=1),
        lambda: theme_reviews.begin(theme, by=by),
    ):
        with pytest.raises(Refused) as refused:
            forbidden()
        assert refused.value.status == 403


# How many


def test_years_without_a_death_stand_there_and_every_row_adds_up(chair, member, coordinator):
    theme = a_theme(rule={"lscb-2015": {"age_bands": ["28-364d", "1-4"]}})
    for month, area, band in [
        (date(2012, 5, 1), "E06000006", "28-364d"),
        (date(2014, 5, 1), "E06000007", "1-4"),
        (date(2014, 6, 1), None, "1-4"),
        (date(2014, 6, 1), "E06000007", "15-17"),
    ]:
        a_case(died_in=month, area=area, age_band=band)

    with nothing_forbidden():
        died, reviewed_in = theme_counts.tables(themes.belonging(theme))

    rows = {row.year: (row.areas, row.together, row.all_deaths) for row in died.rows}
    assert died.areas[-1] == "No area known"
    assert rows["2012-13"] == ((0, 0, 1, 0, 0), 1, 1)
    assert rows["2013-14"] == ((0, 0, 0, 0, 0), 0, 0)
    assert rows["2014-15"] == ((0, 0, 0, 1, 1), 2, 3)
    assert rows["Total"] == ((0, 0, 1, 1, 1), 3, 4)
    assert (died.without, reviewed_in.without) == (0, 3)
    assert reviewed_in.rows[-1].together == 0


def test_a_death_is_counted_by_its_review_once_that_is_signed_off(chair, member):
    theme = a_theme()
    reviewed(ready_case(), ready_case(), chair=chair, member=member)

    died, by_review = theme_counts.tables(themes.belonging(theme))

    assert (died.rows[-1].together, by_review.rows[-1].together, by_review.without) == (2, 2, 0)


# The thematic review


def test_an_approved_version_stays_as_it_is_and_a_change_is_a_new_version(coordinator, chair):
    theme = a_theme()
    row = with_chair(theme, coordinator)

    approved = theme_reviews.approve(row, version=row.version, by=chair)

    assert approved.digest == theme_reviews.digest(REVIEW)
    with pytest.raises(Refused, match="approved, so it stays as it is"):
        theme_reviews.write(
            approved, REVIEW | {"found": "More."}, version=approved.version, by=coordinator
        )
    second = theme_reviews.begin(theme, by=coordinator)
    assert (second.number, theme_reviews.texts_of(second)) == (2, REVIEW)
    assert theme_reviews.begin(theme, by=coordinator).pk == second.pk
    assert ThematicReview.objects.get(pk=approved.pk).digest == approved.digest


def test_the_chair_gives_a_review_back_with_a_remark(coordinator, chair):
    row = with_chair(a_theme(), coordinator)
    with pytest.raises(Refused, match="Say what has to be changed"):
        theme_reviews.give_back(row, remark=" ", version=row.version, by=chair)

    back = theme_reviews.give_back(row, remark="Too long.", version=row.version, by=chair)

    assert (back.state, back.remark) == (ReviewState.DRAFT, "Too long.")


def test_a_review_with_an_empty_section_is_not_put_to_the_chair(coordinator):
    row = a_review(a_theme(), coordinator, recommend="")

    with pytest.raises(Refused, match="Nothing is written yet under “What it recommends”"):
        theme_reviews.put_to_chair(row, version=row.version, by=coordinator)


def test_a_review_that_names_a_child_of_the_theme_is_not_kept_and_the_search_is_recorded(
    coordinator,
):
    theme = a_theme()
    case = a_case_of(theme, coordinator)

    with pytest.raises(Refused, match="What it found: Line 1 has “Aaaa”"):
        a_review(theme, coordinator, found="Aaaa slept on a sofa.")

    assert ThematicReview.objects.get().found == ""
    reads = AuditEntry.objects.filter(action="identity.read", actor=coordinator)
    assert {(entry.case_number, entry.purpose) for entry in reads} == {
        (case.pk, "find identifying words in what the panel has learned")
    }


def test_a_case_that_joined_since_is_searched_for_before_the_chair_reads(coordinator):
    theme = a_theme()
    row = a_review(theme, coordinator, found="Aaaa slept on a sofa.")
    a_case_of(theme, coordinator)

    with pytest.raises(Refused, match="part of the child's name"):
        theme_reviews.put_to_chair(row, version=row.version, by=coordinator)

    assert ThematicReview.objects.get().state == ReviewState.DRAFT


def test_of_two_who_settle_one_case_in_the_same_moment_one_is_told(committed_database):
    by = [person("coordinator"), person("coordinator")]
    theme = a_theme()
    case = ready_case()

    def press(user):
        try:
            return added(theme, case, user).standing
        except Refused as refused:
            return refused.status.name
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        said = list(both.map(press, by))

    assert sorted(said) == ["CONFLICT", "added"]
    assert ThemeCase.objects.count() == 1


def test_a_theme_that_somebody_else_changed_is_not_written_over(coordinator):
    theme = a_theme()
    words = {"title": "Safe sleeping", "source": "", "rule": {}, "by": coordinator}
    themes.save(theme, belongs="First.", version=theme.version, **words)

    with pytest.raises(Stale):
        themes.save(theme, belongs="Second.", version=theme.version, **words)

    assert Theme.objects.get().belongs == "First."


def test_a_case_that_is_withdrawn_leaves_its_themes(coordinator):
    theme = a_theme()
    case = a_case_of(theme, coordinator)

    cases.withdraw(case, reason="It was a hoax.", by=coordinator)

    assert keys(theme) == set()
