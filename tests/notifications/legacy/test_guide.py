"""The columns in the coordinator's guide are those of the code."""

from pathlib import Path

from django.conf import settings

from notifications.legacy_columns import AGENCY, GROUPS, MOST_AGENCIES
from notifications.legacy_template import EXPLAINED, FOR_AGENCIES, explanation

GUIDE = Path(settings.BASE_DIR, "docs/guides/coordinator-import.md")
HEADING = "## The columns\n\n"
AGENCIES = (
    "One column for each of these and for each agency: Agency 1, Agency 2 and so on, up to "
    f"{MOST_AGENCIES}.\n"
)


def columns_in_words():
    """A heading and a table for each group of columns."""
    groups = [(group.title, group.columns) for group in GROUPS] + [(FOR_AGENCIES, AGENCY)]
    return "\n".join(line for title, columns in groups for line in table(title, columns))


def table(title, columns):
    yield f"### {title}\n"
    if title == FOR_AGENCIES:
        yield AGENCIES
    yield line(EXPLAINED)
    yield line(["---"] * len(EXPLAINED))
    yield from (line(explanation(column)) for column in columns)
    yield ""


def line(cells):
    return f"| {' | '.join(cells)} |"


def test_the_guide_lists_every_column_as_the_code_has_it():
    assert GUIDE.read_text().partition(HEADING)[2] == columns_in_words()
