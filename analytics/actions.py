"""Draft, approve, publish, withdraw: everything that changes a release."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from analytics import auditor, compose, files, release_json, rules, telling
from analytics.models import USUAL_THRESHOLD, Release, ReleaseFile
from analytics.renderers import layout
from analytics.states import ReleaseState
from cdop.core.audit import act, record
from cdop.core.identifiers import new_reference
from cdop.core.refusals import Refused, refuse_if, refused_if_overtaken
from cdop.core.roles import Permission
from cdop.core.steps import create, person_may_not, state_forbids, step

if TYPE_CHECKING:
    from analytics.compose import Counted
    from cdop.core.periods import Period
    from cdop.core.users import User

OVERTAKEN = (
    "Somebody else drafted or published a release at the same moment. Look at the list of "
    "releases, then try again."
)


def draft(period: Period, *, by: User, threshold: int = USUAL_THRESHOLD) -> Release:
    """Count, check, protect and freeze the tables of ``period``.

    Raises Refused, having saved nothing, where a release of the period is on its way already,
    the tables do not add up, too little changed since a published version, or the tables cannot
    be protected.
    """
    if not by.can(Permission.RELEASES_DRAFT):
        raise Refused("Your role does not draft releases.", HTTPStatus.FORBIDDEN)
    refuse_if(rules.why_not_draft(period))
    earlier = list(Release.objects.ledger().filter(period=str(period)))
    counted = compose.count(period)
    refuse_if(rules.too_little_changed(counted, threshold, earlier))
    release = Release(
        reference=new_reference("R"),
        period=str(period),
        number=len(earlier) + 1,
        supersedes=earlier[-1] if earlier else None,
        threshold=threshold,
        drafted_at=timezone.now(),
        drafted_by=by,
    )
    _freeze(release, counted, earlier)
    with refused_if_overtaken(OVERTAKEN):
        return create(release, by=by, action="release.drafted")


def _freeze(release: Release, counted: Counted, earlier: Sequence[Release]) -> None:
    """Fill in what was counted, protected."""
    content = compose.protected(
        counted,
        release.threshold,
        earlier,
        reference=release.reference,
        number=release.number,
        before=release.supersedes,
    )
    release.content = release_json.dumps(content)
    release.rules = layout.how_to_read(content)
    release.editions = " ".join(content["release"]["editions"])
    release.synthetic = content["release"]["synthetic"]
    release.snapshot = counted.cube.snapshot
    release.counted_at = counted.cube.counted_at
    release.checks = "\n".join(counted.checks)


def approve(release: Release, *, by: User) -> Release:
    """Approve a release that somebody else drafted."""
    if release.drafted_by_id == by.pk:
        raise Refused(rules.DRAFTED_BY_YOU, HTTPStatus.FORBIDDEN)
    return step(release, ReleaseState.APPROVED, by=by, approved_at=timezone.now(), approved_by=by)


def withdraw(release: Release, *, by: User, reason: str) -> Release:
    """Take a release that is not published yet out of the way."""
    return step(
        release,
        ReleaseState.WITHDRAWN,
        by=by,
        reason=reason,
        withdrawn_at=timezone.now(),
        withdrawn_by=by,
        withdrawn_because=reason,
    )


def publish(release: Release, *, by: User) -> Release:
    """Audit the release, make its files and publish it; the version before is superseded.

    Raises Refused, having published nothing, where the audit finds a hidden count that can be
    worked out, or comes to no answer.
    """
    _refuse_unless(release, ReleaseState.PUBLISHED, by)
    ledger = list(Release.objects.ledger())
    refuse_if(rules.overlapping(release.months, ledger))
    stamps = {
        "evidence": _audited(release),
        "published_at": timezone.now(),
        "published_by": by,
        # Of two releases looked at beside the same ledger only one can take the next place.
        "ledger_place": len(ledger) + 1,
    }
    made = files.render(release)
    with refused_if_overtaken(OVERTAKEN):
        return _publish(release, made, by, stamps)


def _publish(
    release: Release, made: Sequence[ReleaseFile], by: User, stamps: Mapping[str, Any]
) -> Release:
    with act():
        if release.supersedes:
            step(release.supersedes, ReleaseState.SUPERSEDED, by=by)
        published = step(release, ReleaseState.PUBLISHED, by=by, **stamps)
        ReleaseFile.objects.bulk_create(made)
        fingerprints = {file.name: file.sha256 for file in made}
        record("release.files_made", published, by=by, after=fingerprints)
        telling.tell_readers(published, by=by)
    return published


def _audited(release: Release) -> str:
    """What the auditor says of the very text that is published, in a sentence."""
    content = json.loads(release.content)
    try:
        breaches = auditor.audit(content)
    except auditor.AuditFailed as unanswered:
        raise Refused(f"The last check came to no answer. {unanswered}") from unanswered
    if breaches:
        found = " ".join(map(str, breaches))
        raise Refused(f"The last check found what a reader could work out. {found}")
    return (
        f"None of the {len(compose.hidden_cells(content))} hidden counts can be worked out: each "
        f"may be {release.threshold} or more, and at least {release.threshold} values are open."
    )


def _refuse_unless(release: Release, to: ReleaseState, by: User) -> None:
    """Ask before the work begins; ``step`` asks again, with the row locked."""
    refuse_if(state_forbids(release, to))
    refuse_if(person_may_not(release, to, by), HTTPStatus.FORBIDDEN)
