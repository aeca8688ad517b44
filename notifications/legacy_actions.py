"""Bringing earlier cases in: read, look, then all in one act; undone while nobody changed any."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cdop.cases import actions as cases
from cdop.cases import confirmation, earlier
from cdop.cases.models import Case
from cdop.cases.states import CaseState
from cdop.core import sealing, steps
from cdop.core.audit import AuditEntry, Job, act, record
from cdop.core.identifiers import new_reference
from cdop.core.refusals import Refused, refuse_if, refused_if_overtaken
from cdop.core.roles import Permission
from cdop.rapid_response import actions as rapid_response
from notifications import (
    intake,
    legacy_archives,
    legacy_checks,
    legacy_counts,
    legacy_documents,
    legacy_files,
)
from notifications.legacy_alike import reference_trace
from notifications.legacy_archives import Bundle, NotUsable
from notifications.legacy_cases import EarlierCase
from notifications.legacy_checks import Checked, Choices
from notifications.legacy_counts import Place
from notifications.legacy_models import LegacyCase, LegacyImport
from notifications.legacy_problems import Problem
from notifications.legacy_states import ImportState
from notifications.models import Notification
from notifications.states import NotificationState

if TYPE_CHECKING:
    from cdop.core.users import User

NEEDED = (Permission.CASES_MANAGE, Permission.NOTIFICATIONS_TRIAGE)
A_READ = ".read"
MOST_NAMED = 20
GONE = "The file of this import is gone: it is kept for a day. Read it again."
THIS_VERY_FILE = "This very file was brought in"
MEANWHILE = (
    "Somebody opened or brought in a case while the rows were compared with those that are here. "
    "Bring them in once more: they are compared anew."
)
LOOKS_ALIKE = "rows look like another child. Say of each whether it is brought in or left out."

Progress = Callable[[int, int], None]


def silent(done: int, of: int) -> None:
    """Say nothing of how far an import is."""


def read(
    content: bytes,
    *,
    by: User | Job,
    now: datetime | None = None,
    archive: bytes | None = None,
) -> LegacyImport:
    """Read a sheet, keep it sealed for a day, and say what was found in it.

    archive  a ZIP with the files that its rows name, kept with it
    Raises NotASheet or NotAnArchive where one of them cannot be read, Refused where the person may
    not or where this very sheet was brought in already.
    """
    refuse_if(_why_not(by), HTTPStatus.FORBIDDEN)
    refuse_if(why_not_read(content, by))
    now = now or timezone.now()
    checked = legacy_checks.check(content, now, by=by, bundle=_bundle(archive))
    with act():
        batch = _started(content, checked, now, by)
        legacy_files.keep(batch, content, checked, archive)
    return batch


def _bundle(archive: bytes | None) -> Bundle:
    return legacy_archives.NONE if archive is None else legacy_archives.in_zip(archive)


def choose(batch: LegacyImport, choices: Choices, *, by: User) -> None:
    """Say of rows that look like another child whether they are brought in or left out.

    What is said holds while the row is like what it was like then; see ``legacy_checks.choice``.
    """
    refuse_if(_why_not(by), HTTPStatus.FORBIDDEN)
    file = legacy_files.of(batch)
    if file is None:
        raise Refused(GONE)
    legacy_files.choose(file, choices)


def bring_in(batch: LegacyImport, *, by: User, version: int) -> LegacyImport:
    """Bring every chosen row of a file in, all in one act. Raises Refused or Stale."""
    refuse_if(_why_not(by), HTTPStatus.FORBIDDEN)
    file = legacy_files.of(batch)
    if file is None:
        raise Refused(GONE)
    bundle = _bundle(file.archive)
    checked = legacy_checks.check(file.content, timezone.now(), by=by, bundle=bundle)
    if why := why_not_bring_in(checked, file.choices):
        legacy_files.find_again(file, checked)  # a case that came in meanwhile may look alike
        raise Refused(why)
    with act():
        refuse_if(_why_not_now(batch.fingerprint, checked))
        done = _write(batch, checked, file.choices, _bundle(file.archive), by=by, version=version)
        legacy_files.remove(batch)
    return done


def bring_in_at_once(
    content: bytes,
    checked: Checked,
    choices: Choices,
    *,
    by: User | Job,
    bundle: Bundle = legacy_archives.NONE,
    progress: Progress = silent,
) -> LegacyImport:
    """Bring in a sheet that was checked just now and is not kept: what the command does."""
    refuse_if(_why_not(by), HTTPStatus.FORBIDDEN)
    refuse_if(why_not_read(content, by))
    refuse_if(why_not_bring_in(checked, choices))
    with act():
        refuse_if(_why_not_now(_fingerprint(content), checked))
        batch = _started(content, checked, timezone.now(), by)
        return _write(batch, checked, choices, bundle, by=by, progress=progress)


def leave(batch: LegacyImport, *, by: User, version: int) -> LegacyImport:
    """Bring nothing in; the file is removed."""
    with act():
        legacy_files.remove(batch)
        stamps: dict[str, Any] = {"decided_at": timezone.now(), "decided_by": by}
        return steps.step(batch, ImportState.LEFT, by=by, version=version, **stamps)


def undo(batch: LegacyImport, *, by: User, version: int, reason: str) -> LegacyImport:
    """Withdraw every case of an import, all in one act; nothing is removed.

    Raises Refused where anything of it was changed since, or where no reason is given.
    """
    refuse_if(_why_not(by), HTTPStatus.FORBIDDEN)
    if not reason.strip():
        raise Refused("Say why the import is undone.")
    with act():
        stamps: dict[str, Any] = {"undone_at": timezone.now(), "undone_by": by}
        row = steps.step(batch, ImportState.UNDONE, by=by, version=version, reason=reason, **stamps)
        refuse_if(why_not_undo(batch))
        why = f"Import {batch} was undone. {reason.strip()}"
        for each in batch.cases.select_related("case"):
            earlier.take_out(each.case, reason=why, by=by)
        # Each case was held as it went out. What somebody was writing meanwhile is in the chain by
        # now, and what is written here is not yet.
        refuse_if(why_not_undo(batch))
    return row


def tell_totals(
    batch: LegacyImport, year: str, totals: Mapping[Place, int], *, by: User, version: int
) -> LegacyImport:
    """Keep the old system's totals of one year, over what was said of that year before."""
    refuse_if(_why_not(by), HTTPStatus.FORBIDDEN)
    others = legacy_counts.read(batch.old_totals)
    kept = {place: number for place, number in others.items() if place[0] != year} | dict(totals)
    return steps.edit(batch, by=by, version=version, old_totals=legacy_counts.kept(kept))


def why_not_read(content: bytes, by: User | Job) -> str:
    """Why this person cannot have this file read; "" means they can."""
    if why := _why_not(by):
        return why
    return _why_not_again(_fingerprint(content))


def _why_not_again(fingerprint: str) -> str:
    done = LegacyImport.objects.filter(fingerprint=fingerprint, state=ImportState.IMPORTED)
    return f"{THIS_VERY_FILE} already: import {there}." if (there := done.first()) else ""


def _why_not_now(fingerprint: str, checked: Checked) -> str:
    """Why what was checked before this act no longer holds in it; "" means that it does.

    All imports that wait are locked until the act ends, so that one after the other is written and
    the second finds the cases of the first.
    """
    list(LegacyImport.objects.select_for_update().filter(state=ImportState.CHECKED).order_by("pk"))
    if why := _why_not_again(fingerprint):
        return why
    return "" if legacy_checks.newest_case() == checked.newest else MEANWHILE


def why_not_bring_in(checked: Checked, choices: Choices) -> str:
    """Why nothing of the file is brought in now; "" means all of it can be."""
    if checked.problems:
        return f"Nothing is brought in while something is wrong with {_what(checked.problems)}."
    if undecided := checked.undecided(choices):
        return f"{len(undecided):,} {LOOKS_ALIKE}"
    return "" if checked.chosen(choices) else "Every row is left out, so there is nothing to do."


def _what(problems: Sequence[Problem]) -> str:
    """What something is wrong with, such as "2 rows"."""
    lines = len({problem.line for problem in problems} - {legacy_documents.OF_NO_LINE})
    if not lines:
        return "the files"
    return "1 row" if lines == 1 else f"{lines:,} rows"


def _started(content: bytes, checked: Checked, now: datetime, by: User | Job) -> LegacyImport:
    batch = LegacyImport(
        reference=new_reference("B"),
        fingerprint=_fingerprint(content),
        read_at=now,
        read_by=None if isinstance(by, Job) else by,
        rows=checked.rows,
        report=checked.report,
        counts=legacy_counts.kept(legacy_checks.counts(checked)),
        old_totals=legacy_counts.kept(checked.old_totals),
    )
    return steps.create(batch, by=by)


def _write(
    batch: LegacyImport,
    checked: Checked,
    choices: Choices,
    bundle: Bundle,
    *,
    by: User | Job,
    version: int | None = None,
    progress: Progress = silent,
) -> LegacyImport:
    """Write every case, then the step of the import, which is the last entry of the act."""
    chosen, now = checked.chosen(choices), timezone.now()
    stamps: dict[str, Any] = {
        "decided_at": now,
        "decided_by": None if isinstance(by, Job) else by,
        "brought_in": len(chosen),
        "counts": legacy_counts.kept(legacy_counts.count(chosen)),
    }
    for done, row in enumerate(chosen, start=1):
        notification = _write_case(row, batch, by, now)
        _keep_files(row, notification, bundle, by)
        progress(done, len(chosen))
    with refused_if_overtaken(f"{THIS_VERY_FILE} at this moment by somebody else."):
        return steps.step(batch, ImportState.IMPORTED, by=by, version=version, **stamps)


def _write_case(
    row: EarlierCase, batch: LegacyImport, by: User | Job, now: datetime
) -> Notification:
    reason = f"import {batch}, line {row.line}"
    notification = intake.receive(
        row.answers, edition=row.edition, route=intake.Route.LEGACY, by=by, at=row.notified_at
    )
    case = _case(row, notification, reason, by)
    if row.is_open:
        _go_on(case, row, batch, reason, by, now)
    steps.step(
        notification,
        NotificationState.ACCEPTED,
        by=by,
        case=case,
        decided_at=timezone.now(),
        decided_by=None if isinstance(by, Job) else by,
        decision_note=f"Brought in with {reason}",
        reason=reason,
    )
    steps.create(
        LegacyCase(
            case=case,
            batch=batch,
            line=row.line,
            old_reference=reference_trace(row.old_reference),
            returns=[each.kept for each in row.returns],
            time_given=row.time_given,
        ),
        by=by,
        reason=reason,
    )
    record("case.imported", case, by=by, after={"import": str(batch), "line": row.line})
    return notification


def _keep_files(
    row: EarlierCase, notification: Notification, bundle: Bundle, by: User | Job
) -> None:
    """Seal the files of a row under the key of its notification, which shows them."""
    try:
        legacy_documents.keep(row.files, bundle, notification.data_key, by=by)
    except NotUsable as why:
        raise Refused(f"A file of line {row.line} cannot be taken now. {why}") from why


def _case(row: EarlierCase, notification: Notification, reason: str, by: User | Job) -> Case:
    """The case as it stood."""
    shared: dict[str, Any] = {
        "answers": row.answers,
        "edition": row.edition,
        "area": row.area,
        "in_scope": row.in_scope,
        "notified_at": row.notified_at,
        "time_known": row.time_given,
        "by": by,
        **row.times._asdict(),
    }
    if row.found:
        return earlier.bring_in(**shared, found=row.found, closed_at=row.closed_at, reason=reason)
    return cases.open_case(**shared, source=notification.reference, at=row.notified_at)


def _go_on(
    case: Case, row: EarlierCase, batch: LegacyImport, reason: str, by: User | Job, now: datetime
) -> None:
    """What an open case needs to go on here: its checklist, told of now, and whether it is true."""
    rapid_response.start(case, by=by, told_at=now, told_by=batch.reference)
    if row.confirmed:
        confirmation.confirmed_before(case, batch.reference, by=by, reason=reason)
    if row.stage == CaseState.READY:
        cases.make_ready(case, by=by)


def _why_not(by: User | Job) -> str:
    if isinstance(by, Job) or all(by.can(each) for each in NEEDED):
        return ""
    return "Your role does not bring in earlier cases."


def _fingerprint(content: bytes) -> str:
    return sealing.token("legacy file", hashlib.sha256(content).hexdigest())


def why_not_undo(batch: LegacyImport) -> str:
    """Why an import cannot be undone any more; "" means it can."""
    if not (changed := _changed_since(batch)):
        return ""
    lines = batch.cases.filter(case__in=changed).order_by("line").values_list("line", flat=True)
    first = ", ".join(str(line) for line in lines[:MOST_NAMED])
    more = f" and {len(lines) - MOST_NAMED:,} more" if len(lines) > MOST_NAMED else ""
    return (
        "Somebody has worked on cases of this import since, so it stays. They came from lines "
        f"{first}{more}."
    )


def _changed_since(batch: LegacyImport) -> set[int]:
    """The cases of which anything was written since they were brought in, by the audit chain.

    The step of the import is the last entry of the act that wrote them. A reading is no change.
    """
    brought_in = AuditEntry.objects.filter(
        subject=f"legacyimport:{batch.pk}", action=f"legacyimport.{ImportState.IMPORTED}"
    ).latest("number")
    later = AuditEntry.objects.filter(
        number__gt=brought_in.number, case_number__in=batch.cases.values("case")
    )
    found = later.exclude(action__endswith=A_READ).values_list("case_number", flat=True)
    return {case for case in found if case is not None}
