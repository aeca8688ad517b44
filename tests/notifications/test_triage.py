"""Triage: who may, what is shown and recorded, what each decision does, and who comes second."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cdop import editions
from cdop.cases.models import Case, CaseFacts, Clocks, Identity, ReportedValue
from cdop.core.audit import AuditEntry
from cdop.core.organisations import Area
from cdop.core.refusals import Refused, Stale
from cdop.core.steps import edit
from cdop.rapid_response.models import ChecklistItem
from notifications import decisions, intake, undoing
from notifications.decisions import DeclineReason
from notifications.intake import NOTIFIER
from notifications.models import Notification
from tests.cast import TESTS, person
from tests.databases import committed_database  # noqa: F401
from tests.makers import HALTON, opened_case
from tests.notifications.filling import text_of, typed_on, version_on

NEW = editions.get("cdr-2018")
ANSWERS = {
    "date_of_death": "2026-01-10",
    "time_of_death": "14:30",
    "notifier_name": "Notifier Invented",
    "notifier_role": "midwife",
    "given_names": "Aaaa",
    "family_name": "Triage-Child",
    "date_of_birth": "2025-12-01",
    "sex": "female",
    "nhs_number": "9990001499",
    "postcode": "WA7 1AA",
    "expectedness": "unexpected",
    "agencies_known": ["midwifery"],
}
PAGES = ["notification", "accept", "attach", "pass_on", "receipt", "decline", "undo"]
LIST = reverse("notifications:list")


def received(**answers) -> Notification:
    return intake.receive(ANSWERS | answers, edition=NEW, route="web", by=NOTIFIER)


@pytest.fixture
def notification(db):
    return received()


@pytest.fixture
def desk(client, coordinator):
    """The browser of the coordinator."""
    client.force_login(coordinator)
    return client


def page_of(notification, name="notification") -> str:
    return reverse(f"notifications:{name}", args=[notification.reference])


def decide(desk, notification, name, **said):
    """Open a decision, say it and press the button."""
    version = version_on(desk.get(page_of(notification, name)))
    return desk.post(page_of(notification, name), {"version": version, **said})


def accepted(notification, by, **said):
    area = Area.objects.get(code=HALTON)
    told = {"version": notification.version, "area": area, "in_scope": True} | said
    return decisions.accept(notification, by=by, **told)


def everything() -> tuple:
    """How much of everything there is: a refusal must leave it as it was."""
    models = (Case, Identity, Clocks, CaseFacts, ReportedValue, ChecklistItem, AuditEntry)
    states = list(Notification.objects.order_by("pk").values_list("state", "version", "case"))
    return *(model.objects.count() for model in models), states


# Who may


@pytest.mark.parametrize(
    "who", ["chair", "member", "doctor", "reader", "governance_lead", "stranger"]
)
@pytest.mark.parametrize("name", ["list", *PAGES])
def test_for_everybody_else_triage_is_not_there(request, client, notification, who, name):
    client.force_login(request.getfixturevalue(who))
    url = LIST if name == "list" else page_of(notification, name)

    answers = {client.get(url).status_code, client.post(url, {"version": 1}).status_code}

    assert answers == {404}
    assert not AuditEntry.objects.filter(action="notification.read").exists()


@pytest.mark.parametrize("name", ["list", *PAGES])
def test_without_an_account_one_is_asked_to_sign_in(client, notification, name):
    url = LIST if name == "list" else page_of(notification, name)

    answer = client.get(url)

    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/account/login/")


@pytest.mark.parametrize("who", ["chair", "doctor", "stranger"])
def test_nobody_else_decides_behind_the_pages_either(request, notification, who):
    by, case = request.getfixturevalue(who), opened_case()
    before = everything()
    acts = [
        lambda: accepted(notification, by),
        lambda: decisions.attach(notification, case, by=by, version=1),
        lambda: decisions.decline(notification, by=by, version=1, reason="test"),
        lambda: undoing.undo_decline(notification, by=by, version=1),
    ]

    for act in acts:
        with pytest.raises(Refused, match="Your role does not triage notifications.") as refused:
            act()
        assert refused.value.status == 403

    assert everything() == before


# What is shown


def test_the_list_shows_how_long_each_waits_and_no_name(desk, db):
    first, second = received(), received(notifier_role="")
    edit(first, by=TESTS, received_at=timezone.now() - timedelta(hours=30, minutes=59))

    page = text_of(desk.get(LIST))

    assert page.index(first.reference) < page.index(second.reference)
    assert f"{first.reference} Midwife" in page
    assert f"{second.reference} Role not given" in page
    assert " 30 " in page
    assert "Overdue" not in page
    for name in ("Triage-Child", "Aaaa", "Notifier Invented", "WA7"):
        assert name not in page


def test_one_that_waits_longer_than_the_standard_is_overdue(desk, notification):
    edit(notification, by=TESTS, received_at=timezone.now() - timedelta(days=9))

    assert "Overdue" in text_of(desk.get(LIST))


def test_the_list_needs_the_same_queries_for_one_and_for_many(desk, notification):
    one = queries_of(desk)
    for _ in range(5):
        received()

    assert queries_of(desk) == one


def queries_of(desk) -> int:
    """How many queries the list takes now."""
    with CaptureQueriesContext(connection) as queries:
        desk.get(LIST)
    return len(queries)


def test_opening_a_notification_is_recorded_with_its_purpose(desk, coordinator, notification):
    page = text_of(desk.get(page_of(notification)))

    entry = AuditEntry.objects.get(action="notification.read")
    assert (entry.actor, entry.purpose) == (coordinator, "triage")
    assert entry.subject == f"notification:{notification.pk}"
    assert "Family name Triage-Child" in page
    assert "You opened who the child was. This is recorded." in typed_on(
        desk.get(page_of(notification))
    )


def test_the_lists_record_no_reading(desk, notification):
    desk.get(LIST)
    for name in ("accept", "pass_on", "decline"):
        assert "Triage-Child" not in typed_on(desk.get(page_of(notification, name)))

    assert not AuditEntry.objects.filter(action="notification.read").exists()


def test_the_page_shows_what_speaks_against_a_review_and_where_the_home_is(desk, db):
    sent = received(termination="yes", postcode="WA4 1AA", nhs_number="9990001490")

    page = text_of(desk.get(page_of(sent)))

    assert (
        "By the rules of Child Death Review statutory guidance 2018 the panel would not review "
        "this death: The notifier says that the pregnancy was ended for medical or other lawful "
        "reasons." in page
    )
    assert (
        "The district of the postcode reaches into Cheshire West and Chester and Halton and "
        "Warrington." in page
    )
    assert "at least one digit is mistyped. It is kept as it was typed." in page
    assert "You may send it" not in page


def test_the_page_shows_the_cases_that_look_alike_with_the_reasons(desk, notification):
    case = opened_case(
        {"family_name": "Triage-Child", "date_of_birth": "2025-01-12", "nhs_number": "9990001499"},
        died_on=date(2026, 1, 10),
    )

    page = text_of(desk.get(page_of(notification)))

    assert (
        f"{case.reference} : the same NHS number, the same date of death, a given name in common, "
        "the same family name, the same date of birth with day and month exchanged" in page
    )


def test_a_child_whom_no_case_knows_has_no_candidates(desk, notification):
    opened_case({"given_names": "Qqqq", "family_name": "Xxxx", "mother_name": ""})

    assert "No case has enough in common" in text_of(desk.get(page_of(notification)))


# Accept


def test_accepting_opens_a_case_with_everything_that_was_sent(desk, coordinator, notification):
    answer = decide(desk, notification, "accept", area=HALTON, in_scope="yes")

    case = Case.objects.get()
    taken = Notification.objects.get()
    assert answer.url == reverse("cases:case", args=[case.reference])
    assert (taken.state, taken.case, taken.decided_by) == ("accepted", case, coordinator)
    assert (case.state, case.edition, case.opened_by) == ("gathering", "cdr-2018", coordinator)
    facts = CaseFacts.objects.get()
    assert (facts.area_id, facts.in_scope, facts.age_band) == (HALTON, True, "28-364d")
    clocks = Clocks.objects.get()
    assert (clocks.died_on, clocks.died_at, clocks.confirmed_at, clocks.notified_at) == (
        date(2026, 1, 10),
        datetime(2026, 1, 10, 14, 30, tzinfo=UTC),
        None,
        notification.received_at,
    )
    assert ChecklistItem.objects.filter(task="tell_coroner", case=case).exists()
    assert set(ReportedValue.objects.values_list("source", flat=True)) == {notification.reference}


def test_accepting_is_one_act_on_the_record(coordinator, notification):
    accepted(notification, coordinator)

    actions = list(AuditEntry.objects.values_list("action", flat=True))
    assert actions.count("case.created") == 1
    assert actions.count("notification.accepted") == 1


def test_to_decide_otherwise_than_the_rules_propose_needs_a_reason(desk, db):
    sent = received(born_alive="no")

    page = decide(desk, sent, "accept", area=HALTON, in_scope="yes")

    assert "There is a problem Say why you decide otherwise than the rules propose" in text_of(page)
    assert not Case.objects.exists()
    decide(desk, sent, "accept", area=HALTON, in_scope="yes", reason="A breath was seen")
    assert Notification.objects.get().decision_note == "A breath was seen"
    assert CaseFacts.objects.get().in_scope is True


def test_the_reason_is_asked_for_behind_the_page_as_well(coordinator, notification):
    before = everything()

    with pytest.raises(Refused, match="Say why you decide otherwise than the rules on scope"):
        accepted(notification, coordinator, in_scope=False, reason="  ")

    assert everything() == before


def test_a_case_may_be_kept_for_a_death_that_the_panel_does_not_review(desk, db):
    sent = received(postcode="EC1A 1BB")

    decide(desk, sent, "accept", area="england", in_scope="no", rule="resident")

    facts = CaseFacts.objects.get()
    assert (facts.area, facts.in_scope) == (None, False)


@pytest.mark.parametrize(
    ("said", "sentences"),
    [
        (
            {},
            [
                "Choose where the child normally lived",
                "Choose whether the panel reviews this death",
            ],
        ),
        ({"area": "E99999999", "in_scope": "yes"}, ["Choose one of the answers on the page"]),
        ({"area": HALTON, "in_scope": "perhaps"}, ["Choose one of the answers on the page"]),
    ],
)
def test_accepting_says_what_is_missing(desk, notification, said, sentences):
    page = text_of(decide(desk, notification, "accept", **said))

    for sentence in sentences:
        assert sentence in page
    assert not Case.objects.exists()


def test_of_two_coordinators_the_second_is_told_and_keeps_what_was_typed(
    desk, coordinator, notification
):
    version = version_on(desk.get(page_of(notification, "accept")))
    other = person("deputy_coordinator", "Other Deputy")
    case = accepted(notification, other)
    said = {"area": HALTON, "in_scope": "no", "rule": "age", "reason": "Typed by the second"}

    answer = desk.post(page_of(notification, "accept"), said | {"version": version})

    assert answer.status_code == 409
    assert (
        "There is a problem Other Deputy has decided already: this notification is accepted into a "
        f"new case, {case}." in text_of(answer)
    )
    assert "Typed by the second</textarea>" in typed_on(answer)
    assert "Open the case" not in text_of(answer)
    assert Case.objects.count() == 1


def test_two_who_accept_in_the_same_moment_open_one_case(committed_database):  # noqa: F811
    sent = received()
    people = [person("coordinator", f"Coordinator {number}") for number in range(4)]

    def press(by):
        try:
            return str(accepted(sent, by))
        except Refused as refused:
            return refused.reason
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(press, people))

    case = Case.objects.get()
    winner = Notification.objects.get().decided_by
    lost = f"{winner} has decided already: this notification is accepted into a new case, {case}."
    assert sorted(said) == sorted([str(case), lost, lost, lost])
    assert AuditEntry.objects.filter(action="case.created").count() == 1


def test_a_case_that_cannot_be_opened_leaves_the_notification_waiting(
    monkeypatch, coordinator, notification
):
    before = everything()

    def fails(*args, **kwargs):
        raise Refused("No checklist.")

    monkeypatch.setattr(decisions.rapid_response, "start", fails)

    with pytest.raises(Refused, match="No checklist."):
        accepted(notification, coordinator)
    assert everything() == before


# Attach


def test_attaching_puts_what_was_sent_beside_what_is_known(desk, notification):
    case = opened_case({"nhs_number": "9990001499"})

    answer = decide(desk, notification, "attach", case=case.reference, note="Second ward")

    taken = Notification.objects.get()
    assert answer.url == reverse("cases:case", args=[case.reference])
    assert (taken.state, taken.case, taken.decision_note) == ("attached", case, "Second ward")
    sources = case.reported_values.filter(field="family_name").values_list("source", flat=True)
    assert set(sources) == {"N-TEST", notification.reference}
    assert Case.objects.count() == 1


def test_the_first_arrival_is_what_counts_as_notified(coordinator, notification):
    case = opened_case(died_on=date(2026, 1, 10), notified_at=timezone.now() + timedelta(hours=5))

    decisions.attach(notification, case, by=coordinator, version=notification.version)

    assert Clocks.objects.get(case=case).notified_at == notification.received_at


@pytest.mark.parametrize("typed", ["", "C-0000-0000", "nonsense", "x" * 500, "👶"])
def test_a_case_that_is_not_there_cannot_be_attached_to(desk, notification, typed):
    page = text_of(decide(desk, notification, "attach", case="other", reference=typed))

    assert "There is a problem" in page
    assert Notification.objects.get().state == "received"


def test_a_case_can_be_named_by_its_reference_as_people_write_it(desk, notification):
    case = opened_case({"family_name": "Xxxx", "given_names": "Qqqq"})
    typed = case.reference.replace("-", " ").lower()

    decide(desk, notification, "attach", case="other", reference=typed, sure=case.reference)

    assert Notification.objects.get().case == case


# Decline, and think again


@pytest.mark.parametrize("reason", [reason for reason in DeclineReason if reason != "elsewhere"])
def test_declining_keeps_what_was_sent_and_why(desk, coordinator, notification, reason):
    decide(desk, notification, "decline", reason=reason.value)

    kept = Notification.objects.get()
    assert (kept.state, kept.decline_code, kept.case) == ("declined", reason, None)
    assert (kept.decided_by, kept.answers) == (coordinator, notification.answers)
    assert not Case.objects.exists()


def test_the_page_says_what_was_decided_why_and_by_whom(desk, notification):
    decide(desk, notification, "decline", reason="duplicate", note="First one is N-0000-0000")

    page = text_of(desk.get(page_of(notification)))

    assert (
        "What was decided Coordinator has decided already: this notification is declined." in page
    )
    assert "Why The same notifier sent it twice Note First one is N-0000-0000" in page
    assert "Accept into a new case" not in page


def test_who_reviews_it_instead_has_to_be_said(desk, notification):
    page = decide(desk, notification, "decline", reason="elsewhere")
    assert "There is a problem Say which panel reviews this death" in text_of(page)

    decide(desk, notification, "decline", reason="elsewhere", note="The panel of Invented-Shire")

    assert Notification.objects.get().decision_note == "The panel of Invented-Shire"


def test_a_decline_can_be_undone_and_stays_in_the_history(desk, coordinator, notification):
    decide(desk, notification, "decline", reason="hoax")
    version = Notification.objects.get().version

    desk.post(page_of(notification, "undo"), {"version": version, "reason": "It was true"})

    again = Notification.objects.get()
    assert (again.state, again.decline_code, again.decided_by) == ("received", "", None)
    assert "hoax" in again.history.values_list("decline_code", flat=True)
    assert again.history.latest().history_change_reason == "It was true"
    decide(desk, notification, "accept", area=HALTON, in_scope="yes")
    assert Notification.objects.get().state == "accepted"


def test_after_a_decline_and_its_undoing_an_old_page_is_stale(desk, coordinator, notification):
    version = version_on(desk.get(page_of(notification, "accept")))
    decisions.decline(notification, by=coordinator, version=1, reason="test")
    undoing.undo_decline(notification, by=coordinator, version=2)

    said = {"area": HALTON, "in_scope": "yes", "version": version}
    stale = desk.post(page_of(notification, "accept"), said)

    assert stale.status_code == 409
    assert "Somebody else changed this while you had it open." in text_of(stale)
    assert not Case.objects.exists()
    desk.post(page_of(notification, "accept"), said | {"version": version_on(stale)})
    assert Case.objects.count() == 1


@pytest.mark.parametrize("first", ["accept", "attach"])
@pytest.mark.parametrize("second", ["accept", "attach", "decline", "undo"])
def test_what_was_taken_into_a_case_is_not_decided_again(coordinator, notification, first, second):
    case = opened_case()
    acts = {
        "accept": lambda row: accepted(row, coordinator),
        "attach": lambda row: decisions.attach(row, case, by=coordinator, version=row.version),
        "decline": lambda row: decisions.decline(
            row, by=coordinator, version=row.version, reason="test"
        ),
        "undo": lambda row: undoing.undo_decline(row, by=coordinator, version=row.version),
    }
    acts[first](notification)
    taken, before = Notification.objects.get(), everything()

    with pytest.raises(Refused, match="Coordinator has decided already") as refused:
        acts[second](taken)

    assert (type(refused.value), refused.value.status) == (Refused, 409)
    assert everything() == before


def test_a_stale_version_changes_nothing(coordinator, notification):
    case = opened_case()
    before = everything()

    for act in (
        lambda: accepted(notification, coordinator, version=7),
        lambda: decisions.attach(notification, case, by=coordinator, version=7),
        lambda: decisions.decline(notification, by=coordinator, version=7, reason="test"),
    ):
        with pytest.raises(Stale):
            act()

    assert everything() == before


@pytest.mark.parametrize("posted", [{}, {"version": "x"}, {"version": ""}])
def test_an_undo_without_a_version_is_no_request_of_ours(desk, coordinator, notification, posted):
    decisions.decline(notification, by=coordinator, version=1, reason="test")

    answer = desk.post(page_of(notification, "undo"), posted | {"reason": "Because"})

    assert "There is a problem" in text_of(answer)
    assert Notification.objects.get().state == "declined"
