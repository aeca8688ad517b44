"""The pages of an import: who may, what they show, and what the files taken along do not say."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cdop.cases.models import Case
from cdop.core.audit import AuditEntry
from notifications import legacy_sheets, legacy_template
from notifications.legacy_columns import COLUMNS
from notifications.legacy_models import LegacyCase, LegacyFile, LegacyImport
from tests.makers import opened_case
from tests.notifications.legacy import sheets
from tests.notifications.legacy.sheets import ALL, CLOSED, GATHERING, READY, REVIEWED
from tests.pages import text_of

LIST = reverse("notifications:imports")
BAD = CLOSED | {"old_reference": "5", "sex": "Secretname", "nhs_number": "", "date_of_birth": ""}


def upload(client, content, name="cases.csv"):
    return client.post(LIST, {"file": SimpleUploadedFile(name, content)})


def batch_of(client, rows=ALL):
    page = upload(client, sheets.as_csv(rows))
    assert page.status_code == 302
    return LegacyImport.objects.latest("pk")


def at(name, batch, *more):
    return reverse(f"notifications:{name}", args=[batch.reference, *more])


def press(client, name, batch):
    batch.refresh_from_db()
    return client.post(at(name, batch), {"version": batch.version}, follow=True)


def test_from_a_sheet_to_cases(desk):
    batch = batch_of(desk)
    seen = text_of(desk.get(at("import", batch)))
    assert "Bring in 4 cases" in seen
    assert "2012-13, Halton Closed 1 not told" in seen

    page = text_of(press(desk, "import_bring_in", batch))

    assert "4 cases were brought in." in page
    assert LegacyCase.objects.count() == Case.objects.count() == 4
    assert batch.reference in text_of(desk.get(LIST))


def test_what_becomes_of_open_cases_is_said_before_they_are_brought_in(desk):
    batch = batch_of(desk, [CLOSED, GATHERING | {"confirmed": "no"}, READY])

    seen = text_of(desk.get(at("import", batch)))

    assert "2 open cases. What is due on their checklist before you bring them in" in seen
    assert "The sheet says of 1 that nobody had confirmed the death" in seen
    assert "All the others were confirmed in the system used before" in seen
    assert "Open cases" not in text_of(desk.get(at("import", batch_of(desk, [REVIEWED]))))


def test_how_a_death_was_confirmed_there_stands_on_its_page(desk):
    batch = batch_of(desk, [GATHERING])
    press(desk, "import_bring_in", batch)

    case = LegacyCase.objects.get().case
    page = text_of(desk.get(reverse("cases:confirm", args=[case.reference])))
    on_case = text_of(desk.get(reverse("cases:case", args=[case.reference])))

    assert "Death: confirmed, in the system used before" in on_case
    assert f"In the system used before Import {batch}" in page


def test_every_bad_row_is_named_and_what_stood_there_is_shown_after_it_was_recorded(desk):
    batch = batch_of(desk, [REVIEWED, BAD])

    seen = text_of(desk.get(at("import", batch)))

    assert "3 Sex Secretname This word is not known here." in seen
    assert "Bring in 2" not in seen and "Mend the sheet and read it again." in seen
    entry = AuditEntry.objects.latest("number")
    assert (entry.action, entry.purpose) == ("legacyimport.read", "mend the sheet")
    press(desk, "import_bring_in", batch)
    assert Case.objects.count() == 0


def test_the_mended_sheet_is_read_from_the_page_that_names_its_mistakes(desk):
    batch = batch_of(desk, [REVIEWED, BAD])
    page = desk.get(at("import", batch)).content.decode()
    form = page[page.index('<h3 id="again">') :]

    assert '<a href="#again">read the sheet again</a>' in page
    assert f'action="{LIST}" enctype="multipart/form-data"' in form
    assert 'name="file"' in form and 'name="documents"' in form


def test_where_nothing_is_wrong_no_other_sheet_is_asked_for(desk):
    assert 'id="again"' not in desk.get(at("import", batch_of(desk))).content.decode()


def test_a_file_that_is_gone_can_be_read_again_from_its_page(desk):
    batch = batch_of(desk)
    LegacyFile.objects.all().delete()

    page = desk.get(at("import", batch)).content.decode()

    assert "The file of this import is gone" in page and 'id="again"' in page


def test_the_report_to_take_along_says_nothing_that_stood_in_a_cell(desk):
    batch = batch_of(desk, [REVIEWED, BAD])

    report = desk.get(at("import_report", batch))

    assert report["Content-Disposition"] == f'attachment; filename="import-{batch}.csv"'
    lines = report.content.decode().splitlines()
    assert lines[0] == "Line,Column,Reason"
    assert lines[1].startswith("3,Sex,This word is not known here.")
    assert "Secretname" not in report.content.decode()


def test_columns_that_are_not_known_are_named(desk):
    content = sheets.as_csv([CLOSED], extra=[("Hair colour", "red")])
    upload(desk, content)

    seen = text_of(desk.get(at("import", LegacyImport.objects.get())))

    assert "Column not recognised, and not read:" in seen and "Hair colour" in seen


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04broken"])
def test_a_file_that_cannot_be_read_is_refused_on_the_page(desk, content):
    page = upload(desk, content, "cases.xlsx")

    assert page.status_code == 200
    assert "There is a problem" in text_of(page)
    assert LegacyImport.objects.count() == 0


def test_a_file_that_is_too_large_is_refused_and_not_read_in_part(desk, settings):
    settings.UPLOAD_MAX_BYTES = 1_000_000
    long = sheets.as_csv([CLOSED]) + b"\n" * 1_000_000

    assert "The file is larger than 1 megabytes." in text_of(upload(desk, long))
    assert LegacyImport.objects.count() == 0


def test_no_file_at_all(desk):
    assert "Choose the file with the earlier cases" in text_of(desk.post(LIST))


def test_of_rows_that_look_alike_the_person_says_each(desk):
    there = opened_case({"nhs_number": "9990000123"})
    batch = batch_of(desk, [CLOSED, REVIEWED])
    assert "1 row looks like another row" in text_of(desk.get(at("import", batch)))
    asked = text_of(desk.get(at("import_alike", batch)))
    assert f"Line 2 Like case {there.reference}: the same NHS number" in asked
    assert "Invented" not in asked.replace("invented", "")

    blocked = text_of(press(desk, "import_bring_in", batch))
    assert "look like another child" in blocked and Case.objects.count() == 1
    said = {"line-2": "leave_out", "like-2": there.reference}
    page = desk.post(at("import_alike", batch), said, follow=True)
    assert "Bring in 1\u00a0case" in page.content.decode()
    press(desk, "import_bring_in", batch)

    assert [row.line for row in LegacyCase.objects.all()] == [3]


def test_what_was_said_of_a_page_that_is_old_by_now_is_asked_again(desk):
    there = opened_case({"nhs_number": "9990000123"})
    batch = batch_of(desk, [CLOSED])
    seen = {"line-2": "import", "like-2": "C-2222-2222"}

    page = desk.post(at("import_alike", batch), seen, follow=True)

    assert page.redirect_chain[-1][0] == at("import_alike", batch)
    words = f"This has changed since somebody said what to do with the line. Like case {there}"
    assert words in text_of(page)


def test_a_line_of_which_nothing_is_said_is_asked_again(desk):
    opened_case({"nhs_number": "9990000123"})
    batch = batch_of(desk, [CLOSED])

    page = desk.post(at("import_alike", batch), {}, follow=True)

    assert page.redirect_chain[-1][0] == at("import_alike", batch)


def test_the_boxes_of_the_totals_stand_by_area_and_none_has_to_be_filled(desk):
    batch = batch_of(desk)
    address = at("import_totals", batch, "2012-13")
    page = desk.get(address)

    said = text_of(page)
    assert "No box has to be filled" in said
    assert said.count("Halton, gathering information") == 1
    assert page.content.decode().count("<legend") == 5
    assert desk.post(address, {"version": batch.version}).status_code == 302
    batch.refresh_from_db()
    assert batch.old_totals == []


def test_the_old_systems_totals_are_typed_year_by_year(desk):
    batch = batch_of(desk)
    address = at("import_totals", batch, "2012-13")
    assert "Halton, closed" in text_of(desk.get(address))

    page = desk.post(address, {"version": batch.version, "E06000006-closed": "3"}, follow=True)

    assert "2012-13, Halton Closed 1 3 -2" in text_of(page)


@pytest.mark.parametrize("typed", ["-1", "x", "99999"])
def test_a_total_that_is_none_is_refused(desk, typed):
    batch = batch_of(desk)

    page = desk.post(
        at("import_totals", batch, "2012-13"), {"version": 1, "E06000006-closed": typed}
    )

    assert "There is a problem" in text_of(page)
    batch.refresh_from_db()
    assert batch.old_totals == []


def test_a_year_that_neither_system_has_is_not_there(desk):
    assert desk.get(at("import_totals", batch_of(desk), "1999-00")).status_code == 404


def test_leaving_it_removes_the_file(desk):
    batch = batch_of(desk)

    page = text_of(press(desk, "import_leave", batch))

    assert "Nothing was brought in. The file is removed." in page
    batch.refresh_from_db()
    assert batch.state == "left" and not hasattr(batch, "file")
    assert "Bring in" not in text_of(desk.get(at("import", batch))).replace("Bring in earlier", "")


def test_a_sheet_too_long_for_a_page_is_for_the_command(desk, monkeypatch):
    monkeypatch.setattr("notifications.legacy_views.MOST_ON_A_PAGE", 3)
    batch = batch_of(desk)

    assert "the command import_cases" in text_of(desk.get(at("import", batch)))
    assert press(desk, "import_bring_in", batch).status_code == 400
    assert Case.objects.count() == 0


# The sheet to fill in


def test_the_workbook_to_fill_in_is_read_once_it_is_filled_in(desk):
    given = desk.get(reverse("notifications:import_template", args=["earlier-cases.xlsx"]))

    with pytest.raises(legacy_sheets.NotASheet, match="no case under them"):
        legacy_sheets.read(given.content)
    assert BytesIO(given.content).read(2) == b"PK"
    assert {column.heading for column in COLUMNS} < set(legacy_template.headings())


def test_the_text_file_to_fill_in_has_every_heading(desk):
    given = desk.get(reverse("notifications:import_template", args=["earlier-cases.csv"]))

    assert given.content.decode().strip().split(",") == legacy_template.headings()
    assert desk.get(reverse("notifications:import_template", args=["x"])).status_code == 404


# Who may


POSTS = ["imports", "import_alike", "import_bring_in", "import_leave", "import_totals"]
OTHERS = ["stranger", "doctor", "member", "chair", "reader", "governance_lead"]


@pytest.mark.parametrize("name", POSTS)
@pytest.mark.parametrize("who", OTHERS)
def test_for_others_the_pages_are_not_there(client, desk, request, who, name):
    batch = batch_of(desk)
    client.force_login(request.getfixturevalue(who))
    more = ["2012-13"] if name == "import_totals" else []
    address = LIST if name == "imports" else at(name, batch, *more)

    assert client.post(address, {"version": batch.version}).status_code == 404
    assert Case.objects.count() == 0 and LegacyImport.objects.count() == 1


def test_signed_out_one_is_asked_to_sign_in(client, db):
    assert client.get(LIST).status_code == client.post(LIST).status_code == 302


def test_the_pages_ask_the_database_no_more_for_more_rows(desk):
    few, many = batch_of(desk, sheets.many(2)), batch_of(desk, sheets.many(40)[2:])

    assert queries_of(desk, at("import", many)) == queries_of(desk, at("import", few))
    for batch in (few, many):
        press(desk, "import_bring_in", batch)
    assert queries_of(desk, at("import", many)) == queries_of(desk, at("import", few))
    first, last = (LegacyCase.objects.order_by("pk")[place].case for place in (0, 30))
    pages = [reverse("cases:case", args=[case.reference]) for case in (first, last)]
    assert queries_of(desk, pages[0]) == queries_of(desk, pages[1])


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
