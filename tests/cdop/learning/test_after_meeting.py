"""What a meeting leaves: its findings' recommendations are taken up once, by the team alone."""

import csv
import io

import pytest
from django.urls import reverse

from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused
from cdop.learning import actions, after_meeting, work
from cdop.learning.models import Recommendation
from cdop.panel import actions as panel
from cdop.reviews import national
from cdop.reviews.analysis_models import Recommended
from tests.cast import person
from tests.cdop.learning.makers import RECOMMENDS, WORDS, signed_off
from tests.cdop.panel.makers import on_agenda, opened, planned_meeting
from tests.cdop.reviews.makers import recorded
from tests.guard import nothing_forbidden
from tests.pages import sign_in, text_of

PEOPLE = ["coordinator", "chair", "member", "doctor", "reader", "governance_lead", "stranger"]


@pytest.fixture
def finding(chair, member):
    return signed_off(chair, member, recommendations=RECOMMENDS)


@pytest.fixture
def lines(finding):
    return list(finding.analysis.recommendations.order_by("position"))


def url(name, finding, *more):
    return reverse(f"learning:{name}", args=[finding.item.meeting_id, *more])


def taken(line, finding, by, **said):
    usual = {"words": line.words, "level": line.level, "to_whom": line.to_whom}
    return actions.take_up(line, finding, by=by, **usual | said)


def test_taken_up_it_has_the_day_of_the_meeting_and_points_to_no_area(coordinator, finding, lines):
    row = taken(lines[1], finding, coordinator)

    assert (row.finding, row.line, row.meeting) == (finding, lines[1], finding.item.meeting)
    assert (row.made_on, row.level) == (finding.item.meeting.held_on, "national")
    assert len(row.area_codes) == 4


def test_a_line_is_taken_up_once_by_whoever_is_first(coordinator, finding, lines):
    taken(lines[0], finding, coordinator)

    with pytest.raises(Refused, match="Somebody has taken this recommendation up already"):
        taken(lines[0], finding, person("coordinator"), words="Other words.")

    assert Recommendation.objects.count() == 1


def test_nothing_is_taken_up_before_the_finding_is_signed_off(coordinator, chair, member):
    meeting = planned_meeting(member, chair=chair)
    item = on_agenda(meeting)
    opened(meeting, chair=chair)
    finding = recorded(item, chair, recommendations=RECOMMENDS)
    line = Recommended.objects.get(position=0)

    with pytest.raises(Refused, match="not signed off"):
        taken(line, finding, coordinator)

    [found] = after_meeting.of(meeting, coordinator)
    assert [each.why_not != "" for each in found.lines] == [True, True]
    assert Recommendation.objects.count() == 0


@pytest.mark.parametrize("who", ["chair", "member", "doctor", "reader", "stranger"])
def test_only_the_team_takes_up(request, finding, lines, who):
    with pytest.raises(Refused) as refused:
        taken(lines[0], finding, request.getfixturevalue(who))

    assert refused.value.status == 403
    assert Recommendation.objects.count() == 0


def test_a_line_that_names_the_child_is_put_otherwise_first(coordinator, finding, lines):
    with pytest.raises(Refused, match="part of the child's name"):
        taken(lines[0], finding, coordinator, words="As it was with Aaaa.")

    assert taken(lines[0], finding, coordinator).words == WORDS


def test_words_that_an_earlier_version_had_are_not_taken_up_twice(
    coordinator, finding, lines, chair
):
    taken(lines[0], finding, coordinator)
    again = recorded(
        finding.item,
        chair,
        finding.version,
        recommendations=RECOMMENDS,
        why="The inquest found another cause.",
    )

    [found] = after_meeting.of(finding.item.meeting, coordinator)

    assert found.finding == again
    assert [each.taken_up is not None for each in found.lines] == [True, False]


def test_the_home_page_of_the_team_says_how_many_are_left(coordinator, member, finding, lines):
    panel.close_meeting(finding.item.meeting, by=person("chair"))
    left = f"{finding.item.meeting}: take up {{}}"

    assert [task.text.replace("\xa0", " ") for task in work.tasks_for(coordinator)] == [
        left.format("2 recommendations")
    ]
    taken(lines[0], finding, coordinator)
    assert [task.text.replace("\xa0", " ") for task in work.tasks_for(coordinator)] == [
        left.format("1 recommendation")
    ]
    taken(lines[1], finding, coordinator)
    assert work.tasks_for(coordinator) == work.tasks_for(member) == []


@pytest.mark.pages
@pytest.mark.parametrize("who", PEOPLE)
def test_the_page_is_there_for_the_team_alone(client, request, finding, lines, who):
    sign_in(client, request.getfixturevalue(who))
    expected = 200 if who == "coordinator" else 404

    with nothing_forbidden():
        page = client.get(url("after_meeting", finding))
    one = client.get(url("take_up", finding, lines[0].pk))

    assert (page.status_code, one.status_code) == (expected, expected)
    assert "Aaaa" not in page.content.decode()


@pytest.mark.pages
def test_the_page_takes_up_a_line_and_then_names_what_was_made_of_it(
    client, coordinator, finding, lines
):
    sign_in(client, coordinator)
    before = text_of(client.get(url("after_meeting", finding)))
    said = {"words": lines[0].words, "to_whom": "All trusts", "level": "local", "version": "0"}

    client.post(url("take_up", finding, lines[0].pk), said)

    row = Recommendation.objects.get()
    page = text_of(client.get(url("after_meeting", finding)))
    assert f"Take it up : {WORDS}" in before and "Signed off" in before
    assert f"Taken up as {row.reference} , made" in page
    assert f"Take it up : {WORDS}" not in page
    again = client.post(url("take_up", finding, lines[0].pk), said)
    assert (again.status_code, Recommendation.objects.count()) == (409, 1)


@pytest.mark.pages
def test_a_line_of_another_meeting_is_not_there(client, coordinator, finding, lines, member, chair):
    other = signed_off(person("chair"), person("member"), recommendations=RECOMMENDS)
    line = other.analysis.recommendations.first()

    page = sign_in(client, coordinator).get(url("take_up", finding, line.pk))

    assert page.status_code == 404


@pytest.mark.pages
@pytest.mark.parametrize("who", PEOPLE)
def test_the_national_lines_are_a_file_for_the_team_alone(client, request, finding, who):
    address = reverse("reviews:national", args=[finding.item.meeting_id])

    page = sign_in(client, request.getfixturevalue(who)).get(address)

    assert page.status_code == (200 if who == "coordinator" else 404)
    read = AuditEntry.objects.filter(action="national_lines.read").count()
    assert read == (1 if who == "coordinator" else 0)


@pytest.mark.pages
def test_a_national_line_says_what_is_counted_and_names_nobody(client, coordinator, finding):
    address = reverse("reviews:national", args=[finding.item.meeting_id])

    with nothing_forbidden():
        page = sign_in(client, coordinator).get(address)

    [row] = csv.DictReader(io.StringIO(page.content.decode()))
    assert tuple(row) == national.HEAD
    assert (row["Case"], row["Area"], row["Sex"]) == (finding.case.reference, "Halton", "Female")
    assert (row["Finding"], row["Still to be answered"]) == ("signed off", "")
    assert row["Category"] == "Infection"
    assert "Unsafe sleeping arrangements (grade 2, modifiable)" in row["Factors"]
    assert not [name for name in ("Aaaa", "Bbbb", "6 May") if name in page.content.decode()]
