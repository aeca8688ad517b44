"""The migration that gives contacts which are here already the notification that named them."""

from datetime import UTC, datetime

from tests.notifications.legacy.test_times_migration import migrated

BEFORE = [("cdop", "0014_the_visit_after_a_death")]
AFTER = [("cdop", "0015_contacts_with_their_source")]
AT = datetime(2026, 7, 7, 11, tzinfo=UTC)
# By the reference of a case: what was reported to it, in order, and whom its contact came from.
CASES = {
    "C-ONE": (["N-FIRST"], "N-FIRST"),
    "C-TWO": (["N-SECOND", "N-LATER"], "N-SECOND"),
    "C-NOTHING-KEPT": ([], ""),
}


def test_a_contact_came_with_the_first_notification_of_its_case(committed_database):
    # Notifications reach further than the case: they go back first, so that it can.
    migrated([("notifications", "0014_the_browser_that_sent_it")])
    model = migrated(BEFORE)
    for reference, (sources, _) in CASES.items():
        key = model("cdop", "DataKey").objects.create()
        case = model("cdop", "Case").objects.create(
            reference=reference, opened_at=AT, data_key=key, edition="cdr-2018"
        )
        model("cdop", "Contact").objects.create(case=case, agency="police", sealed=b"")
        for source in sources:
            model("cdop", "ReportedValue").objects.create(
                case=case, field="sex", sealed=b"", source=source, received_at=AT
            )

    model = migrated(AFTER)

    rows = model("cdop", "Contact").objects.values_list("case__reference", "source")
    assert dict(rows) == {reference: source for reference, (_, source) in CASES.items()}
