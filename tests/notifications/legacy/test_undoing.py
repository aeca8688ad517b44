"""Undoing an import: every case withdrawn and kept, while nobody has changed any of them."""

from datetime import date

import pytest
from django.urls import reverse

from analytics import cube
from cdop.cases import actions, identity
from cdop.cases.models import Case, CaseFacts
from cdop.core.audit import AuditEntry, record, verify
from cdop.core.periods import Period
from cdop.core.refusals import Refused, Stale
from notifications import legacy_actions
from notifications.legacy_models import LegacyCase
from notifications.models import Notification
from tests.notifications.legacy import sheets
from tests.notifications.legacy.importing import brought_in, case_of, everything, read
from tests.notifications.legacy.sheets import ALL
from tests.notifications.legacy.test_pages import OTHERS
from tests.pages import text_of

WHY = "The wrong sheet."


def undone(batch, by):
    return legacy_actions.undo(batch, by=by, version=batch.version, reason=WHY)


def test_every_case_is_withdrawn_and_kept(coordinator):
    batch = brought_in(by=coordinator)
    before = everything()

    batch = undone(batch, coordinator)

    assert (batch.state, batch.undone_by) == ("undone", coordinator)
    assert set(Case.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert {name: count for name, count in everything().items() if name != "AuditEntry"} == {
        name: count for name, count in before.items() if name != "AuditEntry"
    }
    assert verify().broken == ""


def test_what_was_undone_counts_nowhere(coordinator):
    undone(brought_in(by=coordinator), coordinator)

    assert not CaseFacts.objects.filter(in_scope=True).exists()
    assert not CaseFacts.objects.exclude(reviewed_in=None).exists()
    for year in (Period.year(2012), Period.year(2013), Period.year(2025)):
        assert cube.count(year).frame["n"].sum() == 0


def test_the_history_keeps_what_was_found(coordinator):
    undone(brought_in(by=coordinator), coordinator)

    before = case_of(2).facts.history.order_by("version").first()
    assert (before.category, before.reviewed_in) == ("perinatal", date(2013, 1, 1))
    assert case_of(2).history.latest().history_change_reason.endswith(WHY)


def test_the_same_sheet_can_be_brought_in_again_and_is_like_nothing(coordinator):
    undone(brought_in(by=coordinator), coordinator)

    again = read(by=coordinator)
    legacy_actions.bring_in(again, by=coordinator, version=again.version)

    assert Case.objects.exclude(state="withdrawn").count() == 4
    assert LegacyCase.objects.count() == 8


def test_reading_is_no_change(coordinator):
    batch = brought_in(by=coordinator)
    identity.read(case_of(2), by=coordinator, purpose="to look")
    notification = Notification.objects.get(case=case_of(3))
    record("notification.read", notification, by=coordinator, purpose="to look")

    assert legacy_actions.why_not_undo(batch) == ""
    assert undone(batch, coordinator).state == "undone"


@pytest.mark.parametrize("line", [3, 4])
def test_one_case_that_was_changed_keeps_the_import(coordinator, line):
    batch = brought_in(by=coordinator)
    case = case_of(line)
    actions.close(case, by=coordinator) if line == 3 else actions.take_back(
        case, by=coordinator, reason="More is needed."
    )
    before = everything()

    with pytest.raises(Refused, match=f"since, so it stays. They came from lines {line}."):
        undone(batch, coordinator)

    batch.refresh_from_db()
    assert (batch.state, everything()) == ("imported", before)


def test_a_refusal_says_only_the_first_lines(coordinator, monkeypatch):
    monkeypatch.setattr(legacy_actions, "MOST_NAMED", 1)
    batch = brought_in(by=coordinator)
    for line in (4, 5):
        actions.change_scope(case_of(line), in_scope=False, reason="Elsewhere.", by=coordinator)

    assert legacy_actions.why_not_undo(batch).endswith("lines 4 and 1 more.")


def test_an_import_is_undone_once_and_by_its_version(coordinator):
    batch = brought_in(by=coordinator)
    with pytest.raises(Stale):
        legacy_actions.undo(batch, by=coordinator, version=batch.version - 1, reason=WHY)
    with pytest.raises(Refused, match="why"):
        legacy_actions.undo(batch, by=coordinator, version=batch.version, reason=" ")
    batch = undone(batch, coordinator)

    with pytest.raises(Refused):
        undone(batch, coordinator)


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_undoes_an_import(who, coordinator, request, client):
    batch, other = brought_in(by=coordinator), request.getfixturevalue(who)
    before = everything()

    with pytest.raises(Refused) as refusal:
        undone(batch, other)
    client.force_login(other)
    page = client.post(address(batch), {"version": batch.version, "reason": WHY})

    assert (refusal.value.status, page.status_code, everything()) == (403, 404, before)


def address(batch):
    return reverse("notifications:import_undo", args=[batch.reference])


def test_the_page_asks_why_and_undoes(client, coordinator):
    client.force_login(coordinator)
    batch = brought_in(ALL, by=coordinator)
    form = text_of(client.get(address(batch)))
    assert "All 4 cases of it are withdrawn in one act" in form
    blank = client.post(address(batch), {"version": batch.version, "reason": ""})
    assert "Say why the import is undone" in text_of(blank)

    page = client.post(address(batch), {"version": batch.version, "reason": WHY}, follow=True)

    assert "Its cases are withdrawn and count nowhere." in text_of(page)
    assert "Undone by Coordinator" in text_of(page)
    assert client.get(address(batch)).status_code == 404


def test_the_page_says_why_an_import_stays(client, coordinator):
    client.force_login(coordinator)
    batch = brought_in(ALL, by=coordinator)
    actions.close(case_of(3), by=coordinator)

    seen = text_of(client.get(reverse("notifications:import", args=[batch.reference])))

    assert "They came from lines 3." in seen and "Undo this import" not in seen
    assert "Undo the import" not in text_of(client.get(address(batch)))


def test_many_are_undone_with_a_bounded_number_of_entries(coordinator):
    batch = brought_in(sheets.many(5), by=coordinator)
    before = AuditEntry.objects.count()

    undone(batch, coordinator)

    assert AuditEntry.objects.count() - before == 1 + 2 * 5
