"""The migration that empties hours that were counted from a time that nobody gave."""

from datetime import UTC, date, datetime

from tests.notifications.legacy.test_times_migration import migrated

BEFORE = [("notifications", "0014_the_browser_that_sent_it")]
AFTER = [("notifications", "0015_hours_that_nobody_gave")]
AT, EARLIER = datetime(2026, 7, 7, 11, tzinfo=UTC), datetime(2026, 7, 6, 11, tzinfo=UTC)
MONTH = date(2026, 7, 1)
# Whether the sheet gave the time, by whom we were told first, and the hours that stay.
CASES = {
    "given": (True, "legacy", 26),
    "not given": (False, "legacy", None),
    "nobody can tell": (None, "legacy", None),
    "told by the form before": (False, "web", 26),
}


def test_hours_stay_only_where_somebody_gave_the_time(committed_database):
    model = migrated(BEFORE)
    batch = model("notifications", "LegacyImport").objects.create(
        reference="B-1", fingerprint="a", state="imported", rows=len(CASES), read_at=AT
    )
    for line, (given, first, _) in enumerate(CASES.values()):
        key = model("cdop", "DataKey").objects.create()
        named = {"data_key": key, "edition": "cdr-2018"}
        case = model("cdop", "Case").objects.create(reference=f"C-{line}", opened_at=AT, **named)
        model("cdop", "CaseFacts").objects.create(
            case=case, died_in=MONTH, notified_in=MONTH, hours_to_notification=26
        )
        for route, at in (("legacy", AT), ("web", EARLIER))[: 2 if first == "web" else 1]:
            model("notifications", "Notification").objects.create(
                reference=f"N-{line}-{route}",
                route=route,
                state="accepted",
                received_at=at,
                case=case,
                sealed=b"",
                **named,
            )
        model("notifications", "LegacyCase").objects.create(
            case=case, batch=batch, line=line, old_reference="", time_given=given
        )

    model = migrated(AFTER)

    facts = model("cdop", "CaseFacts").objects.order_by("case__reference")
    hours = list(facts.values_list("hours_to_notification", flat=True))
    assert dict(zip(CASES, hours, strict=True)) == {
        name: kept for name, (_, _, kept) in CASES.items()
    }
