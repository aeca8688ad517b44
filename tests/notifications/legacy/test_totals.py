"""The totals of the old system, as its sheet has them."""

import pytest

from notifications import legacy_sheets, legacy_totals

pytestmark = pytest.mark.django_db


def test_the_totals_of_the_old_system_are_read_or_named():
    lines = [
        legacy_sheets.Line(
            2, {"year": "2012-13", "area": "Halton", "stage": "closed", "count": 7.0}
        ),
        legacy_sheets.Line(
            3, {"year": "2012/13", "area": "Halton", "stage": "Closed", "count": "2"}
        ),
        legacy_sheets.Line(4, {"year": "2012", "area": "Halton", "stage": "closed", "count": "1"}),
        legacy_sheets.Line(5, {"year": "2012-13", "area": "Halton", "stage": "closed"}),
    ]

    found, problems = legacy_totals.read(lines)

    assert found == {("2012-13", "E06000006", "closed"): 9}
    assert [problem.line for problem in problems] == [4, 5]
