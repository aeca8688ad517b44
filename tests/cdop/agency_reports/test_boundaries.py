"""What agencies say about people goes no further than the coordinator by itself."""

import ast
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from cdop.cases import actions as cases
from tests.cast import TESTS
from tests.cdop.agency_reports.makers import returned
from tests.cdop.panel.makers import on_agenda, planned_meeting
from tests.makers import opened_case
from tests.pages import sign_in, text_of

ROOT = Path(settings.BASE_DIR)
# The demonstration asks agencies and answers for them.
READERS = ("cdop/panel", "cdop/reviews", "analytics")
TELLING = "Reporter Invented"


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def test_panel_reviews_and_statistics_read_of_agencies_only_what_is_handed_over_without_names():
    reading = {
        str(path.relative_to(ROOT)): of_agencies
        for package in READERS
        for path in (ROOT / package).rglob("*.py")
        if "demonstration" not in path.parts
        and (of_agencies := {n for n in imports(path) if n.startswith("cdop.agency_reports")})
    }

    assert reading == {
        "cdop/panel/paper_sections.py": {"cdop.agency_reports.anonymous"},
        # The names that the papers are searched for.
        "cdop/panel/redaction.py": {"cdop.agency_reports.anonymous.people_asked"},
    }


def test_a_member_sees_nothing_of_a_report_in_the_papers(client, coordinator, member, chair):
    case = opened_case()
    returned(coordinator, {"reporter_name": [TELLING], "growth": ["9 kg exactly"]}, case=case)
    meeting = planned_meeting(member, chair=chair)
    item = on_agenda(meeting, cases.make_ready(case, by=TESTS))

    for name, gaps in (("meeting", [meeting.pk]), ("pack", [meeting.pk, item.serial])):
        page = sign_in(client, member).get(reverse(f"panel:{name}", args=gaps))
        assert page.status_code == 200
        assert TELLING not in text_of(page) and "9 kg exactly" not in text_of(page)


def test_a_doctor_on_the_case_sees_how_many_came_and_no_answer(client, coordinator, doctor):
    case = opened_case()
    returned(coordinator, {"growth": ["9 kg exactly"]}, case=case)
    cases.give_access(case, doctor, by=coordinator, ends_on=None)

    page = sign_in(client, doctor).get(reverse("cases:case", args=[case.reference]))

    assert "1 of 1 returned" in text_of(page) and "9 kg exactly" not in text_of(page)
    assert "/agency-reports/" not in page.content.decode()
