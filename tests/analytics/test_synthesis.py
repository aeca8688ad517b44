"""An invented population: whole, plausible, and the same again for the same seed."""

from collections import Counter
from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from analytics import synthesis
from analytics.cube import count
from analytics.synthesis import calendar
from cdop import editions
from cdop.cases import facts as working_out
from cdop.cases import identity, tokens
from cdop.cases.models import Case, CaseFacts, Clocks, Identity, IdentityToken
from cdop.cases.states import CaseState
from cdop.core import sealing
from cdop.core.audit import AuditEntry, Job, verify
from cdop.core.dates import days_between, end_of, london_date, month_of
from cdop.core.identifiers import is_synthetic, nhs_number_problem
from cdop.core.periods import Period
from cdop.core.records import Record
from cdop.panel import quorum
from cdop.panel.models import AgendaItem, Meeting
from cdop.panel.states import MeetingState
from cdop.rapid_response import rules as checklist_rules
from cdop.rapid_response.models import ChecklistItem
from cdop.reviews import gate
from cdop.reviews import rules as review_rules
from cdop.reviews.models import Finding
from cdop.reviews.queries import content_of
from cdop.reviews.states import FindingState

TESTS = Job("tests")
FIRST, LAST = date(2016, 4, 1), date(2021, 3, 31)  # over the change of editions
CASES, SEED = 50, 7


def populate(**changes):
    span = {"first": FIRST, "last": LAST, **changes}
    people = synthesis.invent(since=span["first"], by=TESTS)
    synthesis.populate(**{"cases": CASES, "seed": SEED, "people": people, "by": TESTS, **span})


def columns(model, *without):
    """Every row as what it says, without keys that the database or chance gives out."""
    names = [field.attname for field in model._meta.concrete_fields]
    kept = [name for name in names if name not in {"id", "case_id", *without}]
    return list(model.objects.order_by("pk").values_list(*kept))


def all_facts():
    """What is counted, case by case, and the clocks, meetings and tasks behind it."""
    return {
        "facts": columns(CaseFacts),
        "clocks": columns(Clocks),
        "cases": columns(Case, "data_key_id", "opened_by_id", "closed_by_id"),
        "agenda": list(AgendaItem.objects.order_by("pk").values_list("serial", "meeting__held_on")),
        "tasks": columns(ChecklistItem, "settled_by_id"),
        "tokens": Counter(IdentityToken.objects.values_list("kind", "hmac")),
    }


@pytest.fixture
def population(db):
    populate()


def records():
    return [model for model in apps.get_models() if issubclass(model, Record)]


def test_every_column_holds_what_its_field_allows(population):
    """The databases hold the constraints, but not all of them lengths and choices."""
    problems = []
    for model in records():
        for row in model.objects.all():
            try:
                row.clean_fields(exclude=_not_asked(row))
            except ValidationError as error:
                problems.append((model.__name__, error.message_dict))
    connection.check_constraints()

    assert problems == []


def _not_asked(row):
    """Links, which the database checks, and columns that may be null, which no form fills."""
    fields = row._meta.concrete_fields
    empty = [f.name for f in fields if f.null and getattr(row, f.attname) is None]
    return [*empty, *(f.name for f in fields if f.is_relation)]


def test_the_facts_are_those_that_the_case_works_out_from_its_clocks_and_identity(population):
    for facts in CaseFacts.objects.select_related("case__data_key", "case__clocks"):
        case, clocks = facts.case, facts.case.clocks
        edition = editions.in_force(clocks.died_on)
        who = identity.read(case, by=TESTS, purpose="test")
        expected = working_out.age({"date_of_birth": who.date_of_birth}, edition, clocks.died_on)
        expected |= working_out.times(
            clocks.died_on, clocks.died_at, clocks.confirmed_at, clocks.notified_at
        )

        assert case.edition == edition.code
        assert {name: getattr(facts, name) for name in expected} == expected


def test_what_was_found_stands_in_the_facts_of_reviewed_cases_and_of_no_others(population):
    for facts in CaseFacts.objects.select_related("case__clocks"):
        finding = Finding.objects.filter(case=facts.case_id).select_related("analysis").first()
        found = (
            facts.analysis_edition,
            facts.category,
            facts.modifiable,
            facts.reviewed_in,
            facts.days_to_sign_off,
        )
        if facts.case.state in (CaseState.GATHERING, CaseState.READY):
            assert (finding, found) == (None, ("", "", "", None, None))
            continue
        signed_off_on = london_date(finding.signed_off_at)
        assert facts.days_not_held == facts.days_to_sign_off, "nothing held it up"
        assert finding.state == FindingState.SIGNED_OFF
        assert facts.expectedness == finding.analysis.expectedness
        assert found == (
            editions.in_force(signed_off_on).code,
            finding.analysis.category,
            finding.analysis.modifiable,
            month_of(signed_off_on),
            days_between(facts.case.clocks.died_on, signed_off_on),
        )


def test_the_panels_own_rules_would_have_let_every_finding_pass(population):
    found = Finding.objects.select_related("analysis", "item__meeting")
    contents = [(content_of(each.analysis_id), each) for each in found]

    assert len(contents) > CASES / 2
    for content, finding in contents:
        edition = finding.item.meeting.edition
        assert finding.analysis.edition == edition.code
        assert review_rules.problems(content, edition) == []
        assert gate.in_analysis(content, edition, finding.reached) == []


def test_meetings_that_were_held_had_a_quorum_and_kept_to_their_agenda(population):
    held = Meeting.objects.filter(state=MeetingState.CLOSED)
    planned = Meeting.objects.filter(state=MeetingState.PLANNED)

    assert {meeting.held_on <= LAST for meeting in held} == {True}
    assert {meeting.held_on > LAST for meeting in planned} == {True}
    for meeting in held:
        agenda = list(meeting.agenda.values_list("position", flat=True))
        people = meeting.attendance.select_related("user")
        assert quorum.why_not_quorate(quorum.seats(meeting.edition, people)) == ""
        assert agenda == list(range(1, len(agenda) + 1))


def test_a_checklist_has_the_tasks_that_fit_the_death_and_nothing_done_before_it(population):
    seen = 0
    for case in Case.objects.select_related("facts", "clocks").prefetch_related("checklist"):
        items = list(case.checklist.all())
        edition = editions.get(case.edition)
        fitting = [task.code for task in checklist_rules.tasks_for(edition, case.facts)]
        seen += bool(items)

        assert [item.task for item in items] in ([], fitting)
        assert items or case.closed_at
        assert all(case.clocks.died_on <= london_date(i.done_at) for i in items if i.done_at)
        assert all(i.settled_at <= end_of(LAST) for i in items if i.settled_at)
        assert all(i.settled_at <= case.closed_at for i in items if case.closed_at)
    assert 0 < seen < CASES


def test_a_child_is_a_child_and_nothing_happens_before_its_time(population):
    for case in Case.objects.select_related("facts", "clocks"):
        clocks, facts = case.clocks, case.facts
        began = clocks.died_at or clocks.confirmed_at or clocks.notified_at
        times = [began, clocks.notified_at, case.opened_at, case.closed_at or end_of(LAST)]

        assert times == sorted(times)
        assert times[-1] <= end_of(LAST)
        assert 0 <= facts.age_years < 18


def test_every_record_has_its_one_row_of_history_and_it_says_the_same(population):
    models = [model for model in records() if model.objects.exists()]

    assert {Case, CaseFacts, Identity, Finding, ChecklistItem, Meeting} <= set(models)
    for model in models:
        names = [field.attname for field in model._meta.concrete_fields]
        rows = model.objects.order_by("pk").values_list(*names)
        history = model.history.filter(history_type="+").order_by(model._meta.pk.attname)
        assert [_plain(row) for row in history.values_list(*names)] == [_plain(row) for row in rows]


def _plain(row):
    return [bytes(value) if isinstance(value, memoryview) else value for value in row]


def test_history_tells_when_it_happened_and_not_when_it_was_invented(population):
    made = set(Case.history.values_list("history_change_reason", "history_user__name"))
    latest = max(ChecklistItem.history.values_list("history_date", flat=True))

    assert made == {("synthesised", "Synthetic coordinator")}
    assert latest <= end_of(LAST)


def test_one_entry_of_the_chain_stands_for_the_population_and_the_chain_holds(population):
    entries = AuditEntry.objects.filter(action="population.synthesised")

    assert [(entry.job, entry.case_number) for entry in entries] == [("tests", None)]
    assert f'"cases": {CASES}' in entries[0].detail
    assert not AuditEntry.objects.exclude(case_number=None).exists()
    assert verify().broken == ""


def test_names_are_invented_and_numbers_come_from_the_range_kept_for_tests(population):
    people = [
        identity.read(case, by=TESTS, purpose="test")
        for case in Case.objects.select_related("data_key")
    ]
    numbers = [who.nhs_number for who in people]

    assert len(set(numbers)) == CASES
    assert {is_synthetic(number) and nhs_number_problem(number) for number in numbers} == {""}
    assert {who.address.split(" ", 1)[1] for who in people} == {"Invented Road, Exampleton"}
    assert {who.postcode[:2] for who in people} == {"ZZ"}


def test_every_case_is_found_by_all_its_traces_and_by_no_other(population):
    for case in Case.objects.select_related("data_key")[:20]:
        sealed = Identity.objects.get(case=case).sealed
        who = identity.IdentityRecord(**sealing.unseal_json(case.data_key, "identity", sealed))
        kept = set(IdentityToken.objects.filter(case=case).values_list("kind", "hmac"))

        assert kept == tokens.of(who)


def test_the_same_seed_gives_the_same_facts_and_another_seed_others(db):
    told = []
    for seed in (SEED, SEED, SEED + 1):
        with transaction.atomic():
            populate(seed=seed, cases=40)
            told.append(all_facts())
            transaction.set_rollback(True)

    assert told[0] == told[1]
    assert told[0]["facts"] != told[2]["facts"]
    assert not told[0]["tokens"].keys() & {
        token for token in told[2]["tokens"] if token[0] == "nhs_number"
    }


def test_facts_are_the_same_on_every_database(db):
    populate(cases=3, seed=1)

    found = CaseFacts.objects.order_by("pk").values_list(
        "case__reference", "area", "age_days", "category", "modifiable", "days_to_sign_off"
    )
    assert list(found) == [
        ("C-7B7K-36HN", "E06000007", 115, "inflicted", "modifiable", 331),
        ("C-05D1-DM6C", "E06000050", 6461, "inflicted", "modifiable", 257),
        ("C-2Y5W-BK5N", "E06000049", 924, "congenital", "not_modifiable", 266),
    ]


def test_two_populations_stand_beside_each_other(population):
    populate(seed=SEED)
    populate(seed=SEED + 1, cases=20)

    assert Case.objects.count() == 2 * CASES + 20
    assert (
        len(set(AgendaItem.objects.values_list("serial", flat=True))) == AgendaItem.objects.count()
    )


def test_about_fifty_deaths_a_year_are_notified_and_reviewed(db):
    populate(cases=150, seed=3, first=date(2018, 4, 1))
    years = [Period.year(year) for year in (2018, 2019, 2020)]

    notified, reviewed = (
        [
            CaseFacts.objects.filter(
                **{f"{month}__range": (year.first_month, year.last_month)}
            ).count()
            for year in years
        ]
        for month in ("notified_in", "reviewed_in")
    )

    assert sum(notified) == 150
    assert all(35 <= deaths <= 65 for deaths in notified)
    assert all(30 <= deaths <= 70 for deaths in reviewed[1:])


def test_the_marginals_are_of_the_expected_size(db):
    populate(cases=300, seed=5)
    facts = list(CaseFacts.objects.all())
    found = [each for each in facts if each.modifiable in ("modifiable", "not_modifiable")]

    def share(of, among):
        return sum(map(of, among)) / len(among)

    assert 0.55 < share(lambda each: each.age_years == 0, facts) < 0.70
    assert 0.27 < share(lambda each: each.category == "perinatal", found) < 0.41
    assert 0.17 < share(lambda each: each.modifiable == "modifiable", found) < 0.27
    assert not [each for each in found if each.category == "self_harm" and each.age_years < 5]


def test_a_finished_span_leaves_no_case_open_and_nothing_outside_it(db):
    first, last = date(2013, 4, 1), date(2014, 3, 31)
    populate(cases=47, first=first, last=last, finished=True)
    months = CaseFacts.objects.values_list("notified_in", "reviewed_in")

    assert set(Case.objects.values_list("state", flat=True)) == {CaseState.CLOSED}
    assert CaseFacts.objects.filter(in_scope=True).exclude(area=None).count() == 47
    assert {first <= month <= last for row in months for month in row} == {True}
    assert set(Meeting.objects.values_list("state", flat=True)) == {MeetingState.CLOSED}
    assert max(Case.objects.values_list("closed_at", flat=True)) <= end_of(last)


def test_the_tables_of_a_population_can_be_made(population):
    for year in (2018, 2020):
        tables = {each.table.id: each for each in count(Period.year(year)).tabulate()}

        assert tables["notified-area"].counts[("total",)] > 3
        assert tables["reviewed-area"].counts[("total",)] > 3


def test_a_span_too_short_for_a_review_is_refused():
    with pytest.raises(ValueError, match="too short"):
        calendar.plan(10, date(2014, 4, 1), date(2014, 6, 1), finished=True)


@pytest.mark.parametrize(("cases", "a_year"), [(50, 4), (200, 14), (1000, 52)])
def test_the_panel_meets_as_often_as_its_cases_need(cases, a_year):
    plan = calendar.plan(cases, date(2014, 4, 1), date(2015, 3, 31), finished=True)

    assert len(plan.meetings) == pytest.approx(a_year, abs=1)
    assert list(plan.meetings) == sorted(set(plan.meetings))
    assert all(day.weekday() < 5 for day in plan.meetings)


def test_the_command_writes_the_population_and_says_so(db, capsys):
    call_command("synthesise", cases=12, seed=1, years=2, until=date(2020, 3, 31))

    assert capsys.readouterr().out == (
        "12 invented deaths from 2018-04-01 to 2020-03-31 are written.\n"
    )
    assert Case.objects.count() == 12
    assert Case.objects.filter(opened_at__gt=end_of(date(2020, 3, 31))).count() == 0


def test_a_system_that_may_hold_real_children_refuses(db, settings):
    settings.DEMONSTRATION = False

    with pytest.raises(CommandError, match="demonstration or training system only"):
        call_command("synthesise", cases=1, seed=1)

    assert Case.objects.count() == 0


@pytest.mark.parametrize("wrong", [{"cases": 0}, {"seed": -1}, {"years": 0}])
def test_numbers_that_make_no_population_are_refused(db, wrong):
    with pytest.raises(CommandError, match="at least one case"):
        call_command("synthesise", **{"cases": 5, "seed": 1, **wrong})


def test_memory_and_statements_do_not_grow_beyond_a_batch(db, monkeypatch):
    """Every batch is written and forgotten: no statement holds more rows than one batch has."""
    sizes = []
    monkeypatch.setattr("analytics.synthesis.population.BATCH", 10)
    kept = synthesis.population.write
    monkeypatch.setattr(
        "analytics.synthesis.population.write",
        lambda rows, by: sizes.append(len(written := kept(rows, by=by))) or written,
    )

    populate(cases=35, first=date(2020, 4, 1), last=date(2021, 3, 31))

    assert max(sizes) <= 10 * max(len(editions.get(code).checklist) for code in editions.codes())
