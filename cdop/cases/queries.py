"""Reading cases for pages: lists of constant cost, and facts in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from cdop import editions
from cdop.cases import confirmation, placement
from cdop.cases.models import Case, CaseAccess, CaseFacts
from cdop.cases.placement import OutOfScope
from cdop.cases.states import UNDER_WAY, CaseState
from cdop.core.ages import approximate_age
from cdop.core.comparing import words
from cdop.core.identifiers import normalise_reference
from cdop.core.jinja import count
from cdop.core.questions import answer_in_words
from cdop.core.roles import Role
from cdop.core.users import RoleHolding, User
from cdop.editions.schema import Edition, Question

if TYPE_CHECKING:
    from datetime import date

NOT_DECIDED = "Not decided yet"


@dataclass(frozen=True)
class CaseList:
    """A list of cases that one can choose: its code in the address, its name, its states.

    unconfirmed  whether only the cases stand on it whose death nobody has confirmed
    """

    code: str
    name: str
    states: tuple[CaseState, ...]
    unconfirmed: bool = False


LISTS = (
    CaseList("open", "Open cases", (*UNDER_WAY, CaseState.REVIEWED)),
    CaseList("gathering", "Gathering information", (CaseState.GATHERING,)),
    CaseList("ready", "Ready for panel", (CaseState.READY,)),
    CaseList("reviewed", "Reviewed", (CaseState.REVIEWED,)),
    CaseList("unconfirmed", "To confirm", UNDER_WAY, True),
    CaseList("closed", "Closed", (CaseState.CLOSED,)),
    CaseList("withdrawn", "Withdrawn", (CaseState.WITHDRAWN,)),
)


def case_list(code: str) -> CaseList:
    """The list with this code; the open cases for any other word."""
    return next((each for each in LISTS if each.code == code), LISTS[0])


def cases(user: User, chosen: CaseList) -> QuerySet[Case]:
    """The cases of a list that the person sees, newest first, with what the list shows of them."""
    visible = Case.objects.visible_to(user).filter(state__in=chosen.states)
    if chosen.unconfirmed:
        visible = visible.exclude(pk__in=confirmation.confirmed())
    return visible.select_related("facts__area")


def by_reference(user: User, typed: str) -> Case | None:
    """The case with the reference that somebody typed, if the person sees it."""
    reference = normalise_reference(typed)
    return Case.objects.visible_to(user).filter(reference=reference).first() if reference else None


def professionals(on: date) -> QuerySet[User]:
    """The people whose role works on the cases they are given."""
    roles = [Role.DESIGNATED_DOCTOR, Role.RESPONDER]
    held = RoleHolding.objects.in_force(on).filter(role__in=roles)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name")


def leads_in_words(edition: Edition, access: CaseAccess) -> str:
    """Whose tasks on the case are those of a professional."""
    leads = edition.vocabularies["leads"]
    known = [term.label for term in leads.terms if term.code in access.leads]
    return f"Tasks: {', '.join(known)}." if access.leads else "Every task is theirs."


def facts_in_words(facts: CaseFacts, edition: Edition) -> list[dict[str, str]]:
    """The facts as rows of a summary list."""
    return [
        {"term": "Area", "text": str(facts.area) if facts.area_id else "Not known, or elsewhere"},
        {"term": "Age", "text": age_in_words(facts)},
        {"term": "Sex", "text": word(edition, "sex", facts.sex)},
        {"term": "Expected", "text": word(edition, "expectedness", facts.expectedness)},
        {"term": "Ethnic group", "text": word(edition, "ethnic_group", facts.ethnic_group)},
        {"term": "Place of death", "text": word(edition, "places", facts.place_of_death)},
        {"term": "Place of the event", "text": word(edition, "places", facts.place_of_event)},
        *_times_to_sign_off(facts),
    ]


def _times_to_sign_off(facts: CaseFacts) -> list[dict[str, str]]:
    """Both times, once there is a sign-off: neither stands for the other."""
    if facts.days_to_sign_off is None:
        return []
    held = facts.days_not_held
    not_held = "not known" if held is None else count(held, "day")
    words = f"{count(facts.days_to_sign_off, 'day')}; without days on which it was held: {not_held}"
    return [{"term": "From death to first sign-off", "text": words}]


def out_of_scope_because(case: Case) -> str:
    """Why this panel does not review the death, in words; "" where it does or nobody said."""
    row = None if case.facts.in_scope else placement.known(case)
    if row is None:
        return ""
    rule = OutOfScope(row.scope_rule).label if row.scope_rule else ""
    return ". ".join(filter(None, [rule, row.scope_reason]))


def withdrawn_because(case: Case) -> str:
    """Why the case was withdrawn, as it was given; "" where it was not."""
    if case.state != CaseState.WITHDRAWN:
        return ""
    last = case.history.filter(state=CaseState.WITHDRAWN).order_by("-history_date").first()
    return last.history_change_reason if last else ""


def age_in_words(facts: CaseFacts) -> str:
    """An age that says as much as people need and no more."""
    if facts.age_days is None or facts.age_years is None:
        return "Not known"
    return approximate_age(facts.age_days, facts.age_years)


def word(edition: Edition, vocabulary: str, code: str) -> str:
    """The label of a code, or that it is not decided yet."""
    return edition.vocabularies[vocabulary].label(code) if code else NOT_DECIDED


def edition_of(case: Case) -> Edition:
    """The guidance of the case's notification and checklist."""
    return editions.get(case.edition)


def questions(edition: Edition) -> dict[str, Question]:
    """Every question by which a death is reported, by its code, as the notification words it."""
    forms = sorted(edition.questionnaires.values(), key=lambda form: form.code == "notification")
    return {each.code: each for form in forms for each in form.questions}


def in_words(edition: Edition, field: str, answer: Any) -> str:
    """A reported answer as people read it; one to a question of another edition as it was sent."""
    asked = questions(edition).get(field)
    return answer_in_words(asked, edition, {field: answer}) if asked else words(answer)
