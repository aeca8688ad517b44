"""Letters of figures: what each addressee is told, what it never is, and how that is recorded."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pypdfium2
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate

from cdop.core.audit import AuditEntry
from cdop.core.organisations import Area, Organisation
from cdop.core.periods import Period
from cdop.core.refusals import Refused
from cdop.core.steps import create
from cdop.rapid_response import actions, facts, letters, visits
from cdop.rapid_response.letter_pdf import letter_pdf
from cdop.rapid_response.letters import Letter
from cdop.rapid_response.states import LetterState, VisitOutcome
from tests.cast import TESTS
from tests.makers import HALTON, opened_case
from tests.pages import date_parts, sign_in, text_of

YEAR = Period.parse("2014-15")
WARRINGTON = "E06000007"
WHY = "Invented reason that no letter repeats."
PURPOSE = "Please look at these figures."


@pytest.fixture
def deaths(db, coordinator):
    """Three deaths of Halton and one of Warrington: visits of three kinds, protocols of two."""
    made = []
    for number, outcome in enumerate([*list(VisitOutcome)[:3], None]):
        at = datetime(2014, 5, number + 1, 9, 0, tzinfo=UTC)
        area = WARRINGTON if outcome is None else HALTON
        case = opened_case(died_on=at.date(), died_at=at, area=area)
        actions.start(case, by=TESTS)
        if outcome:
            told = {"visited_at": at + timedelta(hours=20 + 4 * number), "decided_by": "Officer"}
            why = "" if outcome == VisitOutcome.JOINTLY else WHY
            visits.record(case, by=coordinator, version=0, outcome=outcome, why=why, **told)
            protocol = {"ambulance_protocol": "no", "ambulance_why": WHY} if number else {}
            facts.record_care(
                case, by=coordinator, version=0, **{"ambulance_protocol": "yes"} | protocol
            )
        made.append(case)
    return made


def an_organisation(kind="police", area=None) -> Organisation:
    named = Organisation(name=f"Invented {kind} {area or ''}", kind=kind, area_id=area)
    return create(named, by=TESTS)


def halton() -> Area:
    return Area.objects.get(code=HALTON)


def written(by, kind="police", area=HALTON, period=YEAR, of=None) -> Letter:
    return letters.write(
        an_organisation(kind, of),
        period,
        Area.objects.get(code=area) if area else None,
        by=by,
        attention="Superintendent",
        purpose=PURPOSE,
    )


def rows(letter, section) -> dict[str, list[str]]:
    found = next(each for each in letter.sections if each.heading.startswith(section))
    return {row[0]: row[1:] for row in found.rows}


def test_the_police_are_told_of_the_visits_with_both_numbers_and_of_their_own_tasks(
    coordinator, deaths
):
    letter = written(coordinator)
    visited = rows(letter, "The visit")

    assert visited["It was made by police and a health professional together"] == ["1 of 3"]
    assert visited["It was made within 24 hours of the death"] == ["2 of 3"]
    assert visited["It is not recorded whether there was one"] == ["0 of 3"]
    tasks = rows(letter, "The tasks")
    assert set(tasks) == {
        "Decide whether to visit the home or the place",
        "Visit together, police and health professional",
    }
    # Due, in time, late, not done, still open, hours.
    assert tasks["Visit together, police and health professional"] == [
        "3",
        "1",
        "0",
        "2",
        "0",
        "20.0",
    ]
    assert len(letter.sections) == 2


@pytest.mark.parametrize(
    ("kind", "headings"),
    [
        ("ambulance", ["The protocol", "The tasks"]),
        ("commissioner", ["The visit", "The protocol", "The tasks"]),
        ("acute_trust", ["The visit", "The tasks"]),
        ("social_care", ["The tasks"]),
    ],
)
def test_each_kind_of_organisation_is_told_what_it_answers_for(coordinator, deaths, kind, headings):
    found = [section.heading for section in written(coordinator, kind).sections]

    assert len(found) == len(headings)
    assert all(has.startswith(wanted) for has, wanted in zip(found, headings, strict=True))


def test_the_ambulance_service_is_told_how_often_the_protocol_was_followed(coordinator, deaths):
    assert rows(written(coordinator, "ambulance"), "The protocol") == {
        "The protocol was followed": ["1 of 3"],
        "It was not followed": ["2 of 3"],
        "It did not apply": ["0 of 3"],
        "It is not known, or not recorded": ["0 of 3"],
    }


def test_a_letter_stays_as_it_was_whatever_is_recorded_later(coordinator, deaths):
    letter = written(coordinator)
    before = letter_pdf(letter)
    visit = visits.of(deaths[1])
    visits.record(
        deaths[1],
        by=coordinator,
        version=visit.version,
        outcome=VisitOutcome.JOINTLY,
        visited_at=visit.visited_at,
    )

    assert letter_pdf(Letter.objects.select_related("organisation", "area").get()) == before


def test_no_letter_says_more_of_a_child_than_counts(coordinator, deaths, settings):
    settings.DEMONSTRATION = True
    telling = [WHY, "Officer", "Invented-Child", "Aaaa", "9990000123", "May 2014", "Warrington"]
    telling += [case.reference for case in deaths]
    for kind in letters.OWN:
        if kind == "coroner":
            continue
        letter = written(coordinator, kind.value)
        document = pypdfium2.PdfDocument(letter_pdf(letter))
        pages = [page.get_textpage().get_text_range() for page in document]
        text = " ".join(" ".join(pages).split())
        assert [word for word in telling if word in text] == [], kind
        for mark in ("OFFICIAL-SENSITIVE", "Synthetic: no real child", letter.reference):
            assert all(mark in page for page in pages), (kind, mark)
        assert "April 2014 to March 2015" in text and "Halton" in text


@pytest.mark.parametrize(
    ("kind", "of", "area", "period", "reason"),
    [
        ("police", None, HALTON, "2014-15-Q1", "A letter counts a year or more"),
        ("acute_trust", WARRINGTON, HALTON, "2014-15", "counts that area alone"),
        ("acute_trust", WARRINGTON, None, "2014-15", "counts that area alone"),
        ("hospice", None, HALTON, "2014-15", "The checklists ask nothing"),
        ("police", None, HALTON, "2011-12", "nothing was asked of this addressee"),
    ],
)
def test_nobody_is_told_what_is_not_theirs(coordinator, deaths, kind, of, area, period, reason):
    before = AuditEntry.objects.count()
    with pytest.raises(Refused, match=reason):
        written(coordinator, kind, area, Period.parse(period), of)

    assert not Letter.objects.exists()
    assert AuditEntry.objects.count() == before + 1, "the organisation alone"


@pytest.mark.parametrize("who", ["doctor", "chair", "member", "reader", "governance_lead"])
def test_nobody_else_writes_or_sees_a_letter(client, request, coordinator, deaths, who):
    letter = written(coordinator)
    by = request.getfixturevalue(who)
    with pytest.raises(Refused) as refused:
        written(by, "ambulance")
    assert refused.value.status == HTTPStatus.FORBIDDEN
    with pytest.raises(Refused) as refused:
        letters.settle(letter, LetterState.SENT, by=by, version=1, on=localdate(), note="By post")
    assert refused.value.status == HTTPStatus.FORBIDDEN

    sign_in(client, by)
    for name, *args in (("letters",), ("write_letter",), *pages_of(letter)):
        page = client.get(reverse(f"rapid_response:{name}", args=args))
        assert page.status_code == HTTPStatus.NOT_FOUND, name


def pages_of(letter):
    return (("letter", letter.reference), ("letter_file", letter.reference))


def typed(organisation, **said) -> dict:
    posted = {"organisation": organisation.pk, "attention": "Superintendent", "area": HALTON}
    return posted | {"period": "2014-15", "purpose": PURPOSE} | said


def test_a_letter_is_written_read_saved_and_sent_and_all_of_it_is_recorded(
    client, coordinator, deaths
):
    sign_in(client, coordinator)
    police = an_organisation()
    client.post(reverse("rapid_response:write_letter"), typed(police))
    letter = Letter.objects.get()
    at = reverse("rapid_response:letter", args=[letter.reference])
    page = text_of(client.get(at))
    file = client.get(reverse("rapid_response:letter_file", args=[letter.reference]))
    today = localdate()
    sent = {"state": "sent", "note": "By post", "version": 1}
    client.post(at, sent | date_parts("settled_on", today.day, today.month, today.year))

    assert "1 of 3" in page and "official-sensitive" in page.lower()
    assert file["Content-Type"] == "application/pdf" and file.content.startswith(b"%PDF")
    assert file["Content-Disposition"].startswith("attachment")
    letter = Letter.objects.get()
    assert (letter.state, letter.settled_on, letter.note) == ("sent", today, "By post")
    recorded = AuditEntry.objects.filter(action__startswith="letter.").order_by("number")
    assert [entry.action for entry in recorded] == [
        "letter.created",
        "letter.read",
        "letter.downloaded",
        "letter.sent",
    ]
    listed = text_of(client.get(reverse("rapid_response:letters")))
    assert f"{letter.reference} Invented police" in listed and "Sent" in listed


def test_several_are_written_to_in_one_act_each_for_the_area_that_it_serves(
    client, coordinator, deaths
):
    sign_in(client, coordinator)
    police, other = an_organisation(), an_organisation(area=HALTON)
    posted = typed(police) | {"organisation": [police.pk, other.pk], "area": ""}
    answer = client.post(reverse("rapid_response:write_letter"), posted)

    assert answer.url == reverse("rapid_response:letters")
    assert {(each.organisation, each.area_id) for each in Letter.objects.all()} == {
        (police, None),
        (other, HALTON),
    }


def test_where_one_cannot_be_written_to_nobody_is(coordinator, deaths):
    wrong = an_organisation("registrar")

    with pytest.raises(Refused, match="Invented registrar"):
        letters.write_to_all(
            [an_organisation(), wrong],
            YEAR,
            None,
            by=coordinator,
            attention="Chief",
            purpose="To look at them.",
        )
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"organisation": []}, "Choose an organisation"),
        ({"attention": " "}, "Enter to whom the letter goes"),
        ({"period": "2014-15-Q2"}, "A letter counts a year or more"),
        ({"period": "nonsense"}, "nonsense"),
        ({"area": "E99999999"}, "Choose one of the answers on the page"),
        ({"purpose": ""}, "Say what the letter is for"),
        ({"period": "2011-12"}, "nothing was asked of this addressee"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_typed_is_lost(
    client, coordinator, deaths, said, sentence
):
    sign_in(client, coordinator)
    posted = typed(an_organisation(), purpose="As I typed it.") | said
    answer = client.post(reverse("rapid_response:write_letter"), posted)

    assert sentence in text_of(answer)
    assert "As I typed it." in answer.content.decode() or "purpose" in said
    assert not Letter.objects.exists()


def test_the_database_keeps_no_letter_that_was_sent_on_no_day(coordinator, deaths):
    letter = written(coordinator)
    half = Letter(
        reference="D-HALF",
        organisation=letter.organisation,
        figures=[],
        state="sent",
        written_at=letter.written_at,
        written_by=coordinator,
    )

    with pytest.raises(IntegrityError, match="letter_settled"), transaction.atomic():
        Letter.objects.bulk_create([half])


def test_the_list_costs_the_same_with_one_letter_and_with_many(
    client, coordinator, deaths, django_assert_max_num_queries
):
    written(coordinator)
    address = reverse("rapid_response:letters")
    sign_in(client, coordinator).get(address)
    with django_assert_max_num_queries(20) as one:
        client.get(address)
    for kind in ("ambulance", "commissioner", "social_care"):
        written(coordinator, kind)

    with django_assert_max_num_queries(len(one)):
        client.get(address)
