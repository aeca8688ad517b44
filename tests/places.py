"""What stands in the addresses of the system: one of everything, as people make it."""

from uuid import uuid4

from django.utils import timezone
from django.utils.timezone import localdate

from analytics.models import ReleaseFile
from cdop import editions
from cdop.agency_reports.invitations import token_of
from cdop.cases import actions as cases
from cdop.cases.models import Case
from cdop.core import documents, outbox
from cdop.core.organisations import Organisation
from cdop.core.periods import Period
from cdop.core.steps import create
from cdop.core.uploads import Accepted
from cdop.learning import briefings
from cdop.learning import evidence as action_evidence
from cdop.panel import declarations, minutes, terms
from cdop.rapid_response import agreed, discussions, evidence, letters
from cdop.rapid_response.states import DiscussionState
from cdop.reviews import preparing, vocabulary_actions
from notifications import intake, keyed, legacy_actions
from notifications.api_credentials import register
from tests.cast import TESTS, person
from tests.cdop.agency_reports import makers as reports
from tests.cdop.agency_reports.makers import returned
from tests.cdop.cases.holding_up import beside, checked, held
from tests.cdop.cases.signalling import called_for, raised
from tests.cdop.cases.speaking import asked
from tests.cdop.learning import makers as learning
from tests.cdop.learning import theme_makers as themes
from tests.cdop.panel.makers import on_agenda, opened, planned_meeting
from tests.cdop.panel.paper_makers import drafted, released
from tests.cdop.reviews.makers import recorded, sent_review
from tests.makers import ANSWERS, DIED_ON, opened_case
from tests.notifications.assurance.makers import a_line, taken_in
from tests.notifications.legacy import sheets


def places_of_notifications(coordinator) -> dict[str, str]:
    """One that was sent and one that the coordinator began to key in, each with a file."""
    sent, letter = notification(), Accepted("letter.txt", "text/plain", b"invented")
    begun = keyed.begin(coordinator, uuid4(), {"came_by": ["letter"]})
    return {
        "reference": sent.reference,
        "document": str(documents.keep(letter, key=sent.data_key, by=TESTS).pk),
        "draft": str(begun.pk),
        "code": "when",
        "file": str(documents.keep(letter, key=begun.data_key, by=coordinator).pk),
    }


def notification():
    return intake.receive(
        ANSWERS | {"date_of_death": DIED_ON.isoformat(), "place_of_death": "public_place"},
        edition=editions.in_force(DIED_ON),
        route=intake.Route.WEB,
        by=intake.NOTIFIER,
    )


def an_import() -> dict[str, str]:
    """A sheet of earlier cases that was read and waits; its years, and the sheet to fill in."""
    batch = legacy_actions.read(sheets.as_csv([sheets.REVIEWED]), by=TESTS)
    return {"batch": batch.reference, "year": "2013-14", "name": "earlier-cases.xlsx"}


def beside_the_case(case: Case, coordinator) -> dict[str, str]:
    """An inquest during which the panel may review, another review, a signal, a notice."""
    hold = checked(held(case, coordinator), coordinator)
    review, signal = beside(case, coordinator), raised(case, coordinator)
    notice = called_for(case, coordinator)
    rows = {"hold": hold, "review": review, "signal": signal, "notice": notice}
    rows["question"] = asked(case, coordinator)
    return {name: str(row.pk) for name, row in rows.items()}


def a_system() -> str:
    trust = create(Organisation(name="Invented Trust", kind="acute_trust"), by=TESTS)
    return register(organisation=trust, name="Invented Record", by=TESTS)[0].reference


def assurance_of(asked) -> dict[str, str]:
    """A return, a list of deaths with a line, and a case that is missing from the list."""
    made = taken_in(a_line())
    return {
        "organisation": str(asked.asked_of_id),
        "monthly": asked.reference,
        "number": str(made.pk),
        "line": str(made.lines.get().pk),
        "absent": opened_case(died_on=made.first_day).reference,
    }


def places_of_reports(coordinator) -> dict[str, str]:
    """A case about which two agencies differ, a file that one sent, and a third that is asked."""
    case = opened_case()
    first, _ = (returned(coordinator, {"disability": [said]}, case=case) for said in ("yes", "no"))
    file = Accepted("letter.txt", "text/plain", b"invented")
    key = first.replies.select_related("data_key").get().data_key
    waiting = reports.asked(coordinator, case)
    return {
        "reference": case.reference,
        "question": "disability",
        "asked": first.reference,
        "organisation": str(first.organisation_id),
        "document": str(documents.keep(file, key=key, by=TESTS).pk),
        "token": token_of(reports.link_of(waiting).link),
        "code": "form_b.child",
        "file": str(uuid4()),
    }


def evidence_of(case: Case, coordinator) -> dict[str, str]:
    """A file of the first task of the case."""
    file = Accepted("notes.txt", "text/plain", b"invented")
    kept = evidence.attach(case.checklist.first(), file, by=coordinator)
    return {"document": str(kept.document.pk)}


def a_meeting_of_agencies(case: Case, coordinator) -> dict[str, str]:
    """A final discussion of the case that was held, with its minutes and an action."""
    row = discussions.save(
        case,
        0,
        DiscussionState.HELD,
        by=coordinator,
        version=0,
        kind="final",
        held_at=timezone.now(),
        chair="Designated doctor",
        agencies=["police"],
    )
    minutes = Accepted("minutes.txt", "text/plain", b"invented")
    discussions.attach_minutes(row, minutes, by=coordinator)
    action = agreed.add(row, by=coordinator, what="Ring", lead="police", due_on=localdate())
    return {"number": str(row.number), "action": str(action.pk)}


def a_letter(coordinator) -> dict[str, str]:
    """A letter of figures about the death of the case, to the police."""
    police = create(Organisation(name="Invented Police", kind="police"), by=TESTS)
    period = Period.of(DIED_ON)
    made = letters.write(
        police, period, None, by=coordinator, attention="Superintendent", purpose="To look at."
    )
    return {"letter": made.reference}


def letter():
    [message] = outbox.queue(
        "acknowledgement",
        {"letter": "notifier@example.org"},
        about="N-4K7M-2QX9",
        by=TESTS,
        context={"reference": "N-4K7M-2QX9"},
    )
    return message


def meeting_about(case: Case, member, chair) -> dict[str, str]:
    meeting = planned_meeting(member, chair=chair)
    item = on_agenda(meeting, cases.make_ready(case, by=TESTS))
    sent_review(item, member)
    coordinator = person("coordinator")
    released(item, by=coordinator)
    draft = drafted(item, "Aaaa slept.", by=coordinator)
    opened(meeting, chair=chair)
    finding = recorded(item, chair, grades={})
    query = preparing.ask(finding, asked_on=localdate(), words="Which one?", by=chair)
    minutes.draft(meeting, by=TESTS)
    [place] = draft.found
    paper = {"code": place.section, "mark": place.mark}
    known = {"number": str(meeting.pk), "serial": item.serial}
    beside = {"which": "1", "place": "1", "query": str(query.pk)}
    return known | paper | beside | in_the_list(coordinator) | on_the_panel(meeting, item)


def in_the_list(coordinator) -> dict[str, str]:
    """A factor of the panel's own, one of the guidance, and words that are counted under it."""
    edition = editions.get("lscb-2015")
    said = {"domain": "parenting", "label": "Sofa", "by": coordinator}
    own = vocabulary_actions.add(edition, **said)
    key = ("parenting", "unsafe_sleep")
    words = vocabulary_actions.fold(
        edition, "parenting", "on a sofa", key, version=0, by=coordinator
    )
    return {
        "guidance": edition.code,
        "part": key[0],
        "factor": key[1],
        "own": str(own.pk),
        "words": str(words.pk),
    }


def on_the_panel(meeting, item) -> dict[str, str]:
    """An interest of another member in the case, a term of office and its cover."""
    others = meeting.attendance.filter(sits_as__in=["social_care", "police"])
    first, second = (row.user for row in others.order_by("pk"))
    said = declarations.declare(item, first, interest="I knew them.", by=first)
    place = create(Organisation(name="Invented Council", kind="social_care"), by=TESTS)
    today = localdate()
    term = terms.save(
        None,
        seat="police",
        user=first,
        organisation=place,
        starts_on=today,
        ends_on=None,
        version=0,
        by=TESTS,
    )
    days = {"starts_on": today, "ends_on": today}
    cover = terms.plan_cover(term, user=second, version=1, by=TESTS, **days)
    rows = {"declaration": said, "term": term, "cover": cover}
    return {name: str(row.pk) for name, row in rows.items()}


def a_theme_with_all(coordinator) -> dict[str, str]:
    """A theme with a case, a review with the chair, a briefing that is public and written on."""
    theme = themes.a_theme()
    case = themes.a_case_of(theme, coordinator)
    review = themes.with_chair(theme, coordinator)
    row = themes.published(theme, coordinator, person("coordinator")).briefing
    row.refresh_from_db()
    row = briefings.begin_change(row, version=row.version, by=coordinator)
    told = themes.said(learned="Services in Runcorn help.")
    row = briefings.write(row, told, version=row.version, by=person("coordinator"))
    return {
        "theme": str(theme.pk),
        "reference": case.reference,
        "number": str(review.number),
        "briefing": str(row.pk),
        "address": row.address,
        "mark": row.places[0].mark,
        "held": str(themes.held(theme).pk),
        "exchange": str(themes.shared(theme).pk),
    }


def a_recommendation(coordinator, chair, member) -> dict[str, str]:
    """One that was accepted, with an action that has a file, and a letter to be approved.

    Beside it a line of a finding that can be taken up.
    """
    finding = learning.signed_off(chair, member, recommendations=learning.RECOMMENDS)
    row = learning.accepted(coordinator)
    point = learning.agreed(coordinator, row)
    letter = learning.written(coordinator, row)
    file = Accepted("minutes.txt", "text/plain", b"invented")
    kept = action_evidence.attach(point, file, by=coordinator)
    return {
        "recommendation": row.reference,
        "point": str(point.pk),
        "letter": letter.reference,
        "document": str(kept.document.pk),
        "meeting": str(finding.item.meeting_id),
        "line": str(finding.analysis.recommendations.first().pk),
    }


def files_of(release) -> dict[str, str]:
    file = ReleaseFile.objects.filter(release=release, area=None).first()
    known = {"kind": "children", "year": "2014"}
    return {"reference": release.reference, "name": file.name} | known
