"""What people at an agency do by their link: answer, hand over, approve, return."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cdop.agency_reports import answering
from cdop.agency_reports.models import Reply
from cdop.agency_reports.states import RequestState, Role
from cdop.core import documents, drafts, sealing
from cdop.core.messages import Message
from cdop.core.refusals import Refused, Stale
from cdop.core.sealing import CannotUnseal
from cdop.core.uploads import Accepted
from tests.cdop.agency_reports.makers import answer, asked, fresh, link_of, opens, returned
from tests.makers import opened_case
from tests.pages import text_of

R = RequestState
CHILD = "form_b.child"


@pytest.fixture
def made(coordinator):
    return asked(coordinator)


@pytest.fixture
def link(made):
    return link_of(made)


def page_of(link, code=CHILD) -> str:
    return reverse("agency:page", args=[link.request.reference, code])


def at(name: str, link) -> str:
    return reverse(f"agency:{name}", args=[link.request.reference])


def version_of(link) -> int:
    return answering.draft_of(fresh(link.request)).version


def assigned(link, *, approves=False):
    made = answering.assign(link, name="Resp", email="resp@example.org", approves=approves)
    return link_of(fresh(made), Role.RESPONDENT)


def test_what_is_typed_is_kept_sealed_right_or_wrong(client, link):
    opens(client, link)

    page = client.post(page_of(link), {"version": "0", "birth_weight": "heavy", "growth": "9 kg"})

    assert page.url == f"{page_of(link)}?again=yes"
    again = client.get(page.url)
    assert "Enter a whole number in figures" in text_of(again)
    assert b'value="heavy"' in again.content and b'value="9 kg"' in again.content
    draft = answering.draft_of(fresh(link.request))
    assert b"heavy" not in bytes(draft.sealed)


def test_going_on_leads_through_the_pages_that_are_not_finished(client, link):
    opens(client, link)

    page = client.post(page_of(link), {"version": "0", "rest": "yes"})

    assert page.url == page_of(link, "form_b.parents")
    later = client.post(page_of(link, "form_b.parents"), {"version": "0", "later": "yes"})
    assert later.url == at("tasks", link)


def test_a_page_saved_in_another_window_shows_both_and_loses_neither(client, link):
    opens(client, link)
    client.post(page_of(link), {"version": "0", "growth": "9 kg"})

    page = client.post(page_of(link), {"version": "0", "growth": "8 kg"})

    assert page.status_code == 409
    assert "9 kg" in text_of(page) and "8 kg" in text_of(page)
    client.post(page_of(link), {"version": "1", "growth": "8 kg"})
    assert answering.paper_of(fresh(link.request)).answers["growth"] == "8 kg"


def test_the_same_page_sent_twice_is_no_conflict(client, link):
    opens(client, link)
    for _ in range(2):
        assert client.post(page_of(link), {"version": "0", "growth": "9 kg"}).status_code == 302


def test_a_page_with_far_too_much_is_refused(client, link):
    opens(client, link)

    page = client.post(page_of(link), {"version": "0", "growth": "x" * 200_001})

    assert page.status_code == 413


def test_a_page_that_is_not_asked_is_not_there(client, link):
    opens(client, link)

    assert client.get(page_of(link, "drowning.water")).status_code == 404
    assert client.post(page_of(link, "nothing.here"), {"version": "0"}).status_code == 404


def test_a_whole_report_is_returned_and_ends_the_link(link):
    answer(link, {"disability": ["yes"], "disability_which": ["Hearing"]})

    made = answering.send(link, version=version_of(link))

    assert (made.state, made.questions) == (R.RETURNED, made.considered)
    assert made.known == 2
    reply = made.replies.get()
    assert reply.content["answers"]["disability_which"] == "Hearing"
    assert answering.why_closed(link_of_any(link))


def link_of_any(link):
    link.refresh_from_db()
    link.request = fresh(link.request)
    return link


def test_with_questions_left_blank_it_is_returned_in_part(link):
    answer(link, {"growth": ["9 kg"]}, rest="")

    made = answering.send(link, version=version_of(link))

    assert (made.state, made.considered, made.known) == (R.PARTIAL, 1, 1)


def test_with_a_mistake_nothing_is_sent(client, link):
    opens(client, link)
    client.post(page_of(link), {"version": "0", "birth_weight": "heavy"})

    page = client.get(at("check", link))

    assert "has to be put right first" in text_of(page)
    with pytest.raises(Refused, match="put right"):
        answering.send(link, version=version_of(link))
    assert not Reply.objects.exists()


def test_what_was_changed_after_the_check_page_is_not_sent_unseen(client, link):
    answer(link, {})
    seen = version_of(link)
    answering.save(link, CHILD, {"growth": ["9 kg"]}, version=1)

    with pytest.raises(Stale):
        answering.send(link, version=seen)
    opens(client, link)
    assert client.post(at("check", link), {"version": str(seen)}).status_code == 409


def test_two_presses_of_send_are_one_report(client, link):
    answer(link, {})
    opens(client, link)
    version = str(version_of(link))

    first = client.post(at("check", link), {"version": version})
    second = client.post(at("check", link), {"version": version})

    assert first.url == at("sent", link)
    assert "opens nothing any more" in text_of(second)
    assert Reply.objects.count() == 1


def test_an_agency_that_holds_nothing_says_so_and_where_it_looked(client, link):
    opens(client, link)
    client.post(page_of(link), {"version": "0", "growth": "of another child"})

    page = client.post(at("nothing", link), {"why": "By name and NHS number"})

    made = fresh(link.request)
    assert (made.state, made.ended_why) == (R.NIL, "By name and NHS number")
    assert not drafts.Draft.objects.filter(kind=answering.DRAFT_KIND).exists()
    assert "holds nothing" in text_of(client.get(page.url))


def test_a_colleague_goes_on_with_what_was_typed(client, link):
    answering.save(link, CHILD, {"growth": ["9 kg"]}, version=0)

    respondent = assigned(link)

    assert fresh(link.request).state == R.ASSIGNED
    assert b'value="9 kg"' in opens(client, respondent).get(page_of(respondent)).content
    letter = Message.objects.get(template="report_assigned")
    assert "9 kg" not in letter.body and "Invented" not in letter.body


def test_while_a_colleague_answers_the_contact_cannot(client, link):
    assigned(link)

    with pytest.raises(Refused, match="gave this to a colleague"):
        answering.save(link, CHILD, {}, version=0)
    opens(client, link)
    assert "You gave this to a colleague" in text_of(client.get(at("tasks", link)))
    assert client.get(page_of(link)).url == at("tasks", link)


def test_the_contact_takes_it_back_and_the_colleagues_link_ends(link):
    respondent = assigned(link)
    answering.save(respondent, CHILD, {"growth": ["9 kg"]}, version=0)

    made = answering.take_back(link)

    assert made.state == R.ASKED
    assert answering.why_closed(link_of_any(respondent))
    assert answering.paper_of(fresh(made)).answers["growth"] == "9 kg"


def test_where_the_contact_wants_to_read_it_nothing_is_returned_before(client, link):
    respondent = assigned(link, approves=True)
    answer(respondent, {"growth": ["9 kg"]})

    made = answering.send(respondent, version=version_of(link))

    assert (made.state, made.returned_at, Reply.objects.count()) == (R.TO_APPROVE, None, 0)
    assert Message.objects.filter(template="report_to_approve").count() == 1
    shown = text_of(opens(client, link).get(at("approve", link)))
    assert "9 kg" in shown
    with pytest.raises(Refused, match="waits for the approval"):
        answering.save(respondent, CHILD, {}, version=1)
    made = answering.approve(link, version=version_of(link))
    assert made.state == R.RETURNED


def test_the_contact_gives_it_back_with_a_remark(client, link):
    respondent = assigned(link, approves=True)
    answer(respondent, {})
    answering.send(respondent, version=version_of(link))

    opens(client, link)
    client.post(at("approve", link), {"give_back": "yes", "remark": "Add the clinic letters"})

    assert fresh(link.request).state == R.ASSIGNED
    assert "Add the clinic letters" in text_of(opens(client, respondent).get(at("tasks", link)))
    letter = Message.objects.get(template="report_given_back")
    assert "clinic" not in letter.body


def test_a_respondent_cannot_approve(client, link):
    respondent = assigned(link, approves=True)
    answer(respondent, {})
    answering.send(respondent, version=version_of(link))

    with pytest.raises(Refused, match="nothing to approve"):
        answering.approve(respondent, version=version_of(link))
    opens(client, respondent)
    assert client.get(at("approve", respondent)).url == at("tasks", respondent)
    assert fresh(link.request).state == R.TO_APPROVE


def test_files_go_with_the_answers_and_can_be_taken_out_before(client, link, store):
    opens(client, link)
    for name in ("one.txt", "two.txt"):
        file = SimpleUploadedFile(name, b"invented words", "text/plain")
        assert client.post(at("files", link), {"file": file}).status_code == 302
    draft = answering.draft_of(fresh(link.request))
    out = documents.of(draft.data_key).first()

    client.post(reverse("agency:remove", args=[link.request.reference, out.pk]))
    answer(link, {})
    made = answering.send(link, version=version_of(link))

    key = made.replies.select_related("data_key").get().data_key
    assert [file.name for file in documents.of(key)] == ["two.txt"]


def test_a_file_of_another_report_cannot_be_taken_out(coordinator, link, store):
    other = link_of(asked(coordinator))
    file = answering.attach(other, Accepted("theirs.txt", "text/plain", b"x"))

    assert not answering.take_out(link, file.pk)
    assert documents.Document.objects.filter(pk=file.pk).exists()


def test_a_report_takes_no_more_files_than_anybody_needs(link, store, monkeypatch):
    monkeypatch.setattr(answering, "MOST_FILES", 1)
    answering.attach(link, Accepted("one.txt", "text/plain", b"x"))

    with pytest.raises(Refused, match="at most 1"):
        answering.attach(link, Accepted("two.txt", "text/plain", b"x"))


def test_nothing_of_another_agency_stands_on_any_page(client, coordinator):
    case = opened_case()
    returned(coordinator, {"growth": ["Said by the hospital"]}, case=case, agency="hospital")
    link = link_of(asked(coordinator, case, "police"))
    opens(client, link)

    pages = [
        client.get(at("tasks", link)),
        client.get(page_of(link)),
        client.get(at("files", link)),
    ]

    assert not any("Said by the hospital" in text_of(page) for page in pages)


def test_once_the_key_of_a_reply_is_destroyed_nobody_reads_it(coordinator):
    reply = returned(coordinator).replies.select_related("data_key").get()
    sealing.destroy(reply.data_key)

    with pytest.raises(CannotUnseal):
        assert reply.content


def test_a_draft_waits_as_long_as_the_request_is_open(link):
    answering.save(link, CHILD, {"growth": ["9 kg"]}, version=0)

    draft = answering.draft_of(fresh(link.request))

    assert draft.expires_at - draft.saved_at > drafts.LIFETIME * 20
