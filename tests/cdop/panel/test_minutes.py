"""Minutes: drafted from what was recorded, edited, approved by who may read all of them, frozen."""

import subprocess
from datetime import UTC, datetime
from itertools import product

import pytest
from django.urls import reverse

from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused, Stale
from cdop.core.steps import why_not
from cdop.panel import actions, agenda, declarations, minutes
from cdop.panel.minutes import HIDDEN, Minutes
from cdop.panel.minutes_pdf import minutes_pdf
from cdop.panel.models import AgendaItem
from cdop.panel.states import MINUTES_STEPS, DeclarationState, MinutesState
from tests.cast import person
from tests.cdop.panel.makers import on_agenda, opened, planned_meeting, seated
from tests.cdop.reviews.makers import recorded
from tests.guard import nothing_forbidden
from tests.makers import ANSWERS
from tests.pages import sign_in, text_of

D, N = DeclarationState, MinutesState
PEOPLE = ["coordinator", "chair", "vice_chair", "member", "other_member", "doctor", "reader"]


@pytest.fixture
def vice_chair(db):
    return person("vice_chair")


@pytest.fixture
def meeting(chair, vice_chair, member):
    """A meeting that was held: one case found, one deferred, and an interest in the first."""
    meeting = planned_meeting(member, chair=chair)
    seated(meeting, vice_chair, "public_health")
    first, second = on_agenda(meeting), on_agenda(meeting)
    said = declarations.declare(first, member, interest="I knew them.", by=member)
    declarations.decide(said, D.LEAVES, reason="It is near.", version=1, by=chair)
    opened(meeting, chair=chair)
    recorded(AgendaItem.objects.get(pk=first.pk), chair)
    agenda.defer(second, why="The report is missing.", version=1, by=chair)
    return actions.close_meeting(meeting, by=chair)


@pytest.fixture
def row(meeting) -> Minutes:
    return Minutes.objects.select_related("meeting").get()


def texts(row: Minutes) -> list[str]:
    return [part["text"] for part in row.parts]


def with_chair(row, coordinator) -> Minutes:
    return minutes.put_to_chair(row, version=row.version, by=coordinator)


def url(name, row) -> str:
    return reverse(f"panel:{name}", args=[row.meeting_id])


@pytest.mark.parametrize(("here", "there"), list(product(N, N)))
def test_only_the_listed_steps_can_be_taken(request, here, there, coordinator):
    row = Minutes(state=here)
    cast = [request.getfixturevalue(name) for name in PEOPLE]

    allowed = [who for who in cast if not why_not(row, there, by=who)]

    needed = MINUTES_STEPS.get((here, there))
    assert allowed == [who for who in cast if needed and who.can(needed)]


def test_the_draft_says_who_came_the_quorum_interests_and_each_case(row, meeting):
    first, second = meeting.agenda.order_by("position")
    said = {part["heading"]: part["text"] for part in row.parts}

    assert list(said) == [
        "Who came",
        "Confidentiality",
        "Quorum",
        f"Case {first}",
        f"Case {second}",
        "Other business",
    ]
    assert said["Who came"].startswith("Present: Chair (")
    assert "Everybody who was present had accepted" in said["Confidentiality"]
    assert said[f"Case {first}"].splitlines()[:3] == [
        "Panel member declared an interest: leaves for this case. Chair: It is near.",
        "The finding was recorded. How it was reached: everybody agreed.",
        "Category: Infection.",
    ]
    assert said[f"Case {second}"].splitlines() == [
        "No interest was declared in this case.",
        "Deferred: The report is missing.",
    ]


def test_the_minutes_are_drafted_once_and_again_only_while_they_are_a_draft(
    row, meeting, coordinator, chair
):
    assert minutes.draft(meeting, by=chair) == row
    edited = minutes.save(row, ["x"] * len(row.parts), version=1, by=coordinator)
    assert texts(edited) == ["x"] * len(row.parts)

    anew = minutes.draft_anew(edited, version=2, by=coordinator)
    put = with_chair(anew, coordinator)

    assert texts(anew) == texts(row)
    for act in (minutes.draft_anew, lambda m, **k: minutes.save(m, texts(m), **k)):
        with pytest.raises(Refused, match="with the chair"):
            act(put, version=put.version, by=coordinator)


def test_the_chair_gives_them_back_with_a_remark_and_approves_them_once(
    row, coordinator, chair, vice_chair
):
    put = with_chair(row, coordinator)
    with pytest.raises(Refused, match="Say what"):
        minutes.give_back(put, remark=" ", version=put.version, by=chair)
    back = minutes.give_back(put, remark="Add who spoke.", version=put.version, by=chair)
    assert (back.state, back.remark) == (N.DRAFT, "Add who spoke.")
    put = with_chair(back, coordinator)

    approved = minutes.approve(put, version=put.version, by=chair)

    assert (approved.state, approved.approved_by, approved.remark) == (N.APPROVED, chair, "")
    with pytest.raises(Stale):
        minutes.approve(put, version=put.version, by=vice_chair)
    with pytest.raises(Refused, match="cannot become approved"):
        minutes.approve(approved, version=approved.version, by=vice_chair)
    with pytest.raises(Refused, match="approved, so they stay"):
        minutes.save(approved, texts(approved), version=approved.version, by=coordinator)


def test_a_meeting_that_is_not_closed_has_no_finished_minutes(chair, coordinator):
    meeting = planned_meeting(chair=chair)
    drafted = minutes.draft(meeting, by=coordinator)

    with pytest.raises(Refused, match="not closed yet"):
        with_chair(drafted, coordinator)


def test_who_left_for_a_case_reads_the_rest_and_a_chair_who_did_approves_nothing(
    row, meeting, coordinator, chair, vice_chair, member
):
    first = meeting.agenda.order_by("position").first()
    put = with_chair(row, coordinator)

    shown = {part["heading"]: part["text"] for part in minutes.shown_to(put, member)}
    assert [heading for heading, text in shown.items() if text == HIDDEN] == [f"Case {first}"]
    assert minutes.shown_to(put, chair) == put.parts
    declarations.Declaration.objects.filter(user=member).update(user=chair, decided_by=vice_chair)

    with pytest.raises(Refused, match="Somebody else who chairs") as refused:
        minutes.approve(put, version=put.version, by=chair)
    assert refused.value.status == 403
    assert minutes.approve(put, version=put.version, by=vice_chair).approved_by == vice_chair


@pytest.mark.parametrize("state", N)
@pytest.mark.parametrize("who", [*PEOPLE, "stranger"])
def test_who_reads_minutes_on_the_page_and_as_a_file(client, request, row, coordinator, who, state):
    stamp = {"approved_at": datetime(2014, 10, 1, tzinfo=UTC), "approved_by": coordinator}
    Minutes.objects.update(state=state, **(stamp if state == N.APPROVED else {}))
    always = {"coordinator", "chair", "vice_chair"}
    may = always | {"member"} if state == N.APPROVED else always
    sign_in(client, request.getfixturevalue(who))

    with nothing_forbidden():
        pages = [client.get(url(name, row)) for name in ("minutes", "minutes_file")]

    expected = 200 if who in may else 404
    assert [page.status_code for page in pages] == [expected, expected]
    reads = AuditEntry.objects.filter(action__in=["minutes.read", "minutes.downloaded"])
    assert reads.count() == (2 if who in may else 0)


def test_editing_refuses_what_says_who_a_child_was_and_keeps_what_was_typed(
    client, coordinator, row
):
    sign_in(client, coordinator)
    typed = {f"part-{n}": text for n, text in enumerate(texts(row))} | {"version": "1"}
    last = f"part-{len(row.parts) - 1}"

    page = client.post(url("edit_minutes", row), typed | {last: "One.\nBbbb rang us."})

    assert "Line 2 has “Bbbb”, which is part of the mother's name." in text_of(page)
    assert "Bbbb rang us.</textarea>" in page.content.decode()
    saved = client.post(url("edit_minutes", row), typed | {last: "The mother rang us."})
    again = client.post(url("edit_minutes", row), typed | {last: "Too late."})
    row.refresh_from_db()
    assert (saved.status_code, again.status_code) == (302, 409)
    assert row.parts[-1]["text"] == "The mother rang us."
    assert "Too late.</textarea>" in again.content.decode()


def test_a_draft_that_names_a_child_is_not_put_to_the_chair(client, coordinator, chair, row):
    row.parts[-1]["text"] = "Aaaa was a twin."
    Minutes.objects.update(parts=row.parts)
    sign_in(client, coordinator)

    page = client.post(url("put_minutes", row), {"version": "1"})

    assert page.status_code == 409
    assert "Other business: Line 1 has “Aaaa”" in text_of(page)
    row.refresh_from_db()
    assert row.state == N.DRAFT


def test_the_pages_take_the_minutes_to_the_chair_and_back(client, coordinator, chair, row):
    assert sign_in(client, coordinator).post(url("put_minutes", row)).status_code == 400
    client.post(url("put_minutes", row), {"version": "1"})
    sign_in(client, chair)
    stale = client.post(url("approve_minutes", row), {"version": "1"})
    client.post(url("approve_minutes", row), {"version": "2"})

    page = text_of(client.get(url("minutes", row)))

    assert stale.status_code == 409
    assert "Approved by Chair" in page and "Approve the minutes" not in page


def test_the_file_holds_no_identity_of_any_child(tmp_path, row, chair, member):
    file = tmp_path / "minutes.pdf"
    file.write_bytes(minutes_pdf(row, minutes.shown_to(row, chair)))

    told = ["pdftotext", "-layout", str(file), "-"]
    said = subprocess.run(told, capture_output=True, check=True, text=True).stdout

    assert "Minutes of the meeting of 18 September 2014" in said
    assert "Draft: not approved by the chair" in said
    for part in row.parts:
        assert part["heading"] in said
    case = row.meeting.agenda.first().case
    names = ("given_names", "family_name", "nhs_number", "postcode", "mother_name")
    for hidden in (case.reference, *(ANSWERS[name] for name in names), "1 February 2014", "6 May"):
        assert hidden not in said
    assert minutes_pdf(row, row.parts) == minutes_pdf(row, row.parts)
    other = minutes_pdf(row, minutes.shown_to(row, member))
    assert other != minutes_pdf(row, row.parts), "without the part of the case for which they left"
