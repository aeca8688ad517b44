"""Letters out and answers in: read by two people, sent once, recorded, naming nobody."""

from datetime import timedelta

import pypdfium2
import pytest
from django.db import IntegrityError, connections, transaction
from django.utils.timezone import localdate

from cdop.core import documents, sealing
from cdop.core.audit import AuditEntry
from cdop.core.messages import PURPOSE, Message
from cdop.core.refusals import Refused, Stale
from cdop.core.uploads import Accepted
from cdop.learning import actions, evidence, letters, responses
from cdop.learning.letter_models import LearningLetter
from cdop.learning.letter_pdf import letter_pdf
from cdop.learning.progress import ProgressNote
from cdop.learning.states import LetterState
from tests.cast import person
from tests.cdop.core.test_senders import in_threads
from tests.cdop.learning.makers import (
    MADE_ON,
    WORDS,
    agreed,
    in_days,
    made,
    signed_off,
    trust,
    written,
)

S = LetterState
SCAN = Accepted("answer.txt", "text/plain", b"We accept.")


@pytest.fixture
def deputy(db):
    return person("deputy_coordinator")


def approved(letter, by):
    return letters.approve(letter, by=by, version=letter.version)


def words_of(letter) -> str:
    pages = pypdfium2.PdfDocument(letter_pdf(letter))
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def test_by_email_it_goes_with_the_approval_of_a_second_person(coordinator, deputy):
    letter = written(coordinator)
    assert not Message.objects.exists()

    letter = approved(letter, deputy)

    [message] = Message.objects.select_related("data_key")
    sent_to = sealing.unseal(message.data_key, PURPOSE, message.sealed).decode()
    assert (letter.state, letter.settled_on, letter.approved_by) == (S.SENT, localdate(), deputy)
    assert sent_to == "director@example.org"
    assert WORDS in message.body and letter.words in message.body
    assert letter.reference in message.subject and "child" not in message.subject.lower()
    disclosed = AuditEntry.objects.get(action="learningletter.disclosed")
    assert (disclosed.actor, str(letter.organisation_id) in disclosed.detail) == (deputy, True)
    assert letter.reference in ProgressNote.objects.get().words


def test_whoever_wrote_it_or_changed_it_last_does_not_approve_it(coordinator, deputy):
    letter = written(coordinator)
    with pytest.raises(Refused, match="second person"):
        approved(letter, coordinator)

    said = {"organisation": letter.organisation, "attention": "Chair", "email": ""}
    letter = letters.rewrite(
        letter, **said, words="Other words.", answer_by=None, by=deputy, version=letter.version
    )

    with pytest.raises(Refused, match="second person"):
        approved(letter, deputy)
    assert approved(letter, coordinator).state == S.APPROVED
    with pytest.raises(IntegrityError), transaction.atomic():
        LearningLetter.objects.filter(pk=letter.pk).update(written_by=coordinator)


def test_an_approved_letter_is_not_the_one_that_was_changed_since_it_was_read(coordinator, deputy):
    letter = written(coordinator)
    said = {"organisation": letter.organisation, "attention": "Chair", "email": ""}
    letters.rewrite(letter, **said, words="Other.", answer_by=None, by=coordinator, version=1)

    with pytest.raises(Stale):
        approved(letter, deputy)
    assert not Message.objects.exists()


def test_a_letter_keeps_the_recommendation_as_it_was_when_it_was_read(coordinator, deputy):
    letter, waiting = approved(written(coordinator), deputy), written(coordinator)
    for each in (letter, waiting):
        put_right(each.recommendation, coordinator)

    assert WORDS in words_of(LearningLetter.objects.get(pk=letter.pk))
    with pytest.raises(Refused, match="put right after"):
        approved(LearningLetter.objects.get(pk=waiting.pk), deputy)
    said = {"organisation": waiting.organisation, "attention": "Chair", "email": ""}
    said |= {"words": waiting.words, "answer_by": None, "version": waiting.version}
    waiting = letters.rewrite(waiting, **said, by=coordinator)
    assert approved(waiting, deputy).recommends == "Better words."


def put_right(row, by):
    said = {"level": row.level, "to_whom": row.to_whom, "made_on": row.made_on}
    actions.change(row, words="Better words.", **said, by=by, version=row.version)


def test_by_post_somebody_says_when_it_went_and_only_then_is_it_disclosed(coordinator, deputy):
    letter = approved(written(coordinator, email=""), deputy)
    assert (letter.state, Message.objects.count()) == (S.APPROVED, 0)
    with pytest.raises(Refused, match="approved and today"):
        posted(letter, coordinator, in_days(1))

    letter = posted(letter, coordinator, localdate())

    assert (letter.state, letter.how) == (S.SENT, "By post")
    assert AuditEntry.objects.filter(action="learningletter.disclosed").count() == 1


def posted(letter, by, on):
    said = {"settled_on": on, "how": "By post", "version": letter.version}
    return letters.posted(letter, by=by, **said)


def test_what_is_approved_or_discarded_is_changed_no_more(coordinator, deputy):
    sent = approved(written(coordinator), deputy)
    other = written(coordinator)
    gone = letters.discard(other, how="Not needed.", by=coordinator, version=other.version)

    for letter in (sent, gone):
        said = {"organisation": letter.organisation, "attention": "Chair", "email": ""}
        with pytest.raises(Refused):
            letters.rewrite(
                letter, **said, words="x", answer_by=None, by=coordinator, version=letter.version
            )
        with pytest.raises(Refused):
            letters.discard(letter, how="x", by=coordinator, version=letter.version)
        with pytest.raises(Refused):
            approved(letter, person("cdop_nurse"))
    assert Message.objects.count() == 1


def test_a_letter_out_of_a_finding_names_nobody(coordinator, chair, member):
    row = made(coordinator, finding=signed_off(chair, member))

    with pytest.raises(Refused, match="part of the child's name"):
        written(coordinator, row, words="Aaaa could have lived.", looked_at=True)


@pytest.mark.parametrize("role", ["chair", "member", "area_reader", "responder"])
def test_nobody_but_the_team_writes_or_approves(coordinator, role):
    letter, who = written(coordinator), person(role)
    acts = [
        lambda: written(who, letter.recommendation),
        lambda: approved(letter, who),
        lambda: letters.discard(letter, how="x", by=who, version=1),
        lambda: received(who, letter.recommendation),
        lambda: evidence.attach(agreed(coordinator), SCAN, by=who),
    ]
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.status == 403


def test_the_pdf_says_what_is_recommended_and_whether_it_may_go(coordinator, deputy):
    letter = written(coordinator)
    assert "not approved" in words_of(letter)

    letter = approved(letter, deputy)
    said = words_of(letter)

    assert "not approved" not in said and "not be sent" not in said
    for part in (WORDS, letter.words, "Director of nursing", letter.reference, str(deputy)):
        assert part in said
    assert "director@example.org" not in said
    assert letter_pdf(letter) == letter_pdf(letter)


def test_of_two_who_approve_at_once_one_is_told_and_one_letter_goes(committed_database):
    by, second, third = (person("coordinator", f"Person {number}") for number in range(3))
    letter = written(by)
    connections.close_all()
    waiting = [second.pk, third.pk]

    def approve():
        who = type(by).objects.get(pk=waiting.pop())
        try:
            approved(LearningLetter.objects.get(pk=letter.pk) and letter, who)
        except Stale:
            return "told"
        return "approved"

    assert sorted(in_threads(2, approve)) == ["approved", "told"]
    assert Message.objects.count() == 1


# Answers and evidence


def received(by, row, **said):
    usual = {"organisation": trust(), "received_on": localdate(), "words": "They accept."}
    return responses.keep(row, by=by, **usual | said)


def test_an_answer_is_kept_with_its_scan_and_ends_the_waiting(coordinator, deputy, store):
    letter = approved(written(coordinator), deputy)
    row = letter.recommendation
    assert list(LearningLetter.objects.unanswered()) == [letter]

    answer = received(coordinator, row, letter=letter, file=SCAN)

    assert not LearningLetter.objects.unanswered().exists()
    assert documents.read(answer.document, by=coordinator, purpose="test") == SCAN.content
    assert b"We accept." not in b"".join(path.read_bytes() for path in store.iterdir())
    assert "Invented Trust answered: They accept." in [each.words for each in row.progress.all()]


def test_an_answer_that_does_not_fit_is_refused(coordinator, deputy):
    row, elsewhere = made(coordinator), approved(written(coordinator), deputy)
    wrong = [
        {"words": " "},
        {"received_on": MADE_ON - timedelta(days=1)},
        {"received_on": in_days(1)},
        {"letter": elsewhere},
        {"letter": written(coordinator, row)},
        {"words": "Ring 01632 960001.", "looked_at": True},
    ]
    for said in wrong:
        with pytest.raises(Refused):
            received(coordinator, row, **said)

    assert row.responses.count() == 0


def test_evidence_is_sealed_with_the_recommendation_and_read_on_record(coordinator, store):
    point = agreed(coordinator)

    kept = evidence.attach(point, SCAN, by=coordinator)

    assert [each.document for each in evidence.of(point.recommendation)] == [kept.document]
    assert list(documents.of(point.recommendation.data_key)) == [kept.document]
    assert documents.read(kept.document, by=coordinator, purpose="test") == SCAN.content
