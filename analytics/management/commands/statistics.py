"""``manage.py statistics``: print the statistics of a period to a file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analytics import compose, files
from analytics.forms import OFFERED
from analytics.models import USUAL_THRESHOLD, Release
from analytics.states import ReleaseState
from cdop.core.audit import record
from cdop.core.organisations import Area
from cdop.core.periods import Period
from cdop.core.refusals import Refused
from cdop.core.roles import Permission
from cdop.core.users import User

BASES = tuple(code for code, _ in OFFERED)


class Command(BaseCommand):
    help = (
        "Print the published release of a period, or a draft marked as not for publication. "
        "What is hidden is hidden in all tables together, whatever is chosen to be printed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", required=True, help="2014-15, or pooled 2010-11--2014-15")
        parser.add_argument("--quarter", help="1 to 4, of one year")
        parser.add_argument("--area", help="GSS code; without it Pan-Cheshire")
        parser.add_argument("--basis", help=f"only tables of one basis: {', '.join(BASES)}")
        parser.add_argument("--format", required=True, help=", ".join(files.FORMATS))
        parser.add_argument("--out", required=True, help="folder for the file")
        parser.add_argument("--unprotected", action="store_true", help="exact counts; needs --by")
        parser.add_argument("--by", help="e-mail address of the person who may see exact counts")

    def handle(self, *args: Any, **said: Any) -> None:
        kind, area, basis = _format(said["format"]), _area(said["area"]), _basis(said["basis"])
        period = _period(said["year"], said["quarter"])
        try:
            if said["unprotected"]:
                prefix, content = "official-sensitive-", _exact(period, _person(said["by"]))
            else:
                prefix, content = _protected(period)
        except Refused as refusal:
            raise CommandError(refusal.reason) from refusal
        path = Path(said["out"]) / f"{prefix}{files.name(content, kind, area, basis)}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_bytes(content, kind, area, basis))
        self.stdout.write(str(path))


def _bytes(content: Mapping[str, Any], kind: str, area: Area | None, basis: str) -> bytes:
    """The file as it was published where there is one, else made now from the same tables."""
    if not basis and (file := files.published(content["release"]["id"], kind, area)):
        return bytes(file.content)
    printed = compose.of_basis(content, basis) if basis else content
    return files.FORMATS[kind].render(printed, area.code if area else None)


def _protected(period: Period) -> tuple[str, dict[str, Any]]:
    """A prefix for the file's name, and what is published or, marked, what could be."""
    of_period = Release.objects.filter(period=str(period))
    if published := of_period.filter(state=ReleaseState.PUBLISHED).first():
        return "", json.loads(published.content)
    if waiting := of_period.open().first():
        return "draft-", compose.marked_as_draft(json.loads(waiting.content))
    content = compose.protected(compose.count(period), USUAL_THRESHOLD)
    return "draft-", compose.marked_as_draft(content)


def _exact(period: Period, by: User) -> dict[str, Any]:
    """Exact counts, recorded before they are made."""
    purpose = "printed with the command statistics"
    record("statistics.read_unprotected", f"exact counts of {period}", by=by, purpose=purpose)
    return compose.exact(compose.count(period))


def _person(email: str | None) -> User:
    """The person in whose name exact counts are printed, wearing the role that allows it."""
    if not email:
        raise CommandError("Exact counts are printed in somebody's name: add --by EMAIL.")
    for user in User.objects.filter(email__iexact=email):
        for holding in user.holdings_in_force():
            user.wear(holding)
            if user.can(Permission.STATISTICS_INTERNAL):
                return user
    raise CommandError(f"{email} may not see exact counts.")


def _period(year: str, quarter: str | None) -> Period:
    try:
        period = Period.parse(f"{year}-Q{quarter}" if quarter else year)
    except ValueError as problem:
        raise CommandError(str(problem)) from problem
    return period


def _format(kind: str) -> str:
    if kind in files.FORMATS:
        return kind
    offered = ", ".join(files.FORMATS)
    raise CommandError(f"There is no format “{kind}”. Choose one of {offered}.")


def _basis(basis: str | None) -> str:
    if basis is None or basis in BASES:
        return basis or ""
    raise CommandError(f"No table counts by “{basis}”. Choose one of {', '.join(BASES)}.")


def _area(code: str | None) -> Area | None:
    if code is None:
        return None
    if area := Area.objects.filter(code=code).first():
        return area
    known = ", ".join(f"{area.code} ({area.name})" for area in Area.objects.all())
    raise CommandError(f"There is no area “{code}”. The areas are {known}.")
