"""Letters that give one service or commissioner its own figures of the first weeks.

Each is a disclosure to that recipient: exact counts, marked, frozen with the letter and recorded.
It holds what the addressee answers for and nothing else: no reference, no date, no age, no place
below the area, no reason in anybody's words, no figures of another area, and never less than a
year, so that what it says of a single child is no more than the addressee knew of that death.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from cdop.core import steps
from cdop.core.audit import act, record
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.identifiers import new_reference
from cdop.core.organisations import Area, Organisation, OrganisationKind
from cdop.core.periods import Period
from cdop.core.records import Record
from cdop.core.refusals import Refused, refuse_if
from cdop.core.roles import Permission
from cdop.rapid_response import compliance, response_counts
from cdop.rapid_response.compliance import Done, Visits
from cdop.rapid_response.compliance_tables import share
from cdop.rapid_response.response_counts import Answers
from cdop.rapid_response.states import LETTER_STEPS, LetterState

if TYPE_CHECKING:
    from cdop.core.users import User

LEAST_MONTHS = 12
EVERYWHERE = "Cheshire East, Cheshire West and Chester, Halton and Warrington"
K = OrganisationKind
OWN: Mapping[OrganisationKind, tuple[str, ...]] = {
    K.ACUTE_TRUST: ("emergency_department", "consultant", "radiology", "health_lead", "trust"),
    K.COMMUNITY_TRUST: ("health_lead", "key_worker", "designated_doctor"),
    K.AMBULANCE: ("ambulance",),
    K.POLICE: ("police",),
    K.SOCIAL_CARE: ("social_care",),
    K.CORONER: ("coroner", "pathologist"),
    K.COMMISSIONER: (
        "emergency_department",
        "consultant",
        "radiology",
        "health_lead",
        "designated_doctor",
        "key_worker",
        "trust",
    ),
}
"""Whose tasks each kind of organisation answers for, by the codes of the editions' leads."""
VISITS_FOR = (K.ACUTE_TRUST, K.COMMUNITY_TRUST, K.POLICE, K.COMMISSIONER)
AMBULANCE_FOR = (K.AMBULANCE, K.COMMISSIONER)


@dataclass(frozen=True)
class Section:
    """One table of a letter, all of it text: what it counts, its columns and its rows."""

    heading: str
    basis: str
    head: list[str]
    rows: list[list[str]]


class Letter(Record):
    """One letter of figures: to whom, about which months and area, its figures as they were.

    ``figures`` are sections as ``Section`` has them. They never change: a letter that is wrong is
    discarded, or followed by another.
    """

    STEPS = LETTER_STEPS

    reference = models.CharField(max_length=20, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    attention = models.CharField(max_length=200)
    period = models.CharField(max_length=40)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    purpose = models.TextField()
    figures = models.JSONField()
    state = models.CharField(max_length=20, default=LetterState.WRITTEN)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    settled_on = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        name: Note(meaning, "", sensitivity, Seen.TEAM)
        for name, meaning, sensitivity in [
            ("reference", "What the letter is called", Sensitivity.NONE),
            ("organisation", "To which organisation", Sensitivity.NONE),
            ("attention", "To whom there, by role or name", Sensitivity.STAFF),
            ("period", "Deaths of which months it counts", Sensitivity.NONE),
            ("area", "Children of which area, if one", Sensitivity.NONE),
            ("purpose", "What it is for, as the letter says", Sensitivity.NONE),
            ("figures", "Its figures as they were: exact, small counts", Sensitivity.PERSONAL),
            ("state", "Where it stands", Sensitivity.NONE),
            ("written_at", "When it was written", Sensitivity.NONE),
            ("written_by", "Who wrote it", Sensitivity.STAFF),
            ("settled_on", "When it was sent or discarded", Sensitivity.NONE),
            ("note", "How it was sent, or why not", Sensitivity.NONE),
        ]
    }

    class Meta:
        ordering: ClassVar = ["-written_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="letter_settled_when_and_how",
                condition=Q(state="written", settled_on=None)
                | (~Q(state="written") & Q(settled_on__isnull=False) & ~Q(note="")),
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def state_label(self) -> str:
        return LetterState(self.state).label

    @property
    def place(self) -> str:
        """Which children it counts, by where they lived."""
        return str(self.area) if self.area_id else EVERYWHERE

    @property
    def sections(self) -> list[Section]:
        return [Section(**each) for each in self.figures]


def why_not_write(organisation: Organisation, period: Period, area: Area | None) -> str:
    """Why this addressee cannot be given figures of these months and this area; "" means it can."""
    if OrganisationKind(organisation.kind) not in OWN:
        return (
            f"The checklists ask nothing of an organisation of this kind ({organisation.kind_label}"
            "), so there are no figures of its own."
        )
    if len(period) < LEAST_MONTHS:
        return "A letter counts a year or more: a shorter time would point at single children."
    if organisation.area_id and (area is None or area.pk != organisation.area_id):
        return f"{organisation} serves {organisation.area}, so its letter counts that area alone."
    return ""


def write(
    organisation: Organisation,
    period: Period,
    area: Area | None,
    *,
    by: User,
    attention: str,
    purpose: str,
    at: datetime | None = None,
) -> Letter:
    """Write a letter: its figures are counted now, and stay as they are.

    Raises Refused where the role does not give figures out, the addressee cannot be given these,
    or there is nothing to tell.
    """
    if not by.can(Permission.STATISTICS_INTERNAL):
        raise Refused("Your role does not give figures out.", HTTPStatus.FORBIDDEN)
    refuse_if(why_not_write(organisation, period, area))
    at = at or timezone.now()
    with act():
        sections = figures(OrganisationKind(organisation.kind), period, area, at)
        if not sections:
            raise Refused("After the deaths of these months nothing was asked of this addressee.")
        return steps.create(
            Letter(
                reference=new_reference("D"),
                organisation=organisation,
                attention=attention,
                period=str(period),
                area=area,
                purpose=purpose,
                figures=[asdict(section) for section in sections],
                written_at=at,
                written_by=by,
            ),
            by=by,
        )


def write_to_all(
    organisations: Iterable[Organisation],
    period: Period,
    area: Area | None,
    *,
    by: User,
    attention: str,
    purpose: str,
) -> list[Letter]:
    """Write to several organisations by one act, each with its own figures: all letters, or none.

    area  None for the area that each of them serves, all four together where it serves no one area
    Raises Refused, which names the organisation where there are several.
    """
    tell = partial(write, by=by, attention=attention, purpose=purpose, at=timezone.now())
    made = []
    with act():
        for each in organisations:
            try:
                made.append(tell(each, period, area or each.area))
            except Refused as refused:
                raise Refused(f"{each}: {refused.reason}", refused.status) from refused
    return made


def figures(
    kind: OrganisationKind, period: Period, area: Area | None, now: datetime
) -> list[Section]:
    """What an organisation of this kind is told; a section that counts no death is left out."""
    counted = compliance.deaths(period, area)
    visited = compliance.visits(counted)[-1][1] if kind in VISITS_FOR else Visits()
    ambulance = response_counts.first_hours(counted)[0] if kind in AMBULANCE_FOR else None
    tasks = compliance.tasks(counted, now, leads=OWN[kind]).each
    sections = [
        _visits(visited) if visited.asked else None,
        _ambulance(ambulance) if ambulance and ambulance.of else None,
        _tasks(tasks) if tasks else None,
    ]
    return [section for section in sections if section]


def _visits(each: Visits) -> Section:
    rows = [
        ("A visit was indicated", each.indicated, each.asked),
        ("It was made by police and a health professional together", each.jointly, each.indicated),
        ("It was made by the police alone", each.police, each.indicated),
        ("It was made by a health professional alone", each.health, each.indicated),
        ("It was made by nobody", each.none, each.indicated),
        ("It was made within 24 hours of the death", each.within_a_day, each.made),
        ("No visit was indicated", each.not_indicated, each.asked),
        ("It is not recorded whether there was one", each.not_recorded, each.asked),
    ]
    return Section(
        "The visit to the home, or the place where the child died",
        "Deaths whose checklist asks for a visit. Who visited is counted over the deaths for which "
        "a visit was indicated, how soon over the visits that were made.",
        ["", "Deaths"],
        [[label, share(part, of)] for label, part, of in rows],
    )


def _ambulance(each: Answers) -> Section:
    rows = [
        ("The protocol was followed", each.yes, each.known),
        ("It was not followed", each.no, each.known),
        ("It did not apply", each.not_applicable, each.of),
        ("It is not known, or not recorded", each.not_known + each.not_recorded, each.of),
    ]
    return Section(
        "The protocol of the ambulance service",
        "Deaths that are not known to have been expected. Whether it was followed is counted over "
        "the deaths of which that is known.",
        ["", "Deaths"],
        [[label, share(part, of)] for label, part, of in rows],
    )


def _tasks(rows: list[Done]) -> Section:
    return Section(
        "The tasks of the checklist",
        "Due: deaths after which the task applied, and its time has come or it is settled. A task "
        "is judged by when it was done. The hours are the median from the death, where done.",
        ["Task", "Due", "In time", "Late", "Not done", "Still open", "Hours"],
        [
            [
                each.label,
                str(each.due),
                str(each.in_time),
                str(each.late),
                str(each.not_done),
                str(each.overdue + each.due_before),
                "" if each.median_hours is None else f"{each.median_hours:.1f}",
            ]
            for each in rows
            if each.due
        ],
    )


def settle(
    letter: Letter, to: LetterState, *, by: User, version: int, on: date, note: str
) -> Letter:
    """It was sent on a day and how, or discarded and why."""
    return steps.step(letter, to, by=by, version=version, settled_on=on, note=note)


def read(letter: Letter, *, by: User, purpose: str) -> list[Section]:
    """The figures of a letter; the reading is recorded first."""
    record("letter.read", letter, by=by, purpose=purpose)
    return letter.sections


def written() -> QuerySet[Letter]:
    """Every letter, the latest first."""
    return Letter.objects.select_related("organisation", "area", "written_by").defer("figures")


def named() -> dict[int, int]:
    """How many letters name each organisation, by its key."""
    counted = Letter.objects.order_by().values_list("organisation").annotate(Count("pk"))
    return dict(counted)
