"""What the demonstration prints: published beside counted, the reports, the sign-ins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings

from analytics import comparison
from analytics.comparison import Compared, Published
from analytics.demonstration import people
from analytics.demonstration.filling import YEAR
from analytics.models import Release, ReleaseFile

SOURCE = comparison.FIGURES / "pan_cheshire_2014_15.csv"
AGES = ("reviewed: under 1 year", "reviewed: 1 to 4 years", "reviewed: 15 to 17 years")


def figures() -> Iterator[str]:
    """Each published figure of the year beside the one counted from the records."""
    lines = comparison.read(SOURCE)
    yield f"Published for {YEAR}, and counted from the records of this system (all synthetic):"
    yield ""
    yield _row("", "", "published", "counted", "")
    for compared in comparison.compare(lines, YEAR):
        yield _figure(compared, lines)


def reports(release: Release) -> Iterator[str]:
    """Where the reports of the release lie, written from its frozen files."""
    folder = settings.STATE_DIR / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    yield f"Reports of release {release.reference}:"
    for file in ReleaseFile.objects.filter(release=release, format="pdf").order_by("name"):
        path = Path(folder, file.name)
        path.write_bytes(bytes(file.content))
        yield f"  {path}"


def sign_ins() -> Iterator[str]:
    """One sign-in per role. All have the same password; nothing here is about a real child."""
    yield f"Sign in with one of these; the password of all is {people.PASSWORD}"
    for role, email, area in people.sign_ins():
        yield f"  {role:28} {email}{'  (' + area + ')' if area else ''}"
    yield "Those who reach records are asked for a code as well; this prints the one of the moment:"
    yield "  .venv/bin/python manage.py demo_code cora.coordinator@example.org"


def _figure(compared: Compared, lines: Sequence[Published]) -> str:
    line = compared.published
    verdict = "same" if compared.agrees else f"cannot be met: {_why(line, lines)}"
    return _row(line.scope, line.measure, _published(line), _counted(compared), verdict)


def _why(line: Published, lines: Sequence[Published]) -> str:
    """The contradiction that keeps a figure from being met, or that the records differ."""
    said = comparison.contradiction(lines, line.scope, "deaths reviewed", AGES)
    return f"the ages printed add up to {said}" if said and line.measure in AGES else "differs"


def _published(line: Published) -> str:
    parts = ["" if line.count is None else str(line.count)]
    parts.append("" if line.percent is None else f"{line.percent:g} %")
    return " ".join(part for part in parts if part)


def _counted(compared: Compared) -> str:
    if not compared.whole:
        return str(compared.counted)
    share = 100 * compared.counted / compared.whole
    return f"{compared.counted} of {compared.whole} ({share:.1f} %)"


def _row(scope: str, measure: str, published: str, counted: str, verdict: str) -> str:
    return f"  {scope:26} {measure:36} {published:>10}  {counted:>18}  {verdict}".rstrip()
