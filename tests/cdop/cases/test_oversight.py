"""Who read what: everything read is counted once, and what is unusual is shown, not hidden."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localdate

from cdop.cases import oversight
from cdop.core.audit import record
from cdop.core.periods import Period
from tests.cast import person
from tests.client import Client
from tests.makers import opened_case
from tests.pages import sign_in, text_of

THIS_QUARTER = Period.quarter_of(localdate())
MARCH = Period.parse("2025-26-Q4")
WEEKDAY = datetime(2026, 3, 10, 11, tzinfo=UTC)
NIGHT = datetime(2026, 3, 10, 2, tzinfo=UTC)
SUNDAY = datetime(2026, 3, 8, 11, tzinfo=UTC)


def read_at(moment, by, case=None, action="identity.read", purpose="to ring the family"):
    with time_machine.travel(moment, tick=False):
        record(action, case or "something", by=by, purpose=purpose)


def only(name: str):
    return next(each for each in oversight.by_person(MARCH) if each.name == name)


def test_readings_searches_and_downloads_are_counted_and_changes_are_not(coordinator):
    case = opened_case()
    read_at(WEEKDAY, coordinator, case)
    read_at(WEEKDAY, coordinator, case, "case.read")
    read_at(WEEKDAY, coordinator, None, "identity.searched")
    read_at(WEEKDAY, coordinator, case, "letter.downloaded")
    read_at(WEEKDAY, coordinator, case, "case.changed")

    seen = only(coordinator.name)
    assert (seen.readings, seen.cases, seen.searches, seen.downloads) == (4, 1, 1, 1)
    assert (seen.out_of_hours, seen.most_in_a_day, seen.remarks) == (0, 1, [])


@pytest.mark.parametrize(
    ("moment", "late"),
    [
        (datetime(2026, 3, 10, 6, 59, tzinfo=UTC), 1),
        (datetime(2026, 3, 10, 7, 0, tzinfo=UTC), 0),
        (datetime(2026, 3, 10, 19, 59, tzinfo=UTC), 0),
        (datetime(2026, 3, 10, 20, 0, tzinfo=UTC), 1),
        (SUNDAY, 1),
        # Summer time has begun: 06:30 UTC is half past seven in London.
        (datetime(2026, 3, 30, 6, 30, tzinfo=UTC), 0),
    ],
)
def test_working_hours_are_londons(coordinator, moment, late):
    read_at(moment, coordinator)

    assert only(coordinator.name).out_of_hours == late


def test_many_cases_on_one_day_are_shown(coordinator):
    cases = [opened_case() for _ in range(oversight.MANY)]
    for case in cases[:-1]:
        read_at(WEEKDAY, coordinator, case)
    assert only(coordinator.name).remarks == []

    read_at(WEEKDAY, coordinator, cases[-1])
    assert only(coordinator.name).remarks == ["Read of 15 cases on one day"]


def test_reading_of_a_child_with_ones_own_family_name_is_shown_by_reference(db):
    case, other = (
        opened_case({"family_name": "Inventedname"}),
        opened_case({"family_name": "Otherwise"}),
    )
    reader = person("cdop_nurse", "Nadia Inventedname")
    read_at(WEEKDAY, reader, case)
    read_at(WEEKDAY, reader, other)

    assert only(reader.name).own_name == (case.reference,)


def test_what_was_read_outside_the_months_is_not_counted(coordinator):
    read_at(datetime(2025, 12, 31, 23, 59, tzinfo=UTC), coordinator)
    read_at(datetime(2026, 4, 1, tzinfo=UTC), coordinator)

    assert oversight.by_person(MARCH) == []


def test_who_has_seen_a_record_is_answered_whole(coordinator, doctor):
    case, other = opened_case(), opened_case()
    for user in (coordinator, doctor):
        user.wear(user.holdings.get())
    read_at(WEEKDAY, coordinator, case)
    read_at(NIGHT, coordinator, case, purpose="for the inquest")
    read_at(SUNDAY, doctor, case, "case.read", "")
    read_at(WEEKDAY, coordinator, other)

    seen = oversight.seen_by(case)
    assert [(each.name, each.hat, each.readings, each.purposes) for each in seen] == [
        (coordinator.name, "coordinator", 2, ("for the inquest", "to ring the family")),
        (doctor.name, "designated_doctor", 1, ()),
    ]
    assert (seen[0].first, seen[0].last) == (NIGHT, WEEKDAY)


def test_the_lead_finds_a_case_by_its_reference_in_one_step_and_sees_no_name(
    coordinator, governance_lead
):
    case = opened_case({"family_name": "Inventedname"})
    record("identity.read", case, by=coordinator, purpose="to ring the family")
    lead = sign_in(Client(), governance_lead)

    typed = {"reference": case.reference.lower()}
    page = text_of(lead.post(reverse("cases:oversight"), typed, follow=True))

    assert f"Who has seen the record of {case.reference}" in page
    assert f"{coordinator.name} Coordinator 1" in page
    assert "Inventedname" not in page


def test_a_reference_that_does_not_exist_is_said_to_be_wrong(governance_lead):
    lead = sign_in(Client(), governance_lead)

    page = text_of(lead.post(reverse("cases:oversight"), {"reference": "C-0000-0000"}))

    assert "There is no case of this reference." in page


def test_the_report_of_a_quarter_is_a_file_and_its_download_recorded(coordinator, governance_lead):
    record("identity.read", opened_case(), by=coordinator, purpose="to ring the family")
    lead = sign_in(Client(), governance_lead)

    file = lead.get(reverse("cases:oversight_file"), {"period": str(THIS_QUARTER)})

    lines = file.content.decode().splitlines()
    assert lines[0].startswith("Name,Readings,Cases")
    assert [line.split(",")[:3] for line in lines[1:] if "Coordinator" in line] == [
        [coordinator.name, "1", "1"]
    ]
    again = text_of(lead.get(reverse("cases:oversight")))
    assert f"{governance_lead.name}" in again


NO_READING = {
    "backup.restored",
    "backup.written",
    "case.imported",
    "caseaccess.tried",
    "document.removed",
    "keys.rewrapped",
    "message.queued",
    "messages.addresses_forgotten",
    "population.synthesised",
    "postcodes.loaded",
    "release.files_made",
    "upload.infected",
}
"""Entries made without a row that are no reading; what somebody does to an account is none."""


def test_every_entry_that_is_recorded_without_a_row_is_a_reading_or_known_to_be_none():
    source = "".join(
        path.read_text()
        for package in ("cdop", "notifications", "analytics")
        for path in (Path(settings.BASE_DIR) / package).rglob("*.py")
    )
    actions = set(re.findall(r"\brecord\(\s*\"([a-z_.]+)\"", source))
    others = {a for a in actions if not a.endswith(oversight.READINGS)}

    assert len(actions) > 50
    assert {a for a in others - NO_READING if not a.startswith(("user.", "system."))} == set()
