"""What reports of agencies put on other pages: what is waited for, and whose an overdue one is."""

from datetime import timedelta

from django.utils import timezone

from cdop.agency_reports import work
from cdop.core import casework
from tests.cast import person
from tests.cdop.agency_reports.makers import asked, fresh, returned


def test_an_agency_is_waited_for_until_its_report_comes(coordinator):
    made = asked(coordinator)
    returned(coordinator, {})

    [wait] = casework.waiting_for(coordinator, "agency")

    assert (wait.reference, wait.what) == (str(made.case), "agency")
    assert wait.text.startswith(f"Report of {made.organisation}, due ")
    assert wait.href.endswith(f"/{made.reference}/")
    assert casework.waiting_for(person("member"), "agency") == []


def test_an_overdue_report_is_the_agencys(coordinator):
    late = asked(coordinator, now=timezone.now() - timedelta(days=60))

    panel = work.on_case(fresh(late).case, coordinator).panel

    assert (panel.overdue, panel.whose) == (True, str(late.organisation))


def test_what_is_in_time_is_nobodys_yet(coordinator):
    panel = work.on_case(asked(coordinator).case, coordinator).panel

    assert (panel.overdue, panel.whose) == (False, "")
