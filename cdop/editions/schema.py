"""What an edition of the guidance consists of. Frozen: data to read, never to change at run time.

Codes are text ("1*", "0-27d") and belong to their edition. ``source`` names where an item comes
from (the references are explained in ``Edition.sources``); ``certainty`` is "sourced" when a
document says so and "background" when it still awaits a check against one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from cdop.editions.conditions import Condition

CERTAINTIES = ("sourced", "background")
UNSOURCED = ("background", "design")
CLOCKS = (
    "death",
    "notification",
    "pm_result",
    "meeting",
    "inquest",
    "panel",
    "registration",
    "coroner_decision",
    "awareness",
)
CLOCKS_AHEAD = ("meeting", "inquest", "panel")
UNITS = ("hours", "days", "working_days")
KINDS = (
    "text",
    "long_text",
    "name",
    "date",
    "time",
    "number",
    "weeks",
    "choice",
    "choices",
    "yes_no",
    "nhs_number",
    "postcode",
    "email",
    "phone",
    "people",
    "professionals",
)
KINDS_WITH_VOCABULARY = ("choice", "choices")
QUESTIONNAIRES = frozenset(["notification"])
"""The questionnaires that every edition has; it may have others."""
YES_NO = ("yes", "no")
NO_INFORMATION, NO_CONTRIBUTION, CONTRIBUTION = "no_information", "no_contribution", "contribution"
GRADES_SAY = (NO_INFORMATION, NO_CONTRIBUTION, CONTRIBUTION)
CHILDHOOD_YEARS = 18
WORDS = (
    "panel",
    "panel_short",
    "coordinator",
    "safeguarding_body",
    "safeguarding_body_short",
    "health_commissioner",
    "unexpected_response",
    "unexpected_response_short",
    "final_meeting",
    "final_meeting_short",
    "family_contact",
    "notification_form",
    "reporting_form",
    "supplementary_form",
    "analysis_form",
    "safeguarding_review",
    "safeguarding_review_short",
    "national_return",
)
"""The words that pages may take from an edition; every edition has every one of them."""
DEFINITIONS = (
    "child",
    "unexpected",
    "modifiable",
    "modifiable_question",
    "category_rule",
    "confidentiality",
)
"""The sentences on which an edition rests; every edition has every one of them."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """Anything that the guidance lays down, with where it comes from and how certain that is."""

    source: str
    certainty: str


@dataclass(frozen=True)
class Definition(Item):
    """A sentence of the guidance, to be shown where its term is used."""

    text: str


@dataclass(frozen=True)
class Category(Item):
    """A category of death. ``rank`` 1 is the highest; the highest that fits is the primary one."""

    rank: int
    code: str
    label: str
    definition: str
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class FactorKind(Item):
    """A factor that the panel may name, each on a line of its own."""

    code: str
    label: str


@dataclass(frozen=True)
class Domain(Item):
    """A part of the child's life in which the panel looks for factors."""

    code: str
    label: str
    description: str
    factors: tuple[FactorKind, ...] = ()


@dataclass(frozen=True)
class Grade(Item):
    """How far a factor, or a domain, contributed. ``code`` is text: "1*" is no number.

    says  what the grade means for the answer on modifiable factors: one of ``GRADES_SAY``
    """

    code: str
    label: str
    says: str


@dataclass(frozen=True)
class Answer(Item):
    """An answer to the question on modifiable factors.

    Percentages are taken over answers with ``enough_information``.
    """

    code: str
    label: str
    enough_information: bool
    modifiable: bool


@dataclass(frozen=True)
class Due:
    """``offset`` hours, days or working days after ``clock`` (before it where negative)."""

    clock: str
    offset: int
    unit: str


@dataclass(frozen=True)
class Phase(Item):
    """A stretch of the checklist."""

    code: str
    label: str
    description: str


@dataclass(frozen=True)
class Task(Item):
    """One line of the checklist of the first days and weeks.

    phase     code of a phase
    lead      code of the vocabulary "leads"; ``partners`` are those who do it with the lead
    required  done, or a reason given; otherwise considered and, where it fits, done
    when      the case facts for which the task stands on the list (see ``FACTS``); None is always
    due       None where no clock decides
    """

    code: str
    phase: str
    label: str
    help: str
    lead: str
    required: bool
    when: Condition | None = None
    due: Due | None = None
    partners: tuple[str, ...] = ()


@dataclass(frozen=True)
class Criterion(Item):
    """A reason for which the response to an unexpected death is started. One is enough."""

    code: str
    label: str
    help: str


@dataclass(frozen=True)
class DiscussionKind(Item):
    """A meeting of agencies about one death.

    settles  codes of the tasks that are done with it
    starts   the clock that it starts, None where it starts none
    coroner  code of the task that is done when its minutes are sent to the coroner, if they are
    """

    code: str
    label: str
    help: str
    settles: tuple[str, ...]
    starts: str | None = None
    coroner: str | None = None


FACTS = ("expectedness", "age_band", "completed_years")
"""What the condition of a task may ask about; ``completed_years`` is text, "0" to "17"."""


@dataclass(frozen=True)
class Standard(Item):
    """A time within which something ought to happen."""

    code: str
    label: str
    due: Due


ALERTED = ("designated_doctor", "board_manager", "cdop_nurse", "chair", "governance_lead")
"""The roles that an edition may name in an alert, by their codes in ``core.roles``."""


@dataclass(frozen=True)
class Alert(Item):
    """Somebody who is told when a case is opened: those who hold ``role``, for the case's area.

    when  the case facts for which they are told (see ``FACTS``); None is always
    """

    code: str
    label: str
    role: str
    when: Condition | None = None


@dataclass(frozen=True)
class AgeBand(Item):
    """An age at death, from one day or birthday up to, not including, another.

    ``from_days`` or ``from_years`` is given, and ``until_days`` or ``until_years``: days of age
    (the day of birth is 0), or the birthday that completes so many years. ``parent`` is the code
    of an age group.
    """

    code: str
    label: str
    parent: str | None
    from_days: int | None
    from_years: int | None
    until_days: int | None
    until_years: int | None


@dataclass(frozen=True)
class ScopeRule(Item):
    """A rule on which deaths are reviewed.

    ``explanation`` is fit to be read by whoever reported the death. ``limit`` is the number in the
    rule: completed years for "age", completed weeks of pregnancy for "gestation", else None.
    """

    code: str
    label: str
    explanation: str
    limit: int | None = None


@dataclass(frozen=True)
class CoreMember(Item):
    """A seat on the panel; with ``quorum`` the panel cannot decide without it."""

    code: str
    label: str
    quorum: bool


@dataclass(frozen=True)
class Term(Item):
    """A word of a vocabulary.

    opens  the code of a supplementary form that it calls for
    alone  whether it cannot be chosen together with another, such as "None of these"
    office whether no one professional of another agency is meant, but the panel, those who work for
           it, or every agency together
    """

    code: str
    label: str
    parent: str | None = None
    opens: str | None = None
    alone: bool = False
    office: bool = False


@dataclass(frozen=True)
class Vocabulary(Item):
    """A list to choose from. A term that is another's parent is a heading, not a choice."""

    code: str
    title: str
    terms: tuple[Term, ...]

    @property
    def choices(self) -> tuple[Term, ...]:
        """The terms that can be chosen, in the order of the file."""
        headings = {term.parent for term in self.terms}
        return tuple(term for term in self.terms if term.code not in headings)

    def label(self, code: str) -> str:
        """The label of a term; KeyError if there is none."""
        return one(self.terms, code).label


@dataclass(frozen=True)
class Question(Item):
    """One question. ``why`` tells the reader why it is asked, ``form`` where it stood on paper.

    gaps  whether "not known" and "not applicable" are answers to it, whatever its kind
    """

    code: str
    label: str
    kind: str
    required: bool
    why: str
    form: str
    hint: str = ""
    vocabulary: str | None = None
    when: Condition | None = None
    gaps: bool = False


@dataclass(frozen=True)
class Section(Item):
    """Questions that belong together, one page of a questionnaire.

    either       codes of questions of which at least one has to be answered
    identifying  whether its answers say who somebody is, so that they go no further
    """

    code: str
    title: str
    intro: str
    questions: tuple[Question, ...]
    either: tuple[str, ...] = ()
    identifying: bool = False

    @property
    def required(self) -> bool:
        """Whether anything of the section has to be answered."""
        return bool(self.either) or any(question.required for question in self.questions)


@dataclass(frozen=True)
class Questionnaire(Item):
    """A form that people fill in, section by section. Codes of questions are unique in it."""

    code: str
    title: str
    sections: tuple[Section, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in order."""
        return tuple(question for section in self.sections for question in section.questions)


OF_REPORTS = {"known_events": "known_events", "agency": "agencies"}
"""What conditions of reports may ask beside ``FACTS``, and the vocabulary of its answers."""


@dataclass(frozen=True)
class ReportForm(Item):
    """A questionnaire that agencies are asked to answer.

    supplement  whether it is asked beside the form that all agencies are asked
    when        of which deaths, and of whom, it is asked (``FACTS`` and ``OF_REPORTS``); None is
                always
    """

    code: str
    questionnaire: Questionnaire
    supplement: bool
    when: Condition | None = None


@dataclass(frozen=True)
class Reports(Item):
    """What agencies are asked about a death, in the order in which they answer.

    power        the law that lets the panel ask
    secure_mail  ends of addresses between which mail is known to be safe
    forms        codes of questions are unique in all of them together
    """

    power: Definition
    secure_mail: tuple[str, ...]
    forms: tuple[ReportForm, ...]

    @property
    def sections(self) -> Mapping[str, Section]:
        """Every section by its form and its own code, as ``form.section``."""
        return {
            f"{form.code}.{section.code}": section
            for form in self.forms
            for section in form.questionnaire.sections
        }


@dataclass(frozen=True, eq=False)
class Edition(Item):
    """The guidance as it stood from ``from_date`` to ``to_date`` (None: still in force)."""

    code: str
    title: str
    from_date: date
    to_date: date | None
    words: Mapping[str, str]
    definitions: Mapping[str, Definition]
    sources: Mapping[str, str]
    categories: tuple[Category, ...]
    domains: tuple[Domain, ...]
    grades: tuple[Grade, ...]
    answers: tuple[Answer, ...]
    phases: tuple[Phase, ...]
    checklist: tuple[Task, ...]
    criteria: tuple[Criterion, ...]
    response_tasks: tuple[str, ...]
    attending: tuple[Term, ...]
    discussions: tuple[DiscussionKind, ...]
    standards: tuple[Standard, ...]
    alerts: tuple[Alert, ...]
    age_groups: tuple[Term, ...]
    age_bands: tuple[AgeBand, ...]
    scope: tuple[ScopeRule, ...]
    core_membership: tuple[CoreMember, ...]
    vocabularies: Mapping[str, Vocabulary]
    questionnaires: Mapping[str, Questionnaire]
    reports: Reports


class Coded(Protocol):
    """Whatever goes by a code."""

    @property
    def code(self) -> str: ...


CodedItem = TypeVar("CodedItem", bound=Coded)


def one(items: Iterable[CodedItem], code: str) -> CodedItem:
    """The item with this code; KeyError if there is none."""
    for item in items:
        if item.code == code:
            return item
    raise KeyError(code)
