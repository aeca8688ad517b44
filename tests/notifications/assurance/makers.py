"""Makers of returns and lists for tests, through the real actions."""

from datetime import UTC, date, datetime, time

from django.urls import reverse

from cdop import editions
from cdop.cases.models import Case
from cdop.core.audit import act
from cdop.core.organisations import Organisation, OrganisationKind
from cdop.core.steps import create
from cdop.core.users import User
from notifications import intake
from notifications.assurance import asking, lists
from notifications.assurance.listed import Listed
from notifications.assurance.lists import About
from notifications.assurance.models import DeathList, Return, ReturningOrganisation
from notifications.assurance.reading import Parsed
from notifications.intake import NOTIFIER
from notifications.models import Notification
from tests.cast import TESTS, person
from tests.makers import opened_case

# Monday 2 November 2026 is the first working day of its month.
FIRST_WORKING_DAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)
DIED_ON = date(2026, 1, 10)
EMAIL = "returns@invented-hospital.example"
NHS = ("9990000123", "9990001499", "9990004234", "9990005605", "9990006970", "9990008345")


def organisation(name: str = "Invented Hospital", kind=OrganisationKind.ACUTE_TRUST):
    return create(Organisation(name=name, kind=kind), by=TESTS)


def asked_of(
    name: str = "Invented Hospital", *, by: User | None = None, **said
) -> ReturningOrganisation:
    """An organisation that is asked every month, and was not asked about any yet."""
    told = {"email": EMAIL, "first_month": OCTOBER, "adult_wards": "Ward 7\nAcute Medical Unit"}
    told |= said
    added = datetime.combine(told["first_month"], time(9), UTC)
    return asking.add(organisation(name), by=by or person("coordinator"), now=added, **told)


def asked_return(now: datetime = FIRST_WORKING_DAY, **said) -> Return:
    """A return that was asked for and not answered."""
    asked_of(**said)
    asking.ask_due(now)
    return Return.objects.select_related("asked_of__organisation").latest("pk")


def link_of(asked: Return) -> str:
    """The token that stands in the link of a return."""
    return asking.token_of(asked.link)


def a_line(**said) -> Listed:
    told = {
        "date_of_death": "2026-01-10",
        "given_names": "Aaaa",
        "family_name": "Listed-Child",
        "date_of_birth": "2025-12-01",
        "nhs_number": NHS[0],
    }
    return Listed(**told | said)


def a_case(number: str = NHS[0], died_on: date = DIED_ON, **said) -> Case:
    """A case about the child of ``a_line``."""
    answers = {
        "given_names": "Aaaa",
        "family_name": "Listed-Child",
        "date_of_birth": "2025-12-01",
        "nhs_number": number,
    }
    return opened_case(answers | said, died_on=died_on)


def address(name: str, *args) -> str:
    return reverse(f"notifications:{name}", args=args)


def taken_in(
    *lines: Listed,
    by: User | None = None,
    kind: str = "registrar",
    first_day: str = "2026-01-01",
    last_day: str = "2026-03-31",
    **said,
) -> DeathList:
    """A list of deaths that was read, looked at and taken in."""
    by = by or person("coordinator")
    about = About(kind, said.get("organisation"), said.get("area"), first_day, last_day)
    draft = lists.hold(Parsed(lines, (), (), (), 0), about, by=by)
    return lists.take(draft, version=draft.version, by=by)


def notified(at: datetime = datetime(2026, 1, 12, 9, tzinfo=UTC), **said) -> Notification:
    """A notification that waits for triage."""
    answers = {
        "date_of_death": "2026-01-10",
        "given_names": "Aaaa",
        "family_name": "Listed-Child",
        "date_of_birth": "2025-12-01",
        "nhs_number": NHS[0],
    }
    where = said.pop("organisation", None)
    route = said.pop("route", "web")
    with act():
        return intake.receive(
            answers | said,
            edition=editions.get("cdr-2018"),
            route=route,
            organisation=where,
            by=NOTIFIER,
            at=at,
        )
