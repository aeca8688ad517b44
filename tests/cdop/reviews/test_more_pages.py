"""Pages around a finding: the lead's draft, the team's draft, versions, the gate, the list."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from cdop.core.audit import AuditEntry
from cdop.core.drafts import Draft
from cdop.core.periods import Period
from cdop.panel import actions as panel
from cdop.panel import agenda
from cdop.reviews import actions, queries
from cdop.reviews.content import FactorLine
from cdop.reviews.finding_models import Explained, NationalQuery, PreparedFinding
from cdop.reviews.forms import typed_of
from cdop.reviews.models import DraftAnswer, DraftReading, Finding
from cdop.reviews.vocabulary_models import FactorTerm, FoldedWords
from tests.cast import TESTS, person
from tests.cdop.panel.makers import on_agenda, opened, planned_meeting, ready_case, seated
from tests.cdop.reviews.makers import AGREED, recorded, sent_review, whole
from tests.guard import nothing_forbidden
from tests.pages import date_parts, sign_in, text_of

pytestmark = pytest.mark.pages

SEND, KEEP = {"do": "send"}, {"do": "keep"}


@pytest.fixture
def meeting(chair, member, other_member):
    return planned_meeting(member, other_member, chair=chair)


@pytest.fixture
def item(meeting, member):
    """A case that the member leads."""
    row = on_agenda(meeting)
    said = {"minutes_planned": 20, "lead": member, "second": None}
    return agenda.plan_item(row, **said, version=row.version, by=TESTS)


@pytest.fixture
def signed(item, meeting, chair):
    opened(meeting, chair=chair)
    return actions.sign_off(recorded(item, chair), version=1, by=chair)


def url(name, item, *more):
    return reverse(f"reviews:{name}", args=[item.meeting_id, item.serial, *more])


def posted(content=None, **more):
    boxes = typed_of(content or whole(), AGREED) | {name: [value] for name, value in more.items()}
    return {"lines": "6", "draft": "0", "version": "0"} | boxes


def test_the_page_says_what_opening_the_draft_means_and_then_shows_it(
    client, item, member, other_member
):
    sent_review(item, member)
    sign_in(client, other_member)

    with nothing_forbidden():
        first = client.get(url("draft", item))
        assert "You can then send no review of your own" in text_of(first)
        assert "Unsafe sleeping" not in text_of(first)
        assert DraftReading.objects.count() == 0, "opening the page opens no draft"
        page = client.post(url("draft", item), follow=True)
        assert "The draft: Unsafe sleeping arrangements (grade 2, modifiable)" in text_of(page)
        wrong = client.post(url("draft", item), {"category-stands": "question"})
        assert text_of(wrong).count("Say what you question") == 2
        said = {
            "category-stands": "agree",
            "factor-0-stands": "question",
            "factor-0-words": "A cot",
        }
        done = client.post(url("draft", item), said, follow=True)

    assert "What was said to the lead’s draft" in text_of(done)
    assert f"{other_member} questions it: A cot" in text_of(done)
    assert DraftAnswer.objects.count() == 2
    blocked = client.post(url("review", item), posted() | SEND)
    assert blocked.status_code == 409
    assert "you can no longer send a review made alone" in text_of(blocked)


def test_nothing_said_is_not_sent(client, item, member, other_member):
    sent_review(item, member)
    sign_in(client, other_member)
    client.post(url("draft", item))

    page = client.post(url("draft", item), {})

    assert "Answer at least one question" in text_of(page)
    assert DraftReading.objects.get().sent_at is None


def test_the_coordinator_prepares_from_the_leads_review_and_the_chair_begins_with_it(
    client, item, meeting, member, coordinator, chair
):
    sent_review(item, member, cause="As the lead saw it")
    sign_in(client, coordinator)
    assert "As the lead saw it" in client.get(url("prepare", item)).content.decode()
    read = AuditEntry.objects.filter(action="reviews.read", actor=coordinator)
    assert read.count() == 1

    client.post(url("prepare", item), posted(cause="As prepared") | SEND)
    kept = client.post(url("prepare", item), posted(cause="Half", version="1") | KEEP)

    assert kept.status_code == 302 and Draft.objects.get().kind == "prepared"
    assert PreparedFinding.objects.get().analysis.cause == "As prepared"
    opened(meeting, chair=chair)
    sign_in(client, chair)
    assert "As prepared</textarea>" in client.get(url("record", item)).content.decode()
    assert "Draft for the panel" in text_of(client.get(url("compare", item)))


def test_who_did_not_agree_is_not_named(client, item, meeting, chair, member):
    opened(meeting, chair=chair)
    sign_in(client, chair)
    majority = {"reached": "majority", "dissent": ""}

    empty = client.post(url("record", item), posted(**majority) | SEND)
    named = {
        "reached": "majority",
        "dissent": f"{str(member).upper()} thought otherwise",
        "draft": "1",
    }
    page = client.post(url("record", item), posted(**named) | SEND)

    assert "Say what those thought who did not agree" in text_of(empty)
    assert "Take out who said it" in text_of(page)
    assert Finding.objects.count() == 0


def test_a_new_version_is_recorded_with_its_reason_and_the_old_one_read(
    client, signed, item, chair, member
):
    sign_in(client, chair)
    assert "Change it: a new version, with a reason" in text_of(client.get(url("finding", item)))

    without = client.post(url("record", item), posted(version="2", cause="Later") | SEND)
    said = posted(version="2", cause="Later", why="The report came")
    page = client.post(url("record", item), said | SEND, follow=True)

    assert "Say why the finding is changed" in text_of(without)
    assert "Version 2. Why it was changed: The report came" in text_of(page)
    sign_in(client, member)
    old = text_of(client.get(url("version", item, 1)))
    assert "Signed off by Chair" in old and "Not known yet" in old and "Later" not in old
    assert client.get(url("version", item, 3)).status_code == 404


def test_points_are_explained_on_their_page(client, item, meeting, chair, coordinator):
    opened(meeting, chair=chair)
    recorded(item, chair, grades={})
    sign_in(client, coordinator)
    assert "“Service provision” has no grade." in text_of(client.get(url("finding", item)))

    at = url("explain", item, 4)
    empty = client.post(at, {"version": "1", "point": "grade-service|", "words": ""})
    client.post(at, {"version": "1", "point": "grade-service|", "words": "No service knew them."})

    assert "Say why it stays as it is" in text_of(empty)
    kept = Explained.objects.get()
    assert (kept.point, kept.words) == ("grade-service", "No service knew them.")
    assert "Explained: No service knew them." in text_of(client.get(url("finding", item)))
    assert client.get(url("explain", item, 9)).status_code == 404


def test_a_query_and_its_answer_are_kept_after_the_signature(client, signed, item, chair):
    sign_in(client, chair)

    client.post(
        url("ask", item), {"version": "0", "words": "Which?"} | date_parts("asked_on", 5, 1, 2015)
    )
    row = NationalQuery.objects.get()
    early = {"version": "1", "answer": "This"} | date_parts("answered_on", 4, 1, 2015)
    wrong = client.post(url("answered", item, row.pk), early)
    later = early | date_parts("answered_on", 6, 1, 2015)
    client.post(url("answered", item, row.pk), later)

    assert "This is before the day on which it was asked" in text_of(wrong)
    said = text_of(client.get(url("finding", item)))
    assert "5 January 2015: Which?" in said and "Answered 6 January 2015: This" in said


@pytest.mark.parametrize("who", ["chair", "member", "doctor", "reader", "stranger"])
def test_nobody_but_the_team_reaches_the_list_of_factors(client, request, db, who):
    sign_in(client, request.getfixturevalue(who))

    for name in ("factors", "free_words"):
        assert client.get(reverse(f"reviews:{name}")).status_code == 404


def test_the_coordinator_keeps_the_list_of_factors(client, coordinator):
    sign_in(client, coordinator)
    new = reverse("reviews:new_factor", args=["lscb-2015"])
    boxes = {"version": "0", "domain": "parenting", "label": "Sofa"}

    client.post(new, boxes)
    twice = client.post(new, boxes)
    row = FactorTerm.objects.get()
    at = reverse("reviews:merge_factor", args=["lscb-2015", "parenting", row.code])
    client.post(at, {"version": "1", "into": "unsafe_sleep"})

    assert "The list has “Sofa” already" in text_of(twice)
    listed = text_of(client.get(reverse("reviews:factors") + "?guidance=lscb-2015"))
    assert "Counted under another Unsafe sleeping arrangements" in listed
    client.post(reverse("reviews:unmerge_factor", args=[row.pk]), {"version": "2"})
    client.post(reverse("reviews:end_factor", args=[row.pk]), {"version": "3"})
    row.refresh_from_db()
    assert (row.merged_into, row.ended_on is not None, row.history.count()) == (None, True, 4)


def test_free_words_are_folded_and_taken_out_again(client, item, meeting, chair, coordinator):
    opened(meeting, chair=chair)
    line = FactorLine(0, "parenting", "", "On a sofa", "2", True)
    actions.sign_off(recorded(item, chair, factors=(line,)), version=1, by=chair)
    sign_in(client, coordinator)
    at = reverse("reviews:fold_words", args=["lscb-2015", "parenting"])

    client.post(f"{at}?words=On+a+sofa", {"version": "0", "into": "unsafe_sleep"})

    row = FoldedWords.objects.get()
    page = text_of(client.get(reverse("reviews:free_words")))
    assert "On a sofa" in page and "Unsafe sleeping arrangements" in page
    assert client.get(f"{at}?words=Nobody+said+this").status_code == 404
    client.post(reverse("reviews:unfold_words", args=[row.pk]), {"version": "1"})
    row.refresh_from_db()
    assert row.term is None


def test_counts_are_shown_and_downloaded_and_each_is_recorded(client, signed, coordinator, chair):
    for who in (coordinator, chair):
        sign_in(client, who)
        period = str(Period.of(localdate()))
        page = text_of(client.get(reverse("reviews:factor_count"), {"period": period}))
        assert "Unsafe sleeping arrangements Parenting capacity 1 1 1" in page
        file = client.get(reverse("reviews:factor_count_file"), {"period": period})
        assert "All lines,,2,,1" in file.content.decode()
        for name in ("agreement", "agreement_file"):
            assert client.get(reverse(f"reviews:{name}"), {"period": "2014-15"}).status_code == 200
    actions_of = AuditEntry.objects.filter(action__startswith="factor_count.")
    assert actions_of.count() == 4


@pytest.fixture
def neonatal(chair, member, coordinator):
    """Three babies on the agenda of an open neonatal meeting."""
    meeting = planned_meeting(member, chair=chair)
    said = {"kind": "neonatal", "version": meeting.version}
    from_before = {name: getattr(meeting, name) for name in ("held_on", "place", "begins", "theme")}
    panel.change_plan(meeting, **from_before, papers_due_on=None, **said, by=TESTS)
    items = [on_agenda(meeting, ready_case({"nhs_number": f"99900{n:05}"})) for n in range(3)]
    return opened(meeting, chair=chair), items


def short(item, content, **more):
    """The boxes of one case on the page of all of them."""
    said = typed_of(content, AGREED) | {name: [value] for name, value in more.items()}
    boxes = {f"{item.serial}-{name}": values for name, values in said.items()}
    return boxes | {f"{item.serial}-draft": "0", f"{item.serial}-version": "0"}


def test_several_babies_are_reviewed_together_each_with_its_own_finding(client, neonatal, chair):
    meeting, (first, second, third) = neonatal
    at = reverse("reviews:together", args=[meeting.pk])
    sign_in(client, chair)
    boxes = {
        **short(first, whole(cause="One")),
        **short(second, whole(cause="Two")),
        f"{third.serial}-draft": "0",
        f"{third.serial}-version": "0",
    }

    with nothing_forbidden():
        assert client.get(at).status_code == 200
        client.post(at, boxes | {"do": first.serial})

    found = Finding.objects.get()
    assert (found.item, found.reached, found.analysis.cause) == (first, "agreed", "One")
    assert [draft.subject for draft in Draft.objects.all()] == [f"agendaitem:{second.pk}"]
    page = client.get(at).content.decode()
    assert "Two</textarea>" in page, "what was typed of the others is kept"
    again = boxes | {f"{second.serial}-draft": "1", f"{first.serial}-version": "1"}
    client.post(at, again | {"do": second.serial})
    assert list(Finding.objects.values_list("analysis__cause", flat=True)) == ["One", "Two"]


def test_what_is_wrong_is_said_beside_its_boxes_and_nothing_is_lost(client, neonatal, chair):
    meeting, (first, second, _) = neonatal
    at = reverse("reviews:together", args=[meeting.pk])
    boxes = {**short(first, whole(modifiable="not_modifiable")), **short(second, whole())}

    page = sign_in(client, chair).post(at, boxes | {"do": first.serial})

    assert "is marked as modifiable, so the answer must be" in text_of(page)
    assert page.content.decode().count("Not known yet</textarea>") == 2
    assert Finding.objects.count() == 0


def test_a_case_is_taken_out_to_the_full_form_with_what_was_typed(client, neonatal, chair):
    meeting, (first, *_) = neonatal
    at = reverse("reviews:together", args=[meeting.pk])
    boxes = short(first, whole(cause="Typed on the short form"))

    page = sign_in(client, chair).post(at, boxes | {"do": f"out-{first.serial}"}, follow=True)

    assert page.redirect_chain[-1][0] == url("record", first)
    assert "Typed on the short form</textarea>" in page.content.decode()


def test_what_the_short_form_does_not_show_is_recorded_with_it(client, neonatal, chair):
    meeting, (first, *_) = neonatal
    sign_in(client, chair)
    long = posted(cause="Long", issues="Only on the long form")
    client.post(url("record", first), long | KEEP)

    boxes = short(first, whole(cause="Short")) | {f"{first.serial}-draft": "1"}
    client.post(reverse("reviews:together", args=[meeting.pk]), boxes | {"do": first.serial})

    content = queries.content_of(Finding.objects.get().analysis_id)
    assert (content.cause, content.issues) == ("Short", "Only on the long form")


def test_the_page_asks_the_database_as_often_for_three_cases_as_for_two(client, neonatal, chair):
    meeting, items = neonatal
    sign_in(client, chair)

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(reverse("reviews:together", args=[meeting.pk]))
        return len(seen)

    asked()
    three = asked()
    agenda.defer(items[2], why="Later", version=items[2].version, by=TESTS)
    assert asked() == three


def test_only_who_records_reviews_together_and_only_at_a_neonatal_meeting(
    client, neonatal, member, coordinator, chair
):
    at = reverse("reviews:together", args=[neonatal[0].pk])
    for who in (member, coordinator, person("chair", "Another chair")):
        assert sign_in(client, who).get(at).status_code == 404
    other = planned_meeting(held_on=date(2014, 10, 2))
    seated(other, chair, "chair")
    sign_in(client, chair)
    assert client.get(reverse("reviews:together", args=[other.pk])).status_code == 404
