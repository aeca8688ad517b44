"""What is done with a recommendation: made, changed, accepted, declined, done, superseded."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localdate

from cdop import editions
from cdop.core import sealing, steps
from cdop.core.audit import act
from cdop.core.identifiers import new_reference
from cdop.core.organisations import Area
from cdop.core.refusals import Refused, Stale, refuse_if, refuse_unless
from cdop.core.roles import Permission
from cdop.learning import naming, progress, queries
from cdop.learning.models import LEVELS, Recommendation
from cdop.learning.states import ENDED, PointState, RecommendationState
from cdop.reviews.models import Finding

if TYPE_CHECKING:
    from cdop.core.users import User
    from cdop.panel.models import Meeting
    from cdop.reviews.analysis_models import Recommended

S = RecommendationState
NO_FACTOR = ("", "")
STILL_OPEN = "An action of it is open. Record first what became of it."


def make(
    *,
    words: str,
    level: str,
    to_whom: str,
    made_on: date,
    areas: Collection[Area] = (),
    meeting: Meeting | None = None,
    finding: Finding | None = None,
    factor: tuple[str, str] = NO_FACTOR,
    line: Recommended | None = None,
    looked_at: bool = False,
    by: User,
) -> Recommendation:
    """A recommendation of the panel. Raises Refused, having changed nothing.

    level      a code of the vocabulary of levels, of the edition in force on that day
    areas      none means all of them
    meeting    at which it was made; then it was made on the day of the meeting
    factor     edition and code of the factor that it is about, ("", "") for none
    line       of the finding, where it is taken up out of one
    looked_at  whether a person says that nothing in the words names a child or a family
    """
    refuse_unless(by, Permission.RECOMMENDATIONS_MANAGE, otherwise=progress.NOT_YOURS)
    said = _said(words, to_whom, level, made_on, areas, meeting, finding, factor)
    refuse_if(naming.why_not([words, to_whom], finding, looked_at=looked_at, by=by))
    with act():
        said |= {"reference": new_reference("W"), "data_key": sealing.new_key(), "line": line}
        row = Recommendation(**said)
        return steps.create(row, by=by, action="recommendation.made")


def take_up(
    line: Recommended,
    finding: Finding,
    *,
    words: str,
    level: str,
    to_whom: str,
    by: User,
    looked_at: bool = False,
) -> Recommendation:
    """Make a recommendation out of a line of a finding, of the day and meeting of that finding.

    Raises Refused where the finding is not signed off, or somebody took the line up already. It is
    about all areas: the one of a single death could point to the child.
    """
    with act():
        Finding.objects.select_for_update().get(pk=finding.pk)
        refuse_if(why_not_take_up(line, finding))
        return make(
            words=words,
            level=level,
            to_whom=to_whom,
            made_on=finding.item.meeting.held_on,
            meeting=finding.item.meeting,
            finding=finding,
            line=line,
            looked_at=looked_at,
            by=by,
        )


def why_not_take_up(line: Recommended, finding: Finding) -> str:
    """Why a line of a finding does not become a recommendation now; "" means that it can."""
    if finding.signed_off_at is None or line.analysis_id != finding.analysis_id:
        return "The finding is not signed off as it stands, so its recommendations can change yet."
    if Recommendation.objects.filter(line=line).exists():
        return "Somebody has taken this recommendation up already."
    return ""


def change(
    row: Recommendation,
    *,
    words: str,
    level: str,
    to_whom: str,
    made_on: date,
    areas: Collection[Area] = (),
    meeting: Meeting | None = None,
    finding: Finding | None = None,
    factor: tuple[str, str] = NO_FACTOR,
    looked_at: bool = False,
    by: User,
    version: int,
) -> Recommendation:
    """Put right what was recommended; what it said before stays in its history. Raises Stale."""
    refuse_unless(by, Permission.RECOMMENDATIONS_MANAGE, otherwise=progress.NOT_YOURS)
    said = _said(words, to_whom, level, made_on, areas, meeting, finding, factor)
    refuse_if(naming.why_not([words, to_whom], finding, looked_at=looked_at, by=by))
    if finding is not None and finding.pk != row.finding_id:
        refuse_if(naming.why_not(_said_so_far(row), finding, looked_at=True, by=by))
    with act():
        held = Recommendation.objects.held(row.pk)
        if held.version != version:
            raise Stale(held)
        if any(on < said["made_on"] for on in (held.accepted_on, held.ended_on) if on):
            raise Refused("It was answered before this day. Take that back first.")
        return steps.edit(held, by=by, version=version, **said)


def accept(
    row: Recommendation, *, accepted_on: date, accepted_by: str, by: User, version: int
) -> Recommendation:
    """Those to whom it goes have accepted it. Raises Stale, Refused."""
    if not accepted_by.strip():
        raise Refused("Say who accepted it.")
    refuse_if(_why_not_on(row, accepted_on))
    said: dict[str, Any] = {"accepted_on": accepted_on, "accepted_by": accepted_by.strip()}
    with act():
        held = Recommendation.objects.held(row.pk)
        refuse_unless(by, Permission.RECOMMENDATIONS_MANAGE, otherwise=progress.NOT_YOURS)
        if held.version != version:
            raise Stale(held)
        refuse_if(why_not_accept(held))
        return steps.step(held, S.ACCEPTED, by=by, version=version, **said)


def why_not_accept(row: Recommendation) -> str:
    """Why it cannot be accepted now; "" means that it can. What ended is first taken back."""
    return "" if row.state == S.MADE else f"This recommendation is {row.state_label}."


def decline(
    row: Recommendation,
    *,
    ended_on: date,
    outcome: str,
    by: User,
    version: int,
    looked_at: bool = False,
) -> Recommendation:
    """They will not do it, and why. Its open actions are dropped with it. Raises Stale, Refused."""
    return _end(row, S.DECLINED, ended_on, outcome, by, version, looked_at)


def done(
    row: Recommendation,
    *,
    ended_on: date,
    outcome: str,
    by: User,
    version: int,
    looked_at: bool = False,
) -> Recommendation:
    """It is done, and what shows that. Refused while an action of it is open. Raises Stale."""
    return _end(row, S.DONE, ended_on, outcome, by, version, looked_at)


def supersede(
    row: Recommendation,
    *,
    ended_on: date,
    outcome: str,
    superseded_by: Recommendation | None,
    by: User,
    version: int,
    looked_at: bool = False,
) -> Recommendation:
    """Another one, or something else, has taken its place. Raises Stale, Refused."""
    if superseded_by is not None and superseded_by.pk == row.pk:
        raise Refused("A recommendation does not take its own place.")
    other = {"superseded_by": superseded_by}
    return _end(row, S.SUPERSEDED, ended_on, outcome, by, version, looked_at, **other)


def take_back(row: Recommendation, *, by: User, version: int) -> Recommendation:
    """What was recorded last was wrong, or holds no more. Raises Stale, Refused.

    What ended goes on; what was only accepted is not answered. Actions that were dropped with it
    stay dropped, each to be opened again by itself.
    """
    with act():
        held = Recommendation.objects.held(row.pk)
        if held.state in ENDED:
            gone: dict[str, Any] = {"ended_on": None, "outcome": "", "superseded_by": None}
            to = S.ACCEPTED if held.accepted_on else S.MADE
            return steps.step(held, to, by=by, version=version, **gone)
        gone = {"accepted_on": None, "accepted_by": ""}
        return steps.step(held, S.MADE, by=by, version=version, **gone)


def _end(
    row: Recommendation,
    to: RecommendationState,
    ended_on: date,
    outcome: str,
    by: User,
    version: int,
    looked_at: bool,
    **stamps: Any,
) -> Recommendation:
    if not outcome.strip():
        raise Refused("Say what shows that it is done." if to == S.DONE else "Say why.")
    refuse_if(_why_not_on(row, ended_on))
    refuse_if(naming.why_not([outcome], row.finding, looked_at=looked_at, by=by))
    stamps |= {"ended_on": ended_on, "outcome": outcome.strip()}
    with act():
        held = Recommendation.objects.held(row.pk)
        open_points = list(held.action_points.filter(state=PointState.OPEN))
        if to == S.DONE and open_points:
            raise Refused(STILL_OPEN)
        ended = steps.step(held, to, by=by, version=version, **stamps)
        why = f"With the recommendation, which was {ended.state_label}."
        for point in open_points:
            steps.step(point, PointState.DROPPED, by=by, settled_on=ended_on, outcome=why)
    return ended


def _said(
    words: str,
    to_whom: str,
    level: str,
    made_on: date,
    areas: Collection[Area],
    meeting: Meeting | None,
    finding: Finding | None,
    factor: tuple[str, str],
) -> dict[str, Any]:
    """The columns that a person decides, checked. Raises Refused."""
    if not (words.strip() and to_whom.strip()):
        raise Refused("Say what is recommended, and to whom.")
    on = meeting.held_on if meeting else made_on
    if on > localdate():
        raise Refused("It was made today or in the past.")
    edition = editions.in_force(on)
    if level not in {term.code for term in edition.vocabularies[LEVELS].choices}:
        raise Refused("Choose one of the levels.")
    if factor != NO_FACTOR and ":".join(factor) not in dict(queries.factors()):
        raise Refused("Choose one of the factors of the guidance.")
    return {
        "words": words.strip(),
        "to_whom": to_whom.strip(),
        "areas": " ".join(area.pk for area in Area.objects.all() if not areas or area in areas),
        "level": level,
        "edition": edition.code,
        "made_on": on,
        "meeting": meeting,
        "finding": finding,
        "factor_edition": factor[0],
        "factor": factor[1],
    }


def _said_so_far(row: Recommendation) -> list[str]:
    """All that was written under it: another record may know what is in it for a name."""
    said = [row.outcome]
    for words in (
        row.action_points.values_list("words", "outcome"),
        row.letters.values_list("words"),
        row.responses.values_list("words"),
        row.progress.values_list("words"),
    ):
        said += [text for each in words for text in each]
    return said


def _why_not_on(row: Recommendation, on: date) -> str:
    """Why nothing can have become of it on that day."""
    if not max(row.made_on, row.accepted_on or row.made_on) <= on <= localdate():
        return "This was between the day on which it was made, or accepted, and today."
    return ""
