"""What is done with a briefing: written, kept place by place, checked, published, withdrawn.

Whoever wrote any of a version neither checks it nor keeps a place of it, and whoever checked it
does not publish it. Check and publication search the text again, with what the records know at that
moment: once before, so that the readings are recorded whatever comes of it, and once in the act.
What names somebody is never kept: it is not even saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.text import slugify
from django.utils.timezone import localdate

from cdop.core.audit import act
from cdop.core.jinja import count
from cdop.core.refusals import Refused, Stale, refuse_if, refuse_unless
from cdop.core.roles import Permission
from cdop.core.steps import create, edit, state_forbids, step
from cdop.learning import themes
from cdop.learning.briefing_models import Briefing, BriefingPlace, PublishedBriefing
from cdop.learning.briefing_pdf import lines_too_many
from cdop.learning.briefing_search import without_names
from cdop.learning.briefing_text import LABELS, Said, of
from cdop.learning.theme_models import Theme
from cdop.learning.theme_reviews import digest
from cdop.learning.theme_states import BriefingState
from cdop.panel.identifying import plain_text
from cdop.panel.paper_models import PlaceFound

if TYPE_CHECKING:
    from cdop.core.users import User

P = Permission
NOT_YOURS = "Your role does not write briefings."
NOT_SECOND = "Your role does not check or publish briefings."
CREATED, WRITTEN = "briefing.created", "briefing.written"
GONE = "This place is not in the briefing any more."


def begin(theme: Theme, said: Said, *, by: User) -> Briefing:
    """Write the first version of a new briefing. Raises Refused, NamesSomebody."""
    refuse_unless(by, P.LEARNING_MANAGE, otherwise=NOT_YOURS)
    said = _plain(said)
    found = _found(said, theme, by)
    with act():
        # All of them: an address is given once, whatever the theme.
        row = {each.pk: each for each in Theme.objects.select_for_update().order_by("pk")}[theme.pk]
        refuse_if(themes.why_not_change(row))
        made = Briefing(theme=row, address=_address(said.title), found=found, **said.texts)
        return create(made, by=by, action=CREATED)


def write(briefing: Briefing, said: Said, *, version: int, by: User) -> Briefing:
    """Write the version that is not published yet; one that was checked is checked again.

    Raises Stale, Refused, and NamesSomebody where it does: nothing of that is kept.
    """
    refuse_unless(by, P.LEARNING_MANAGE, otherwise=NOT_YOURS)
    said = _plain(said)
    found = _found(said, briefing.theme, by)
    with act():
        row = _locked(briefing, version)
        refuse_if(why_not_write(row))
        if row.state == BriefingState.CHECKED and said != of(row):
            row = _unchecked(row, by)
        changes: dict[str, Any] = said.texts | {"found": found}
        return edit(row, by=by, action=WRITTEN, **changes)


def begin_change(briefing: Briefing, *, version: int, by: User) -> Briefing:
    """Begin the next version; the one before stays public until this one is published."""
    with act():
        row = _locked(briefing, version)
        refuse_if(themes.why_not_change(row.theme))
        number: dict[str, Any] = {"number": row.number + 1, "checked_at": None, "checked_by": None}
        return step(row, BriefingState.DRAFT, by=by, version=version, **number)


def why_not_write(briefing: Briefing) -> str:
    """Why the text stays as it is; "" means that it can be written."""
    if briefing.state == BriefingState.PUBLISHED:
        return "This version is published, so it stays as it is. Begin a new version to change it."
    return themes.why_not_change(briefing.theme)


def writers_of(rows: Sequence[Briefing]) -> dict[int, set[int]]:
    """By the key of a briefing, those of the people who wrote any of the version written now."""
    numbers = {row.pk: row.number for row in rows}
    written = Briefing.history.filter(
        id__in=numbers, history_change_reason__in=(CREATED, WRITTEN)
    ).order_by()
    found: dict[int, set[int]] = {key: set() for key in numbers}
    for key, number, user in written.values_list("id", "number", "history_user"):
        if number == numbers[key]:
            found[key].add(user)
    return found


def writers(briefing: Briefing) -> set[int]:
    return writers_of([briefing])[briefing.pk]


def why_not_second(briefing: Briefing, user: User) -> str:
    """Why this person neither keeps a place nor checks: they wrote some of it."""
    if user.pk in writers(briefing):
        return "You wrote some of this version, so somebody else of the team checks it."
    return ""


def keep_place(briefing: Briefing, mark: str, why: str, *, version: int, by: User) -> BriefingPlace:
    """Keep a place that may be nothing, for a reason. Raises Stale, Refused."""
    refuse_unless(by, P.BRIEFINGS_PUBLISH, otherwise=NOT_SECOND)
    if not why.strip():
        raise Refused("Say why these words can stay.")
    with act():
        row = _locked(briefing, version)
        refuse_if(why_not_write(row))
        refuse_if(why_not_second(row, by), HTTPStatus.FORBIDDEN)
        place = next((each for each in row.places if each.mark == mark), None)
        if place is None:
            raise Refused(GONE)
        said: dict[str, Any] = {
            "words": place.words,
            "kind": place.kind,
            "why": why.strip(),
            "kept_at": timezone.now(),
            "kept_by": by,
        }
        there = BriefingPlace.objects.filter(briefing=row, mark=mark).first()
        if there:
            return edit(there, by=by, action="briefing.place_kept", **said)
        made = BriefingPlace(briefing=row, mark=mark, **said)
        return create(made, by=by, action="briefing.place_kept")


def kept_marks(briefing: Briefing) -> set[str]:
    """Marks of the places that somebody kept who wrote nothing of this version."""
    rows = BriefingPlace.objects.filter(briefing=briefing).exclude(kept_by__in=writers(briefing))
    return set(rows.values_list("mark", flat=True))


def undecided(briefing: Briefing) -> list[PlaceFound]:
    """The places of the last search that nobody kept yet."""
    kept = kept_marks(briefing)
    return [place for place in briefing.places if place.mark not in kept]


def why_not_check(briefing: Briefing, user: User) -> str:
    """Why this person cannot check the briefing as the last search left it."""
    if briefing.state != BriefingState.DRAFT:
        return f"This briefing is {briefing.state_label}."
    return (
        why_not_second(briefing, user)
        or too_long(lines_too_many(of(briefing)))
        or _why_open(undecided(briefing))
    )


def check(briefing: Briefing, *, version: int, by: User) -> Briefing:
    """A second person read it, and stands for it. Raises Stale, Refused."""
    refuse_unless(by, P.BRIEFINGS_PUBLISH, otherwise=NOT_SECOND)
    refuse_if(state_forbids(briefing, BriefingState.CHECKED))
    refuse_if(why_not_second(briefing, by), HTTPStatus.FORBIDDEN)
    _refuse_what_is_found(briefing, by)
    with act():
        row = _locked(briefing, version)
        refuse_if(why_not_second(row, by), HTTPStatus.FORBIDDEN)
        _refuse_what_is_found(row, by)
        stamps: dict[str, Any] = {"checked_at": timezone.now(), "checked_by": by}
        return step(row, BriefingState.CHECKED, by=by, version=version, **stamps)


def give_back(briefing: Briefing, *, version: int, by: User) -> Briefing:
    """A checked briefing is written on. Raises Stale, Refused."""
    with act():
        return _unchecked(_locked(briefing, version), by)


def why_not_publish(briefing: Briefing, user: User) -> str:
    """Why this person cannot publish the briefing."""
    if briefing.state != BriefingState.CHECKED:
        return f"This briefing is {briefing.state_label}, so it cannot be published."
    if briefing.checked_by_id == user.pk:
        return "You checked it, so somebody else of the team publishes it."
    return ""


def publish(briefing: Briefing, *, version: int, by: User) -> PublishedBriefing:
    """Publish what was checked, searched once more and frozen for good. Raises Stale, Refused."""
    refuse_unless(by, P.BRIEFINGS_PUBLISH, otherwise=NOT_SECOND)
    refuse_if(state_forbids(briefing, BriefingState.PUBLISHED))
    refuse_if(why_not_publish(briefing, by), HTTPStatus.FORBIDDEN)
    _refuse_what_is_found(briefing, by)
    with act():
        row = _locked(briefing, version)
        refuse_if(state_forbids(row, BriefingState.PUBLISHED))
        refuse_if(why_not_publish(row, by), HTTPStatus.FORBIDDEN)
        said = _refuse_what_is_found(row, by)
        checked_by = row.checked_by
        assert checked_by is not None  # the constraint on what is checked
        stamps: dict[str, Any] = {
            "published_number": row.number,
            "withdrawn_on": None,
            "why_withdrawn": "",
        }
        step(row, BriefingState.PUBLISHED, by=by, version=version, **stamps)
        made = PublishedBriefing(
            briefing=row,
            number=row.number,
            said=said.texts,
            digest=digest(said.texts),
            published_at=timezone.now(),
            checked_by=checked_by,
            published_by=by,
        )
        return create(made, by=by, action="briefing.version_published")


def withdraw(briefing: Briefing, *, why: str, version: int, by: User) -> Briefing:
    """Take a briefing off the public pages; its versions are kept. Raises Stale, Refused."""
    refuse_unless(by, P.BRIEFINGS_PUBLISH, otherwise=NOT_SECOND)
    if not why.strip():
        raise Refused("Say why it is withdrawn.")
    with act():
        row = _locked(briefing, version)
        if not row.is_public:
            raise Refused("This briefing is not public.")
        stamps: dict[str, Any] = {"withdrawn_on": localdate(), "why_withdrawn": why.strip()}
        return edit(row, by=by, version=version, action="briefing.withdrawn", **stamps)


def _unchecked(row: Briefing, by: User) -> Briefing:
    stamps: dict[str, Any] = {"checked_at": None, "checked_by": None}
    theme = row.theme
    row = step(row, BriefingState.DRAFT, by=by, version=row.version, **stamps)
    row.theme = theme
    return row


def _plain(said: Said) -> Said:
    return Said(**{name: plain_text(text).strip() for name, text in said.texts.items()})


def _found(said: Said, theme: Theme, by: User) -> list[dict[str, Any]]:
    """The places that may stay, as they are stored. Raises NamesSomebody."""
    return [asdict(place) for place in without_names(said.texts, theme, LABELS, by=by)]


def _refuse_what_is_found(row: Briefing, by: User) -> Said:
    """Search with what the records know by now; refuse what nobody settled, or what is too long."""
    said = of(row)
    like = without_names(said.texts, row.theme, LABELS, by=by)
    kept = kept_marks(row)
    refuse_if(_why_open([each for each in like if each.mark not in kept]))
    refuse_if(too_long(lines_too_many(said)))
    return said


def _why_open(places: list[PlaceFound]) -> str:
    if not places:
        return ""
    words = ", ".join(f"“{place.words}”" for place in places[:3])
    more = f" and {len(places) - 3} more" if len(places) > 3 else ""
    return (
        f"{count(len(places), 'place')} may let somebody recognise a child: {words}{more}. Each is "
        "written in another way, or kept with a reason by somebody who did not write this version."
    )


def too_long(lines: int) -> str:
    """By how much a briefing is too long, in a sentence; "" where it fits."""
    return f"This is too long for one page by about {count(lines, 'line')}." if lines else ""


def _address(title: str) -> str:
    """The place of a new briefing under /briefings/, out of its title."""
    plain = slugify(title)[:60].strip("-") or "briefing"
    taken = set(
        Briefing.objects.filter(address__startswith=plain).values_list("address", flat=True)
    )
    numbered = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (plain, *numbered) if each not in taken)


def _locked(briefing: Briefing, version: int) -> Briefing:
    themes.locked(briefing.theme)
    rows = Briefing.objects.select_for_update(of=("self",)).select_related("theme", "checked_by")
    row = rows.get(pk=briefing.pk)
    if row.version != version:
        raise Stale(row)
    return row
