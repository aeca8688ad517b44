"""The anonymised papers of a case at a meeting: their draft, what was released, who opened it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cdop.core import sealing
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record
from cdop.panel.models import AgendaItem
from cdop.panel.paper_states import DRAFT_STEPS, Decision, DraftState

DRAFTED, RELEASED, FOUND = "papers drafted", "papers released", "papers hit"
"""What the sealed bytes are."""


@dataclass(frozen=True)
class PaperSection:
    """One part of the papers.

    made  the text as the rule made it, from which it was edited; "" in what is released
    """

    code: str
    heading: str
    text: str
    made: str = ""

    catalogue: ClassVar[dict[str, Note]] = {
        name: Note(meaning, "C", Sensitivity.IDENTITY, Seen.TEAM)
        for name, meaning in [
            ("code", "Which part of the papers"),
            ("heading", "Its heading"),
            ("text", "What it says"),
            ("made", "What it said before anybody edited it"),
        ]
    }


@dataclass(frozen=True)
class PlaceFound:
    """One place of a draft that may say who somebody is, as the last scan found it.

    mark  the trace of the place: what stands there, and what stands around it
    """

    mark: str
    section: str
    start: int
    end: int
    kind: str
    words: str
    offered: list[str] = field(default_factory=list)

    catalogue: ClassVar[dict[str, Note]] = {
        name: Note(meaning, "", Sensitivity.IDENTITY, Seen.TEAM)
        for name, meaning in [
            ("mark", "The trace of the place"),
            ("section", "In which part of the papers it stands"),
            ("start", "Where it begins"),
            ("end", "Where it ends"),
            ("kind", "What was found"),
            ("words", "What stands there"),
            ("offered", "What could stand there instead"),
        ]
    }


class PaperDraft(Record):
    """The papers of one agenda item while the coordinator prepares them; sealed as identity is.

    number  1 for the papers, 2 and more for what is added later
    """

    STEPS = DRAFT_STEPS

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="drafts")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=20, default=DraftState.OPEN)
    sealed = models.BinaryField()
    scanned_at = models.DateTimeField()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "item": Note("Of which case at which meeting", "", Sensitivity.NONE, Seen.TEAM),
        "number": Note("1, or which of what was added", "", Sensitivity.NONE, Seen.TEAM),
        "state": Note("Where it stands", "", Sensitivity.NONE, Seen.TEAM),
        "sealed": Note("The text, and what the scan found", "C", Sensitivity.IDENTITY, Seen.TEAM),
        "scanned_at": Note("When it was last searched", "", Sensitivity.NONE, Seen.TEAM),
    }

    class Meta:
        verbose_name = "draft of papers"
        ordering: ClassVar = ["item_id", "number", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "number"],
                condition=~Q(state="dropped"),
                name="paper_draft_number_once",
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.number} of papers {self.item_id}"

    @property
    def audit_case(self) -> int | None:
        return self.item.case_id

    @property
    def state_label(self) -> str:
        return DraftState(self.state).label

    @property
    def content(self) -> dict[str, Any]:
        """``sections`` and ``found``, as they were sealed."""
        return sealing.unseal_json(self.item.case.data_key, DRAFTED, self.sealed)

    @property
    def sections(self) -> list[PaperSection]:
        return [PaperSection(**row) for row in self.content["sections"]]

    @property
    def found(self) -> list[PlaceFound]:
        return [PlaceFound(**row) for row in self.content["found"]]


def sealed_draft(item: AgendaItem, sections: list[PaperSection], found: list[PlaceFound]) -> bytes:
    """The bytes of a draft."""
    content = {"sections": [*map(asdict, sections)], "found": [*map(asdict, found)]}
    return sealing.seal_json(item.case.data_key, DRAFTED, content)


class PaperHit(Record):
    """What the coordinator decided about one place that the scan found."""

    draft = models.ForeignKey(PaperDraft, models.PROTECT, related_name="decided")
    mark = models.CharField(max_length=64)
    section = models.CharField(max_length=40)
    decision = models.CharField(max_length=20, choices=Decision.choices)
    sealed = models.BinaryField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "draft": Note("In which draft", "", Sensitivity.NONE, Seen.TEAM),
        "mark": Note("Keyed trace of the place", "", Sensitivity.SECRET, Seen.NOBODY),
        "section": Note("In which part of the papers", "", Sensitivity.NONE, Seen.TEAM),
        "decision": Note("Replaced or kept", "", Sensitivity.NONE, Seen.TEAM),
        "sealed": Note(
            "What stood there, what stands there now, and why", "", Sensitivity.IDENTITY, Seen.TEAM
        ),
        "decided_at": Note("When", "", Sensitivity.NONE, Seen.TEAM),
        "decided_by": Note("Who decided it", "", Sensitivity.STAFF, Seen.TEAM),
    }

    class Meta:
        verbose_name = "place in the papers"
        verbose_name_plural = "places in the papers"
        ordering: ClassVar = ["draft_id", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "mark"], name="paper_hit_once"),
        ]

    def __str__(self) -> str:
        return f"place in draft {self.draft_id}"

    @property
    def audit_case(self) -> int | None:
        return self.draft.item.case_id

    @property
    def said(self) -> dict[str, str]:
        """``words`` that stood there, ``now`` what stands there, ``why``."""
        return sealing.unseal_json(self.draft.item.case.data_key, FOUND, self.sealed)


class Paper(Record):
    """One version of the papers as it was released: never changed, by triggers on both databases.

    digest  SHA-256 of what it says, so that a copy can be held against it
    """

    append_only = True

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="papers")
    number = models.PositiveSmallIntegerField()
    draft = models.OneToOneField(PaperDraft, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    digest = models.CharField(max_length=64)
    kept = models.PositiveSmallIntegerField()
    released_at = models.DateTimeField()
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "item": Note("Of which case at which meeting", "", Sensitivity.NONE, Seen.PANEL),
        "number": Note("1, or which of what was added", "", Sensitivity.NONE, Seen.PANEL),
        "draft": Note("From which draft", "", Sensitivity.NONE, Seen.NOBODY),
        "sealed": Note("What it says, sealed", "C", Sensitivity.IDENTITY, Seen.PANEL),
        "digest": Note("Its digest", "", Sensitivity.NONE, Seen.PANEL),
        "kept": Note("How many places were kept with a reason", "", Sensitivity.NONE, Seen.TEAM),
        "released_at": Note("When it was released", "", Sensitivity.NONE, Seen.PANEL),
        "released_by": Note("Who released it", "", Sensitivity.STAFF, Seen.TEAM),
    }

    class Meta:
        verbose_name = "papers"
        verbose_name_plural = "papers"
        ordering: ClassVar = ["item_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "number"], name="paper_number_once"),
        ]

    def __str__(self) -> str:
        return f"papers {self.number} of {self.item_id}"

    @property
    def audit_case(self) -> int | None:
        return self.item.case_id

    @property
    def sections(self) -> list[PaperSection]:
        rows = sealing.unseal_json(self.item.case.data_key, RELEASED, self.sealed)
        return [PaperSection(**row) for row in rows]


class Reading(Record):
    """That a person opened one version of the papers: first, last, how often.

    The audit chain has every opening; this row is for the list of who has read what.
    """

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "paper": Note("Which papers", "", Sensitivity.NONE, Seen.TEAM),
        "user": Note("Who opened them", "", Sensitivity.STAFF, Seen.TEAM),
        "first_at": Note("When first", "", Sensitivity.STAFF, Seen.TEAM),
        "last_at": Note("When last", "", Sensitivity.STAFF, Seen.TEAM),
        "times": Note("How often", "", Sensitivity.STAFF, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["paper_id", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["paper", "user"], name="paper_reading_once"),
        ]

    def __str__(self) -> str:
        return f"reading of {self.paper_id}"

    @property
    def audit_case(self) -> int | None:
        return self.paper.item.case_id
