"""Lists of deaths: how a file is taken in, who may, and the pages of lists."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cdop.core.audit import AuditEntry
from cdop.core.drafts import Draft
from cdop.core.refusals import Refused, Stale
from cdop.core.sealing import CannotUnseal, DataKey, destroy
from notifications.assurance import lists, settling, work
from notifications.assurance.listed import unseal
from notifications.assurance.models import DeathList, ListedDeath, NotListed
from notifications.models import Notification
from tests.client import Client
from tests.notifications.assurance.makers import NHS, a_case, a_line, address, taken_in
from tests.notifications.filling import version_on
from tests.pages import date_parts, text_of

CAST = ["chair", "member", "doctor", "reader", "governance_lead", "stranger"]
LISTS = reverse("notifications:death_lists")
NEW = reverse("notifications:new_list")
PREVIEW = reverse("notifications:preview_list")
CSV = "NHS number,Surname,Date of birth,Date of death\n9990000123,Listed-Child,01/12/2025,{}\n"


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
