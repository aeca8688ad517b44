"""Training and campaigns: the year's table adds up, and the sentence of the annual report."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdop.core.counts import DoesNotAddUp
from cdop.core.organisations import Area
from cdop.core.periods import Period
from cdop.core.refusals import Refused, Stale
from cdop.learning import exchange, training
from cdop.learning.exchange import Exchange
from cdop.learning.theme_work import organisations_named
from cdop.learning.training import Held, Training
from tests.cdop.learning.theme_makers import a_theme, an_organisation, held, shared
from tests.guard import nothing_forbidden

YEAR = Period.parse("2014-15")
PEOPLE = (34, 41, 28, 27)
"""Of four sessions: 130 together, as the annual report of 2014-15 has it (SEED: "130+")."""


def areas(*names: str) -> list[Area]:
    return list(Area.objects.filter(name__in=names))


@pytest.fixture
def theme(db):
    return a_theme()


def test_four_sessions_and_130_professionals_as_the_annual_report_says_it(theme):
    for number, people in enumerate(PEOPLE):
        held(theme, date(2014, 5 + number, 1), people=people)
    held(theme, date(2015, 3, 31), kind="campaign", what="A national campaign", people=None)
    held(theme, date(2015, 4, 1), people=500)

    with nothing_forbidden():
        year = training.year(YEAR)

    assert year.sentence == "four sessions, 130 professionals"
    assert year.total == Held(
        events=5, sessions=4, campaigns=1, people=130, not_recorded=1, in_sessions=130
    )


def test_people_not_recorded_is_a_count_of_its_own_and_never_0(theme):
    held(theme, people=None), held(theme, people=25)

    year = training.year(YEAR)

    assert (year.total.people, year.total.not_recorded) == (25, 1)
    assert year.sentence == (
        "two sessions, 25 professionals and those of 1\N{NO-BREAK SPACE}session for which it is "
        "not recorded"
    )


@pytest.mark.parametrize(
    ("counted", "sentence"),
    [
        (Held(), "no sessions"),
        (Held(1, 1, people=1, in_sessions=1), "one session, 1 professional"),
        (
            Held(2, 2, not_recorded=2, sessions_not_recorded=2),
            "two sessions, how many professionals is not recorded",
        ),
        (Held(12, 12, people=1300, in_sessions=1300), "12 sessions, 1,300 professionals"),
    ],
)
def test_the_sentence_says_what_is_there(counted, sentence):
    assert training.sentence(counted) == sentence


def test_rows_by_theme_and_by_area_make_one_total(theme):
    other = a_theme("Smoking in pregnancy", {})
    held(theme, areas=areas("Halton"))
    held(theme, areas=areas("Halton", "Warrington"))
    held(other, kind="letter", people=None)

    year = training.year(YEAR)

    assert [(name, row.events, row.people) for name, row in year.by_theme] == [
        ("Safe sleeping", 2, 60),
        ("Smoking in pregnancy", 1, 0),
        ("Total", 3, 60),
    ]
    assert [(name, row.events, row.not_recorded) for name, row in year.by_area] == [
        ("Halton", 1, 0),
        ("Several areas", 1, 0),
        ("No area recorded", 1, 1),
        ("Total", 3, 1),
    ]


def test_a_row_whose_kinds_do_not_make_up_its_events_is_not_shown():
    with pytest.raises(DoesNotAddUp):
        Held(events=2, sessions=1).checked()


@given(st.lists(st.builds(Held, *[st.integers(0, 50)] * 10), max_size=5))
def test_the_sum_of_rows_has_the_sum_of_each_number(rows):
    total = sum(rows, Held())

    assert total.people == sum(row.people for row in rows)
    assert total.not_recorded == sum(row.not_recorded for row in rows)


def test_what_is_struck_out_is_kept_and_counted_no_more(theme, coordinator, reader):
    row = held(theme)

    training.strike_out(row, why="Another year.", version=row.version, by=coordinator)

    assert training.year(YEAR).total == Held()
    assert [list(Training.objects.visible_to(user)) for user in (coordinator, reader)] == [
        [row],
        [],
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"people": 0}, "or say that it is not recorded"),
        ({"what": " "}, "Say what it was"),
        ({"kind": "party"}, "Choose what kind"),
    ],
)
def test_what_says_nothing_is_refused_and_not_recorded(theme, wrong, sentence):
    with pytest.raises(Refused, match=sentence):
        held(theme, **wrong)
    with pytest.raises(Refused, match="today or in the past"):
        held(theme, date(2999, 1, 1))

    assert Training.objects.count() == 0


@pytest.mark.parametrize("who", ["chair", "member", "reader", "stranger"])
def test_the_team_alone_records_training_and_exchange(who, request, theme):
    by = request.getfixturevalue(who)

    for forbidden in (lambda: held(theme, by=by), lambda: shared(theme, by=by)):
        with pytest.raises(Refused) as refused:
            forbidden()
        assert refused.value.status == 403


# Exchange with other panels


def test_what_was_shared_is_with_one_panel_of_ours_or_by_name(theme, coordinator):
    panel = an_organisation()
    both, neither = {"panel": panel}, {"panel_name": " "}
    for wrong in (both, neither):
        with pytest.raises(Refused, match="but not both"):
            shared(theme, **wrong)

    ours = shared(theme, panel=panel, panel_name="")

    assert (ours.other_panel, shared().other_panel) == (
        "Invented Panel",
        "Invented Neighbouring Panel",
    )
    named = {each.where: dict(each.counts) for each in organisations_named()}
    assert named == {"Training": {}, "Exchange": {panel.pk: 1}}


def test_the_list_as_a_file_says_what_when_with_whom_by_whom_and_on_what_basis(theme):
    shared(theme)

    assert exchange.lines(Exchange.objects.all()) == [
        (
            "2014-10-01",
            "From us to them",
            "Invented Neighbouring Panel",
            "A briefing",
            "The briefing on safer sleep",
            "Safe sleeping",
            "The coordinator",
            "It is published",
        )
    ]


def test_an_exchange_that_somebody_else_put_right_is_not_written_over(theme, coordinator):
    row = shared(theme)
    said = {name: getattr(row, name) for name in exchange_columns()}
    exchange.save(row, **said | {"basis": "Agreed"}, version=row.version, by=coordinator)

    with pytest.raises(Stale):
        exchange.save(row, **said | {"basis": "Asked"}, version=row.version, by=coordinator)

    assert Exchange.objects.get().basis == "Agreed"


def exchange_columns() -> list[str]:
    return [name for name in Exchange.catalogue if name != "version"]
