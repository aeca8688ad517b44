"""Makers of requests for tests: agencies asked and answering, by the same acts as in use."""

from datetime import timedelta
from itertools import count

from django.urls import reverse
from django.utils import timezone

from cdop.agency_reports import answering, asking, invitations, opening
from cdop.agency_reports.asking import Line
from cdop.agency_reports.models import Invitation, Request
from cdop.agency_reports.states import Role
from cdop.cases.models import Case
from cdop.core.organisations import Organisation
from cdop.core.steps import create
from cdop.editions import get
from tests.cast import TESTS
from tests.makers import opened_case

_numbers = count(1)
CONTACT = "contact@example.org"
RESPONDENT = "respondent@example.org"


def organisation(name: str = "", kind: str = "acute_trust") -> Organisation:
    name = name or f"Invented Agency {next(_numbers)}"
    return create(Organisation(name=name, kind=kind), by=TESTS)


def recent_case(**answers) -> Case:
    """A case of a death of the last days, so that nothing is due yet."""
    now = timezone.now()
    return opened_case(
        answers, died_on=(now - timedelta(days=3)).date(), notified_at=now - timedelta(days=2)
    )


def line(agency: str = "general_practice", case: Case | None = None, **changes) -> Line:
    """One agency to be asked for the forms that the death calls for."""
    forms = changes.pop("forms", None)
    if forms is None:
        edition, known = get(case.edition), opening.known_of(case)
        forms = tuple(opening.opened(edition, known, agency))
    said = {"name": "Contact Invented", "email": CONTACT, "forms": forms}
    where = changes.pop("organisation", None) or organisation()
    return Line(agency=agency, organisation=where, **(said | changes))


def asked(coordinator, case: Case | None = None, agency: str = "general_practice", **more):
    """One request, as it is just after it was asked."""
    case, now = case or opened_case(), more.pop("now", None)
    [made] = asking.ask(case, [line(agency, case, **more)], by=coordinator, now=now)
    return fresh(made)


def fresh(request: Request) -> Request:
    return Request.objects.select_related("case__data_key", "case__facts", "organisation").get(
        pk=request.pk
    )


def link_of(request: Request, role: Role = Role.CONTACT) -> Invitation:
    """The link that opens the request, of one role."""
    [found] = [each for each in invitations.live(request) if each.role == role]
    return invitations.by_token(invitations.token_of(found.link))


def opens(client, invitation: Invitation):
    """The client after the link was opened, the button pressed and the code typed."""
    token = invitations.token_of(invitation.link)
    client.post(reverse("agency:link", args=[token]))
    invitation.refresh_from_db()
    at = reverse("agency:code", args=[invitation.request.reference])
    page = client.post(at, {"code": invitations.code_of(invitation)})
    assert page.status_code == 302, page.content.decode()
    return client


def answer(invitation: Invitation, boxes: dict[str, list[str]], *, rest: str = "not_known"):
    """Answer every page: the boxes given, and ``rest`` for what is left; "" leaves it blank."""
    paper = answering.paper_of(invitation.request)
    for code in list(paper.pages):
        if code not in paper.pages:
            continue
        mine = {
            name: values
            for name, values in boxes.items()
            if any(
                name == q.code or name.startswith(f"{q.code}-")
                for q in paper.pages[code].section.questions
            )
        }
        if rest:
            full = type(paper)(paper.request, paper.known, {**paper.typed, code: mine})
            mine = full.filled(code) if code in full.pages else mine
        before = answering.draft_of(fresh(invitation.request))
        version = before.answers["versions"].get(code, 0) if before else 0
        answering.save(invitation, code, mine, version=version)
        paper = answering.paper_of(fresh(invitation.request))
    invitation.request = fresh(invitation.request)


def returned(coordinator, boxes=None, *, rest="not_known", **more) -> Request:
    """A request that came back by its link."""
    made = asked(coordinator, **more)
    invitation = link_of(made)
    answer(invitation, boxes or {}, rest=rest)
    draft = answering.draft_of(invitation.request)
    return fresh(answering.send(invitation, version=draft.version))
