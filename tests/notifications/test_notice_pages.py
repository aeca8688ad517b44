"""The public pages of registrars' and coroners' notices."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from cdop import editions
from cdop.core.drafts import Draft
from cdop.core.sealing import DataKey
from notifications.models import Notification
from notifications.notices import CORONER, REGISTRAR
from tests.client import Client
from tests.makers import opened_case
from tests.notifications.filling import YESTERDAY, boxes, text_of, typed_on, version_on
from tests.notifications.noticing import BOTH, SAID, TYPED, address, fill, press, send


@BOTH
def test_a_notice_is_one_page_one_look_and_a_reference(client, db, kind):
    assert fill(client, kind).url == address(kind, "check")
    assert "Family name Exampleby" in text_of(client.get(address(kind, "check"))).replace(
        "Surname", "Family name"
    )

    assert press(client, kind).url == address(kind, "sent")

    sent = Notification.objects.get()
    page = text_of(client.get(address(kind, "sent")))
    assert f"Your reference is {sent.reference}" in page
    assert "Exampleby" not in page
    assert (sent.route, sent.questionnaire, sent.notifier_role, sent.edition) == (
        kind.route,
        kind.code,
        kind.code,
        "cdr-2018",
    )
    assert {name: sent.answers[name] for name in ("family_name", "date_of_death")} == {
        "family_name": "Exampleby",
        "date_of_death": YESTERDAY.isoformat(),
    }
    assert not Draft.objects.exists()


def test_that_the_coroner_was_told_follows_from_who_writes(client, db):
    assert send(client, CORONER).answers["coroner"] == "yes"


@BOTH
def test_what_is_missing_is_said_and_what_was_typed_stays(client, db, kind):
    page = fill(client, kind, family_name="", notifier_phone="", given_names="Testina Rose")

    text = text_of(page)
    assert "There is a problem" in text
    assert "Enter your telephone number or your work email address" in text
    assert 'value="Testina Rose"' in typed_on(page)
    assert 'value="Testina Rose"' in typed_on(client.get(address(kind)))
    assert client.get(address(kind, "check")).url == address(kind)
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            boxes("notifier_acted_on", localdate() + timedelta(days=1)),
            "The day on which you did this must be today or in the past",
        ),
        (
            boxes("notifier_acted_on", YESTERDAY - timedelta(days=1)),
            "This day is before the date of death. Correct whichever is wrong.",
        ),
        (
            boxes("date_of_death", localdate() + timedelta(days=2)),
            "The date of death must be today or in the past",
        ),
        (
            boxes("date_of_birth", localdate()),
            "is after the date of death",
        ),
        ({"notifier_corrects": "the one before"}, "Enter the reference as it was given to you"),
        ({"notifier_notice": "nonsense"}, "Choose one of the answers on the page"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_box(client, db, typed, sentence):
    page = fill(client, REGISTRAR, **typed)

    assert page.status_code == 200
    assert sentence in text_of(page)
    assert client.get(address(REGISTRAR, "check")).url == address(REGISTRAR)


@BOTH
def test_an_old_death_is_asked_by_the_edition_of_its_day(client, db, kind):
    died = date(2018, 5, 1)

    sent = send(client, kind, **boxes("date_of_death", died))

    assert sent.edition == "lscb-2015"


@BOTH
def test_pressing_send_twice_sends_once(client, db, kind):
    fill(client, kind)
    version = version_on(client.get(address(kind, "check")))

    answers = [client.post(address(kind, "check"), {"version": version}) for _ in range(2)]

    assert [answer.url for answer in answers] == [address(kind, "sent")] * 2
    assert Notification.objects.count() == 1


@BOTH
def test_a_page_saved_in_another_window_is_shown_beside_what_was_typed_here(client, db, kind):
    fill(client, kind, family_name="First")
    typed = TYPED | SAID[kind.code] | {"family_name": "Second", "version": "0"}

    page = client.post(address(kind), typed)

    assert page.status_code == 409
    assert "What you typed here" in text_of(page)
    assert "Second" in text_of(page)
    assert "First" in text_of(page)
    assert client.post(address(kind), typed | {"version": version_on(page)}).status_code == 302


@BOTH
def test_what_is_checked_in_an_old_window_is_not_sent(client, db, kind):
    fill(client, kind)
    version = version_on(client.get(address(kind, "check")))
    fill(client, kind, family_name="Changed")

    page = client.post(address(kind, "check"), {"version": version})

    assert page.status_code == 409
    assert "Changed" in text_of(page)
    assert not Notification.objects.exists()


@BOTH
def test_deleting_what_was_typed_destroys_its_key(client, db, kind):
    fill(client, kind)
    key = DataKey.objects.get()

    answer = press(client, kind, discard="yes")

    assert answer.url == address(kind)
    key.refresh_from_db()
    assert (key.wrapped, Draft.objects.exists()) == (None, False)
    assert "Exampleby" not in typed_on(client.get(address(kind)))


@BOTH
def test_another_browser_sees_nothing_of_it(client, db, kind):
    send(client, kind)
    fill(client, kind)
    other = Client()

    assert "Exampleby" not in typed_on(other.get(address(kind)))
    assert other.get(address(kind, "check")).url == address(kind)
    assert other.get(address(kind, "sent")).url == address(kind)


@BOTH
def test_a_notice_is_answered_alike_whether_or_not_the_child_is_known(client, db, kind):
    def answers() -> list[str]:
        pages = [fill(client, kind), press(client, kind), client.get(address(kind, "sent"))]
        reference = Notification.objects.latest("pk").reference
        moment = text_of(pages[2]).split("It reached us on ")[1].split(". Keep")[0]
        words = text_of(pages[2]).replace(reference, "").replace(moment, "")
        return [pages[0].url, pages[1].url, words]

    unknown = answers()
    case = opened_case({"given_names": "Testina", "family_name": "Exampleby"})
    known = answers()

    assert known == unknown
    assert case.reference not in str(known)


@BOTH
def test_a_flood_from_one_place_is_stopped_and_keeps_what_was_typed(client, db, kind, settings):
    fill(client, kind)
    settings.REPORTS_AT_MOST = 0

    page = press(client, kind)

    assert page.status_code == 429
    assert "What you typed is not lost." in text_of(page)
    assert (Notification.objects.count(), Draft.objects.count()) == (0, 1)


@BOTH
def test_in_a_crowd_only_what_nobody_can_have_typed_has_to_wait(client, db, kind, settings):
    settings.REPORTS_AN_HOUR = 0
    fill(client, kind)

    assert press(client, kind).status_code == 429
    DataKey.objects.update(made_at=timezone.now() - timedelta(minutes=3))

    assert press(client, kind).url == address(kind, "sent")


@BOTH
def test_in_a_flood_no_new_draft_is_begun_and_the_boxes_stay_filled(client, db, kind, settings):
    settings.REPORTS_AT_MOST = 0

    page = fill(client, kind, family_name="Kept in its box")

    assert page.status_code == 429
    assert 'value="Kept in its box"' in typed_on(page)
    assert not Draft.objects.exists()


@BOTH
def test_more_than_a_page_can_hold_is_refused(client, db, kind):
    page = client.post(address(kind), {"family_name": "x" * 300_000})

    assert page.status_code == 413
    assert not Draft.objects.exists()


def test_the_arrangements_are_published_with_the_times_of_the_edition(client, db):
    page = text_of(client.get(reverse("report:arrangements")))

    assert "within 7 days, counted from the day after" in page
    assert "we count 3 working days from that" in page
    assert "section 31 of the Children and Young Persons Act 2008" in page


@pytest.mark.parametrize("code", ["lscb-2015", "cdr-2018"])
@BOTH
def test_both_editions_ask_the_same_so_that_the_date_of_death_loses_no_answer(code, kind):
    here, new = (editions.get(each).questionnaires[kind.code] for each in (code, "cdr-2018"))

    def asked(form):
        return [(q.code, q.kind, q.required, q.vocabulary) for q in form.questions]

    assert asked(here) == asked(new)
    for question in here.questions:
        if question.vocabulary:
            mine, theirs = (
                [term.code for term in editions.get(each).vocabularies[question.vocabulary].choices]
                for each in (code, "cdr-2018")
            )
            assert mine == theirs


@pytest.mark.parametrize("code", ["lscb-2015", "cdr-2018"])
@BOTH
def test_what_is_asked_of_the_child_goes_by_the_codes_of_the_notification(code, kind):
    forms = editions.get(code).questionnaires
    known = {question.code: question.kind for question in forms["notification"].questions}

    own = {q.code: q.kind for q in forms[kind.code].questions if not q.code.startswith("notifier_")}

    assert own == {name: known[name] for name in own}
