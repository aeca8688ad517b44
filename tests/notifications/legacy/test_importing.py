"""Bringing earlier cases in: what each becomes, all or nothing, and what it counts as."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from analytics import cube
from cdop.cases import confirmation, identity
from cdop.cases.models import Case, Clocks, ReportedValue
from cdop.cases.states import CaseState
from cdop.core import casework
from cdop.core.audit import AuditEntry, verify
from cdop.core.periods import Period
from cdop.core.refusals import Refused, Stale
from cdop.rapid_response import queries
from cdop.rapid_response.models import ChecklistItem
from cdop.reviews.models import Finding
from notifications import legacy_actions, legacy_counts, legacy_files
from notifications.legacy_checks import IMPORT, choice
from notifications.legacy_models import LegacyFile, LegacyImport
from notifications.models import Notification
from tests.notifications.legacy.importing import brought_in, case_of, everything, read
from tests.notifications.legacy.sheets import ALL, CLOSED, GATHERING, READY, REVIEWED

AGENCIES = (
    ("Agency 1", "Police"),
    ("Agency 1 asked on", "8/5/2012"),
    ("Agency 1 returned on", "20/5/2012"),
)


# What becomes of a row


def test_each_row_becomes_a_case_that_stands_where_it_stood(coordinator):
    brought_in(by=coordinator)

    cases = [case_of(line) for line in (2, 3, 4, 5)]
    assert [(case.state, case.edition) for case in cases] == [
        ("closed", "lscb-2015"),
        ("reviewed", "lscb-2015"),
        ("ready", "cdr-2018"),
        ("gathering", "cdr-2018"),
    ]
    assert [bool(case.closed_at) for case in cases] == [True, False, False, False]


def test_a_reviewed_case_has_the_facts_that_are_counted(coordinator):
    brought_in([CLOSED], by=coordinator)

    facts = case_of(2).facts
    kept = {
        "area_id": "E06000006",
        "in_scope": True,
        "died_in": date(2012, 5, 1),
        "notified_in": date(2012, 5, 1),
        "reviewed_in": date(2013, 1, 1),
        "hours_to_notification": 18,
        "days_to_sign_off": 254,
        "sex": "female",
        "age_days": 95,
        "age_years": 0,
        "age_band": "28-364d",
        "ethnic_group": "white_british",
        "place_of_death": "neonatal_unit",
        "expectedness": "unexpected",
        "analysis_edition": "lscb-2015",
        "category": "perinatal",
        "modifiable": "not_modifiable",
    }
    assert {name: getattr(facts, name) for name in kept} == kept


def test_reviewed_cases_count_in_the_statistics_of_their_year(coordinator):
    brought_in(by=coordinator)

    counted = {
        (str(year), basis): int(cube.count(year).frame[f"basis_{basis}"].sum())
        for year in (Period.year(2012), Period.year(2013))
        for basis in ("notified", "reviewed", "died")
    }

    assert counted == {
        ("2012-13", "notified"): 1,
        ("2012-13", "reviewed"): 1,
        ("2012-13", "died"): 1,
        ("2013-14", "notified"): 1,
        ("2013-14", "reviewed"): 1,
        ("2013-14", "died"): 1,
    }


def test_no_finding_is_made_up_that_nobody_signed(coordinator):
    brought_in(by=coordinator)

    assert Finding.objects.count() == 0


def test_every_case_has_its_notification_from_the_day_of_the_old_system(coordinator):
    brought_in(by=coordinator)

    rows = Notification.objects.order_by("received_at").values_list(
        "route", "state", "received_at", "case", "decided_by"
    )
    closed = case_of(2)
    assert rows[0] == (
        "legacy",
        "accepted",
        datetime(2012, 5, 7, 8, 15, tzinfo=UTC),
        closed.pk,
        coordinator.pk,
    )
    assert len(rows) == 4
    assert Clocks.objects.get(case=closed).notified_at == rows[0][2]
    assert "2012/001" in Notification.objects.get(case=closed).answers["other_information"]


def test_only_open_cases_get_a_checklist_and_nothing_on_it_is_done(coordinator):
    brought_in(by=coordinator)

    items = ChecklistItem.objects
    assert items.filter(case__in=[case_of(2), case_of(3)]).count() == 0
    assert items.filter(case=case_of(4)).exists() and items.filter(case=case_of(5)).exists()
    assert set(items.values_list("state", flat=True)) == {"open"}
    assert items.filter(case=case_of(5), due_at__isnull=False).exists()


def test_who_the_child_was_is_sealed_and_can_be_found(coordinator):
    brought_in([CLOSED], by=coordinator)

    known = identity.read(case_of(2), by=coordinator, purpose="to see that it is there")
    assert (known.full_name, known.nhs_number) == ("Aaaa Invented-One", "9990000123")
    assert LegacyFile.objects.count() == 0


def test_what_was_reported_is_kept_to_be_settled_only_where_the_case_is_open(coordinator):
    brought_in(by=coordinator)

    with_values = set(ReportedValue.objects.values_list("case", flat=True))
    assert with_values == {case_of(4).pk, case_of(5).pk}


def test_the_timeline_tells_what_the_old_system_knew(coordinator):
    batch = brought_in([CLOSED], by=coordinator, extra=AGENCIES)

    _, events = casework.on_case(case_of(2), coordinator)
    told = [(event.at.date(), event.text) for event in events]
    assert (date(2012, 5, 8), "Police: asked for a report") in told
    assert (date(2012, 5, 20), "Police: report returned") in told
    assert (date(2013, 1, 15), "The review was signed off") in told
    assert (batch.decided_at.date(), f"Brought in with import {batch}, line 2") in told


def test_every_write_names_the_import_and_the_person(coordinator):
    batch = brought_in([CLOSED], by=coordinator)

    case = case_of(2)
    entry = AuditEntry.objects.get(action="case.imported")
    assert (entry.case_number, entry.actor) == (case.pk, coordinator)
    assert f'"import": "{batch}"' in entry.detail
    assert case.history.get().history_change_reason == f"import {batch}, line 2"
    assert AuditEntry.objects.latest("number").action == "legacyimport.imported"
    assert verify().broken == ""


def test_the_old_reference_stands_nowhere_in_the_clear(coordinator):
    brought_in([CLOSED], by=coordinator)

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.startswith(("cdop_", "notifications_")):
                cursor.execute(f'SELECT * FROM "{table}"')
                for row in cursor.fetchall():
                    cells = [str(cell) for cell in row if not isinstance(cell, bytes | memoryview)]
                    assert not any("2012/001" in cell or "Invented-One" in cell for cell in cells)


# All or nothing


def test_nothing_is_brought_in_while_one_row_is_wrong(coordinator):
    batch = read([*ALL, CLOSED | {"old_reference": "5", "sex": "?"}], by=coordinator)
    before = everything()

    with pytest.raises(Refused, match="something is wrong with 1 row"):
        legacy_actions.bring_in(batch, by=coordinator, version=batch.version)

    assert everything() == before


def test_a_failure_half_way_leaves_nothing_behind(coordinator, monkeypatch):
    batch, before = read(by=coordinator), everything()
    real, seen = legacy_actions._write_case, []

    def fails_at_the_third(row, *args):
        seen.append(row.line)
        if len(seen) == 3:
            raise Refused("The disk is full.")
        return real(row, *args)

    monkeypatch.setattr(legacy_actions, "_write_case", fails_at_the_third)
    with pytest.raises(Refused, match="disk"):
        legacy_actions.bring_in(batch, by=coordinator, version=batch.version)

    assert everything() == before
    assert legacy_files.of(batch) is not None


def test_the_same_file_is_not_brought_in_twice(coordinator):
    batch = brought_in(by=coordinator)

    with pytest.raises(Refused, match=f"already: import {batch}"):
        read(by=coordinator)


def test_two_people_cannot_bring_the_same_import_in(coordinator):
    batch = read(by=coordinator)
    legacy_actions.bring_in(batch, by=coordinator, version=batch.version)
    before = everything()

    with pytest.raises(Refused):
        legacy_actions.bring_in(batch, by=coordinator, version=batch.version)

    assert everything() == before


def test_a_stale_page_brings_nothing_in(coordinator):
    batch = read(by=coordinator)
    totals = {("2012-13", "E06000006", "closed"): 1}
    legacy_actions.tell_totals(batch, "2012-13", totals, by=coordinator, version=batch.version)
    before = everything()

    with pytest.raises(Stale):
        legacy_actions.bring_in(batch, by=coordinator, version=batch.version)

    assert everything() == before


@pytest.mark.parametrize(
    "who", ["doctor", "chair", "member", "reader", "governance_lead", "stranger"]
)
def test_nobody_else_can_read_or_bring_in(who, coordinator, request):
    other, batch = request.getfixturevalue(who), read(by=coordinator)
    before = everything()

    for act in (
        lambda: read([CLOSED], by=other),
        lambda: legacy_actions.bring_in(batch, by=other, version=batch.version),
        lambda: legacy_actions.leave(batch, by=other, version=batch.version),
        lambda: legacy_actions.choose(batch, {"2": choice(IMPORT, [])}, by=other),
        lambda: legacy_actions.tell_totals(batch, "2012-13", {}, by=other, version=1),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.status == 403

    assert everything() == before
    assert LegacyImport.objects.count() == 1 and legacy_files.of(batch) is not None


# Beside the old system


def test_both_systems_stand_side_by_side_with_the_difference(coordinator):
    batch = brought_in(by=coordinator)
    told = {("2012-13", "E06000006", "closed"): 3, ("2012-13", "E06000007", "closed"): 1}

    batch = legacy_actions.tell_totals(
        batch, "2012-13", told, by=coordinator, version=batch.version
    )

    here, old = legacy_counts.read(batch.counts), legacy_counts.read(batch.old_totals)
    rows = [
        (row.year, row.area, row.stage, row.here, row.old, row.difference)
        for row in legacy_counts.side_by_side(here, old)
    ]
    assert rows == [
        ("2012-13", "Halton", "closed", 1, 3, -2),
        ("2012-13", "Warrington", "closed", 0, 1, -1),
        ("2013-14", "Warrington", "reviewed", 1, None, None),
        ("2025-26", "Warrington", "ready for panel", 1, None, None),
        ("2025-26", "Elsewhere or not known", "gathering information", 1, None, None),
    ]


# Afterwards


def test_a_case_that_was_brought_in_open_goes_on_like_any_other(coordinator):
    brought_in([READY, GATHERING], by=coordinator)

    assert Case.objects.open().count() == 2
    assert case_of(2).state == CaseState.READY


def test_what_was_due_before_an_open_case_came_here_is_one_line_and_not_overdue(coordinator):
    batch = brought_in([READY, GATHERING], by=coordinator)

    tasks = {task.text: task for task in casework.tasks_for(coordinator)}
    line = tasks[f"Import {batch}: tasks that were due before its cases were brought in"]
    assert (line.overdue, line.count) == (
        False,
        ChecklistItem.objects.filter(due_at__lt=batch.decided_at).count(),
    )
    assert line.count > 10
    assert not [text for text in tasks if "overdue" in text or "confirm" in text]
    told = set(ChecklistItem.objects.values_list("told_at", "told_by"))
    assert told == {(batch.decided_at, batch.reference)}


def test_a_task_that_falls_due_after_the_import_is_overdue_like_any_other(coordinator):
    yesterday = (timezone.localdate() - timedelta(days=1)).strftime("%d/%m/%Y")
    brought_in([GATHERING | {"date_of_death": yesterday, "notified_on": yesterday}], by=coordinator)

    later = timezone.now() + timedelta(days=400)
    assert queries.behind(coordinator, later)[0].tasks > 0
    assert queries.behind(coordinator, timezone.now()) == []


# Whether a death is confirmed


@pytest.mark.parametrize(("said", "state"), [("", "confirmed"), ("yes", "confirmed"), ("no", None)])
def test_an_open_death_was_confirmed_there_unless_the_sheet_says_otherwise(
    coordinator, said, state
):
    batch = brought_in([GATHERING | {"confirmed": said}], by=coordinator)

    row = confirmation.of(case_of(2))
    assert (row.state if row else None) == state
    waiting = [task.text for task in casework.tasks_for(coordinator) if "confirm" in task.text]
    assert waiting == ([] if state else ["Deaths to confirm"])
    if row:
        assert (row.way, row.source, row.decided_by) == ("earlier", batch.reference, coordinator)
        assert row.history.get().history_change_reason == f"import {batch}, line 2"


def test_a_death_confirmed_there_can_turn_out_not_to_be(coordinator):
    brought_in([GATHERING], by=coordinator)
    case = case_of(2)
    assert confirmation.why_not_write_to_family(case) == ""

    confirmation.take_back(case, by=coordinator, version=1, reason="The old system was wrong")

    assert confirmation.why_not_write_to_family(case)


def test_of_a_case_that_is_over_nothing_is_confirmed_here(coordinator):
    brought_in([CLOSED, REVIEWED], by=coordinator)

    assert [confirmation.of(case_of(line)) for line in (2, 3)] == [None, None]
