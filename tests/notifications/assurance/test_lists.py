"""Reconciliation: what a list holds, what was notified, and every difference settled."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdop.cases import actions as cases
from cdop.cases.models import Case
from cdop.core.audit import AuditEntry
from cdop.core.drafts import Draft
from cdop.core.refusals import Refused, Stale
from cdop.core.sealing import CannotUnseal, DataKey, destroy
from notifications import decisions
from notifications.assurance import lists, settling, work
from notifications.assurance.listed import unseal
from notifications.assurance.models import DeathList, ListedDeath, NotListed
from notifications.assurance.settling import Counts
from notifications.models import Notification
from tests.cast import person
from tests.databases import committed_database  # noqa: F401
from tests.makers import HALTON, opened_case
from tests.notifications.assurance.makers import (
    NHS,
    a_line,
    notified,
    organisation,
    taken_in,
)
from tests.notifications.filling import version_on
from tests.pages import date_parts, sign_in, text_of

CAST = ["chair", "member", "doctor", "reader", "governance_lead", "stranger"]
LISTS = reverse("notifications:death_lists")
NEW = reverse("notifications:new_list")
PREVIEW = reverse("notifications:preview_list")
DIED_ON = date(2026, 1, 10)
CSV = "NHS number,Surname,Date of birth,Date of death\n9990000123,Listed-Child,01/12/2025,{}\n"


def address(name: str, *args) -> str:
    return reverse(f"notifications:{name}", args=args)


def a_case(number: str = NHS[0], died_on: date = DIED_ON, **said) -> Case:
    """A case about the child of ``a_line``."""
    answers = {
        "given_names": "Aaaa",
        "family_name": "Listed-Child",
        "date_of_birth": "2025-12-01",
        "nhs_number": number,
    }
    return opened_case(answers | said, died_on=died_on)


@pytest.fixture
def desk(client, coordinator):
    return sign_in(client, coordinator)


def said_of(day: str = "10/01/2026", content: str = CSV, **more):
    """What the form of a list posts."""
    return {
        "kind": "registrar",
        "area": "all",
        "organisation": "",
        **date_parts("first_day", 1, 1, 2026),
        **date_parts("last_day", 31, 3, 2026),
        "file": SimpleUploadedFile("list.csv", content.format(day).encode()),
        **more,
    }


def everything() -> tuple:
    """How much there is: a refusal must leave it as it was."""
    states = list(ListedDeath.objects.order_by("pk").values_list("state", "version", "case"))
    models = (DeathList, NotListed, Notification, Draft, AuditEntry)
    return *(model.objects.count() for model in models), states


# Taking in


def test_a_file_is_read_shown_and_then_taken_in(desk, coordinator):
    answer = desk.post(NEW, said_of())
    preview = desk.get(PREVIEW)

    assert answer.url == PREVIEW
    assert not DeathList.objects.exists()
    assert "Listed-Child 10 January 2026 999 000 0123" in text_of(preview)

    desk.post(PREVIEW, {"version": version_on(preview)})

    taken = DeathList.objects.get()
    [line] = taken.lines.all()
    assert (taken.kind, taken.first_day, taken.uploaded_by) == (
        "registrar",
        date(2026, 1, 1),
        coordinator,
    )
    assert unseal(line) == a_line(given_names="")
    assert not Draft.objects.exists()


def test_with_one_bad_row_nothing_is_kept_and_the_row_is_named(desk):
    content = CSV.format("10/01/2026") + "9990001499,Xxxx,,31/02/2026\n"
    before = everything()

    page = text_of(desk.post(NEW, said_of(content=content)))

    assert "1 row has a mistake, so nothing was taken in." in page
    assert "3 There is no 31 February" in page
    assert everything() == before
    assert desk.get(PREVIEW).url == LISTS


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"file": ""}, "Choose the file"),
        ({"kind": ""}, "Choose whose list it is"),
        ({"area": "E99"}, "Choose one of the answers on the page"),
        (date_parts("last_day", 31, 12, 2025), "The last day must be on or after the first day"),
        ({"file": SimpleUploadedFile("x.csv", b"\0")}, "This is not a CSV file."),
        ({"file": SimpleUploadedFile("x.csv", b"x" * 2_000_001)}, "The file is larger than 2 MB."),
    ],
)
def test_what_is_missing_is_said(desk, more, sentence):
    page = text_of(desk.post(NEW, said_of() | more))

    assert sentence in page
    assert not Draft.objects.exists()


def test_a_file_can_be_discarded_and_its_key_goes(desk):
    desk.post(NEW, said_of())

    desk.post(PREVIEW, {"discard": "yes"})

    assert not Draft.objects.exists()
    assert DataKey.objects.get().wrapped is None


def test_a_second_file_takes_the_place_of_the_first_under_the_same_key(desk, coordinator):
    desk.post(NEW, said_of())
    old = version_on(desk.get(PREVIEW))
    desk.post(NEW, said_of("11/01/2026"))

    assert desk.post(PREVIEW, {"version": old}).status_code == 409
    assert not DeathList.objects.exists()
    assert DataKey.objects.count() == 1
    with pytest.raises(Stale):
        lists.take(lists.held(coordinator), version=1, by=coordinator)


def test_a_second_press_takes_nothing_in_again(coordinator):
    made = taken_in(a_line(), by=coordinator)
    draft = Draft(kind=lists.DRAFT_KIND)

    with pytest.raises(Refused, match="taken in, or discarded, already"):
        lists.take(draft, version=1, by=coordinator)
    assert DeathList.objects.get() == made


def test_without_its_key_nobody_reads_a_list_any_more(db):
    made = taken_in(a_line())

    destroy(made.data_key)

    with pytest.raises(CannotUnseal):
        lists.lines(DeathList.objects.get())


def test_nothing_that_says_who_a_child_was_stands_in_the_clear(db):
    taken_in(a_line(address="1 Invented Road", postcode="ZZ99 3WZ"))

    with connection.cursor() as cursor:
        for table in ("listeddeath", "historicallisteddeath", "deathlist"):
            cursor.execute(f"SELECT * FROM notifications_{table}")
            assert not any(
                word in str(row)
                for row in cursor.fetchall()
                for word in ("Listed-Child", "9990000123", "2026-01-10", "Invented Road", "ZZ99")
            )


# Who may


@pytest.mark.parametrize("who", CAST)
def test_for_everybody_else_lists_are_not_there(db, request, client, who):
    made = taken_in(a_line())
    line = made.lines.get()
    client.force_login(request.getfixturevalue(who))
    pages = [
        LISTS,
        NEW,
        PREVIEW,
        address("death_list", made.pk),
        address("confirm_list", made.pk),
        address("settle_absent", made.pk, a_case().reference),
        *(address(f"{name}_line", line.pk) for name in ("match", "explain", "notify", "undo")),
        address("listed_death", line.pk),
    ]
    before = everything()

    assert {client.get(page).status_code for page in pages} == {404}
    assert {client.post(page, {"version": 1}).status_code for page in pages} == {404}
    assert everything() == before


@pytest.mark.parametrize("who", ["chair", "doctor", "stranger"])
def test_nobody_else_decides_behind_the_pages_either(request, who):
    by, case = request.getfixturevalue(who), a_case()
    made = taken_in(a_line())
    line = made.lines.get()
    before = everything()
    acts = [
        lambda: settling.match(line, by=by, version=1, case=case),
        lambda: settling.explain(line, by=by, version=1, reason="error"),
        lambda: settling.notify(line, by=by, version=1),
        lambda: settling.undo(line, by=by, version=1),
        lambda: lists.settle_absent(made, case, by=by, reason="not_yet"),
        lambda: lists.take(Draft(), version=1, by=by),
    ]

    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.status == 403
    assert everything() == before


# Matching


def test_the_same_number_and_day_are_sure_and_matched_only_when_confirmed(desk, coordinator):
    case = a_case()
    made = taken_in(a_line(), a_line(nhs_number="", family_name="Qqqq"), by=coordinator)
    page = desk.get(address("death_list", made.pk))

    assert f"Proposed: {case.reference}" in text_of(page)
    assert "Look at 1 sure match" in text_of(page)
    assert Counts.of(lists.lines(made)).matched == 0

    first = made.lines.first()
    desk.post(address("confirm_list", made.pk), {"pair": f"{first.pk}:{case.reference}"})

    first.refresh_from_db()
    assert (first.state, first.case, first.settled_by) == ("matched", case, coordinator)
    assert Counts.of(lists.lines(made)) == Counts(
        total=2, matched=1, notified=0, explained=0, open=1, taken_back=0
    )


@pytest.mark.parametrize(
    "line",
    [
        a_line(date_of_death="2026-01-11"),
        a_line(nhs_number=NHS[1]),
        a_line(nhs_number=""),
        a_line(nhs_number="not known"),
    ],
)
def test_anything_less_is_not_sure(coordinator, line):
    a_case()
    made = taken_in(line, by=coordinator)

    assert settling.sure(lists.lines(made), coordinator) == {}


def test_two_lines_or_two_cases_with_one_number_are_not_sure(coordinator):
    a_case()
    twice = taken_in(a_line(), a_line(), by=coordinator)
    assert settling.sure(lists.lines(twice), coordinator) == {}

    a_case()
    once = taken_in(a_line(), by=coordinator)
    assert settling.sure(lists.lines(once), coordinator) == {}


def test_what_is_sure_no_more_is_not_confirmed_nor_anything_with_it(coordinator):
    first, second = a_case(), a_case(NHS[1])
    made = taken_in(a_line(), a_line(nhs_number=NHS[1]), by=coordinator)
    one, two = made.lines.all()
    settling.match(two, by=coordinator, version=1, case=second)

    with pytest.raises(Refused, match="nothing was confirmed"):
        settling.match_all({one: first, two: second}, made, by=coordinator)

    one.refresh_from_db()
    assert one.state == "open"


def test_pairs_that_no_page_lists_are_no_request(desk):
    made, other = taken_in(a_line()), taken_in(a_line())
    case = a_case()

    for pair in ("", f"{other.lines.get().pk}:{case.reference}", "1:C-0000-0000", "x"):
        answer = desk.post(address("confirm_list", made.pk), {"pair": pair} if pair else {})
        assert answer.status_code == 400
    assert not ListedDeath.objects.exclude(state="open").exists()


def test_a_line_shows_cases_and_waiting_notifications_with_the_reasons(desk):
    case, sent = a_case(date_of_birth="2025-01-12"), notified(nhs_number="")
    line = taken_in(a_line()).lines.get()

    page = text_of(desk.get(address("listed_death", line.pk)))

    assert f"Case {case.reference} : the same NHS number, the same date of death" in page
    assert "the same date of birth with day and month exchanged" in page
    assert f"Notification {sent.reference} , waiting for triage: the same date of birth" in page
    assert AuditEntry.objects.filter(action="listeddeath.compared").count() == 1
    entry = AuditEntry.objects.get(action="listeddeath.read")
    assert (entry.subject, entry.purpose) == (f"listeddeath:{line.pk}", "reconciliation")


def test_a_child_whom_nobody_knows_has_no_proposals(desk):
    line = taken_in(a_line(nhs_number=NHS[3], family_name="Qqqq", given_names="")).lines.get()

    assert "No case and no waiting notification has enough in common" in text_of(
        desk.get(address("listed_death", line.pk))
    )


def test_a_waiting_notification_can_be_matched_and_counts_when_it_becomes_a_case(desk, coordinator):
    sent, made = notified(), taken_in(a_line())
    line = made.lines.get()
    desk.post(address("match_line", line.pk), {"version": 1, "which": sent.reference})
    assert lists.absent(made, coordinator) == []

    decisions.accept(sent, by=coordinator, version=1, area=None, in_scope=True)

    line.refresh_from_db()
    assert (line.state, line.notification) == ("matched", sent)
    assert lists.absent(made, coordinator) == []


def test_any_case_can_be_matched_by_its_reference(desk):
    case, line = a_case(NHS[5], family_name="Qqqq", given_names="Zzzz"), taken_in(a_line())
    said = {"version": 1, "which": "other", "reference": case.reference.lower().replace("-", " ")}

    desk.post(address("match_line", line.lines.get().pk), said)

    assert line.lines.get().case == case


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Choose the case or notification that is about the same child"),
        ({"which": "other", "reference": ""}, "Enter the reference of a case or a notification"),
        ({"which": "other", "reference": "C-0000-0000"}, "Enter the reference of a case"),
        ({"which": "C-4K7M-2QX9"}, "Choose one of the answers on the page"),
    ],
)
def test_a_match_with_nothing_is_no_match(desk, said, sentence):
    line = taken_in(a_line()).lines.get()

    page = desk.post(address("match_line", line.pk), {"version": 1, **said})

    assert sentence in text_of(page)
    assert ListedDeath.objects.get().state == "open"


def test_a_withdrawn_case_is_about_no_death(desk, coordinator):
    case, made = a_case(), taken_in(a_line())
    line = made.lines.get()
    cases.withdraw(case, by=coordinator, reason="It was a mistake")

    page = desk.post(
        address("match_line", line.pk),
        {"version": 1, "which": "other", "reference": case.reference},
    )

    assert f"Case {case} is withdrawn, so it is about no death." in text_of(page)
    assert settling.sure(lists.lines(made), coordinator) == {}
    assert lists.absent(made, coordinator) == []


def test_a_case_that_is_withdrawn_after_the_match_is_pointed_out(desk, coordinator):
    case, made = a_case(), taken_in(a_line())
    settling.match(made.lines.get(), by=coordinator, version=1, case=case)

    cases.withdraw(case, by=coordinator, reason="It was a mistake")

    page = text_of(desk.get(address("death_list", made.pk)))
    assert f"Matched {case.reference} That case was withdrawn since" in page


def test_one_case_is_about_one_line(desk, coordinator):
    case = a_case()
    made = taken_in(a_line(), a_line())
    one, two = made.lines.all()
    settling.match(one, by=coordinator, version=1, case=case)

    page = desk.post(address("match_line", two.pk), {"version": 1, "which": case.reference})

    assert page.status_code == 409
    assert f"Line 1 is about {case.reference} already." in text_of(page)
    two.refresh_from_db()
    assert two.state == "open"


def test_of_two_who_decide_the_second_is_told(desk, coordinator):
    line = taken_in(a_line()).lines.get()
    settling.explain(line, by=coordinator, version=1, reason="error")

    page = desk.post(
        address("explain_line", line.pk), {"version": 1, "reason": "other", "note": "Mine"}
    )

    assert page.status_code == 409
    assert "cannot become settled otherwise" in text_of(page)
    assert "Mine" in page.content.decode()
    assert ListedDeath.objects.get().reason_code == "error"


# Not notified


def test_a_death_that_was_not_notified_becomes_a_notification_in_one_step(desk):
    where = organisation("Invented Register Office", "registrar")
    made = taken_in(a_line(place="Ward 7", own_reference="Entry 12"), organisation=where.pk)
    line = made.lines.get()

    answer = desk.post(address("notify_line", line.pk), {"version": 1})

    sent = Notification.objects.get()
    assert answer.url == address("notification", sent.reference)
    assert (sent.route, sent.organisation, sent.state) == ("list", where, "received")
    assert sent.answers == {
        "date_of_death": "2026-01-10",
        "date_of_birth": "2025-12-01",
        "given_names": "Aaaa",
        "family_name": "Listed-Child",
        "nhs_number": "9990000123",
        "place_of_death_name": "Ward 7",
        "other_information": "Their own reference: Entry 12",
        "notifier_organisation": "Invented Register Office",
    }
    line.refresh_from_db()
    assert (line.state, line.notification) == ("notified", sent)
    assert desk.get(address("notification", sent.reference)).status_code == 200


def test_what_a_hospital_lists_arrives_by_its_list(coordinator):
    line = taken_in(a_line(), kind="hospital").lines.get()

    assert settling.notify(line, by=coordinator, version=1).route == "list"


def test_a_second_press_makes_no_second_notification(desk):
    line = taken_in(a_line()).lines.get()
    desk.post(address("notify_line", line.pk), {"version": 1})

    again = desk.post(address("notify_line", line.pk), {"version": 1})

    assert again.status_code == 409
    assert Notification.objects.count() == 1


# Settled otherwise, undone


@pytest.mark.parametrize("reason", sorted(settling.NEEDS_A_NOTE))
def test_some_reasons_need_a_note(desk, reason):
    line = taken_in(a_line()).lines.get()

    page = desk.post(address("explain_line", line.pk), {"version": 1, "reason": reason})

    assert "Say more about it" in text_of(page)
    assert ListedDeath.objects.get().state == "open"


def test_what_was_settled_can_be_undone_and_is_open_again(desk, coordinator):
    line = taken_in(a_line()).lines.get()
    desk.post(address("explain_line", line.pk), {"version": 1, "reason": "grown_up"})
    page = text_of(desk.get(address("listed_death", line.pk)))
    assert "Why The death was on or after the 18th birthday" in page

    desk.post(address("undo_line", line.pk), {"version": 2})

    line.refresh_from_db()
    assert (line.state, line.reason_code, line.settled_by) == ("open", "", None)
    assert ListedDeath.history.filter(reason_code="grown_up").exists()


# Notified, but not on the list


def test_what_was_notified_and_is_not_on_the_list_is_shown_until_it_is_settled(desk, coordinator):
    case, sent, earlier = a_case(), notified(), a_case(died_on=date(2025, 12, 31))
    made = taken_in(a_line(nhs_number=NHS[4], family_name="Qqqq"))
    page = text_of(desk.get(address("death_list", made.pk)))
    assert "2 deaths of these days, 2 to settle." in page
    assert f"{case.reference} 10 January 2026 To settle" in page
    assert f"{sent.reference} 10 January 2026 To settle" in page
    assert earlier.reference not in page

    for what in (case, sent):
        desk.post(
            address("settle_absent", made.pk, what.reference), {"reason": "not_yet", "note": ""}
        )

    page = text_of(desk.get(address("death_list", made.pk)))
    assert "2 deaths of these days, 0 to settle." in page
    assert f"{case.reference} 10 January 2026 Settled Not registered yet" in page


def test_such_a_difference_can_stand_open_again(desk, coordinator):
    case, made = a_case(), taken_in(a_line(nhs_number=NHS[4]))
    page = address("settle_absent", made.pk, case.reference)
    desk.post(page, {"reason": "not_yet"})

    desk.post(page, {"undo": "yes"})

    absent = lists.absent(DeathList.objects.get(pk=made.pk), coordinator)
    assert [each.is_settled for each in absent] == [False]
    assert NotListed.objects.count() == 1


def test_a_difference_for_another_reason_needs_a_note(desk):
    case, made = a_case(), taken_in(a_line(nhs_number=NHS[4]))

    page = desk.post(address("settle_absent", made.pk, case.reference), {"reason": "other"})

    assert "Say what it is." in text_of(page)
    assert not NotListed.objects.exists()


def test_a_list_of_one_area_expects_the_children_who_lived_there(coordinator):
    halton, elsewhere = a_case(), opened_case(area=None, died_on=DIED_ON)
    made = taken_in(a_line(nhs_number=NHS[4]), area=HALTON)

    assert [each.what for each in lists.absent(made, coordinator)] == [halton]
    everywhere = taken_in(a_line(nhs_number=NHS[4]))
    assert {each.what for each in lists.absent(everywhere, coordinator)} == {halton, elsewhere}


def test_a_hospitals_list_expects_the_deaths_of_which_it_told_us(coordinator):
    where = organisation()
    told, other = notified(organisation=where), notified(nhs_number=NHS[1])
    made = taken_in(a_line(nhs_number=NHS[4]), kind="hospital", organisation=where.pk)

    assert [each.what for each in lists.absent(made, coordinator)] == [told]
    for sent in (told, other):
        decisions.accept(sent, by=coordinator, version=1, area=None, in_scope=True)
    told.refresh_from_db()
    assert [each.what for each in lists.absent(made, coordinator)] == [told.case]


# The pages


def test_the_page_of_a_list_is_recorded_and_takes_as_many_queries_for_many_lines(desk):
    few = taken_in(a_line())
    many = taken_in(*(a_line(nhs_number=number) for number in NHS))
    for number in NHS:
        a_case(number)

    def queries(made):
        with CaptureQueriesContext(connection) as found:
            desk.get(address("death_list", made.pk))
        return len(found)

    assert queries(many) == queries(few)
    assert AuditEntry.objects.filter(action="deathlist.read").count() == 2


def test_the_list_of_lists_says_what_is_left_and_names_nobody(desk, coordinator):
    made = taken_in(a_line(), a_line())
    page = text_of(desk.get(LISTS))
    assert "1 January 2026 to 31 March 2026" in page
    assert "2 deaths to settle" in page
    assert "Listed-Child" not in page
    [task] = work.tasks_for(coordinator)
    assert (task.text, task.count) == ("Deaths on lists, to be matched or settled", 2)

    for line in made.lines.all():
        settling.explain(line, by=coordinator, version=1, reason="error")

    assert "Every line settled" in text_of(desk.get(LISTS))
    assert work.tasks_for(coordinator) == []


def test_with_no_list_the_page_says_what_to_do(desk):
    assert "Ask a registrar or a hospital" in text_of(desk.get(LISTS))


def test_without_an_account_one_is_asked_to_sign_in(db):
    assert Client().get(LISTS).url.startswith("/account/login/")


# Counts that add up

choices = st.lists(st.sampled_from(["match", "explain", "notify", "undo"]), max_size=12)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(choices)
def test_whatever_is_decided_every_line_is_counted_once(coordinator, chosen):
    made = taken_in(*(a_line(nhs_number=number) for number in NHS[:3]), by=coordinator)
    cases = [a_case(number) for number in NHS[:3]]
    for order, choice in enumerate(chosen):
        line = list(made.lines.all())[order % 3]
        told = {"by": coordinator, "version": line.version}
        acts = {
            "match": lambda line=line, told=told, n=order % 3: settling.match(
                line, case=cases[n], **told
            ),
            "explain": lambda line=line, told=told: settling.explain(line, reason="error", **told),
            "notify": lambda line=line, told=told: settling.notify(line, **told),
            "undo": lambda line=line, told=told: settling.undo(line, **told),
        }
        try:
            acts[choice]()
        except Refused:
            continue

    counts = Counts.of(lists.lines(made))

    assert counts.total == 3
    assert counts.matched + counts.notified + counts.explained + counts.open == counts.total
    expected = {each.what for each in lists.absent(made, coordinator) if each.what in cases}
    assert len(expected) == 3 - counts.matched


def test_two_who_match_two_lines_with_one_case_at_once(committed_database):  # noqa: F811
    by, case = person("coordinator"), a_case()
    made = taken_in(a_line(), a_line(), by=by)

    def match(line):
        try:
            return settling.match(line, by=by, version=1, case=case).state
        except Refused as refusal:
            return refusal.reason[:6]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        found = sorted(both.map(match, made.lines.all()))

    assert found[1] == "matched"
    assert found[0].startswith("Line ")
