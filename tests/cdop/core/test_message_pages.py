"""The pages of messages: what stands on them, who gets them, and what can be done there."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from cdop.core import correspondence, mailing, outbox, sending
from cdop.core.casework import CasePanel, Task
from cdop.core.messages import M, Message
from cdop.core.steps import edit, step
from cdop.core.work import panel_about, tasks_for
from tests.cast import TESTS
from tests.cdop.core.queueing import REFERENCE, queued
from tests.makers import opened_case
from tests.notifications.filling import text_of
from tests.smtp import settings_for

LIST = reverse_lazy("messages")
PROBLEM = "The mail server could not be reached."


def failed(once: str = "letter", **changes) -> Message:
    message = edit(queued(once, **changes), by=TESTS, attempts=76, problem=PROBLEM)
    return step(message, M.FAILED, by=sending.SENDER, ended_at=timezone.now())


def page(client, message: Message):
    return client.get(reverse("message", args=[message.pk]))


def press(client, name: str, message: Message, version: int | None = None):
    address = reverse(name, args=[message.pk])
    return client.post(address, {"version": version or message.version}, follow=True)


@pytest.fixture
def real_work(settings):
    """A system for real work, which sends."""
    for name, value in settings_for(25).items():
        setattr(settings, name, value)


# The home page


def test_what_could_not_be_sent_is_a_task_of_those_who_triage(coordinator, doctor):
    assert tasks_for(coordinator) == []
    failed("1"), failed("2"), queued("3")

    assert tasks_for(coordinator) == [
        Task(
            "Messages that could not be sent",
            reverse("messages"),
            overdue=True,
            count=2,
            stage="Messages",
        )
    ]
    assert tasks_for(doctor) == []


def test_without_a_mail_server_the_home_page_says_so_from_the_first_day(
    coordinator, doctor, real_work, settings
):
    assert tasks_for(coordinator) == []
    settings.EMAIL_HOST = ""
    queued()

    [task] = tasks_for(coordinator)

    assert task.text == "No mail server is set, so nothing is sent. Messages that wait"
    assert (task.count, task.overdue) == (1, True)
    assert tasks_for(doctor) == []


# The list


def test_the_list_has_what_failed_and_what_waits_and_nothing_that_is_over(client, coordinator):
    waiting, lost, sent = queued("1"), failed("2"), queued("3")
    step(sent, M.SENT, by=sending.SENDER, ended_at=timezone.now())

    assert list(Message.objects.unsent()) == [lost, waiting]
    client.force_login(coordinator)
    words = text_of(client.get(reverse("messages")))

    assert words.count("Acknowledgement to the notifier") == 2
    assert f"Could not be sent {PROBLEM}" in words
    assert "Held" in words and "Waiting to be sent" not in words
    assert mailing.IS_DEMONSTRATION in words


def test_all_about_one_reference_can_be_read_whatever_became_of_it(client, coordinator):
    sent, other = queued("1", about="C-WPXT-2VGY"), queued("2", about="C-9VQ4-6KX1")
    step(sent, M.SENT, by=sending.SENDER, ended_at=timezone.now())
    client.force_login(coordinator)

    shown = client.get(LIST, {"about": ["C-WPXT-2VGY", "nonsense\0"]}).content.decode()

    assert reverse("message", args=[sent.pk]) in shown
    assert reverse("message", args=[other.pk]) not in shown


def test_a_reference_without_messages_says_so(client, coordinator):
    client.force_login(coordinator)

    assert "Nobody was written to." in text_of(client.get(LIST, {"about": "N-FTR7-25KG"}))


def test_an_empty_list_says_so(client, coordinator, real_work):
    client.force_login(coordinator)

    words = text_of(client.get(reverse("messages")))

    assert "Nothing waits, and everything could be sent." in words
    assert "demonstration" not in words


def test_the_list_takes_no_more_queries_for_more_messages(client, coordinator):
    client.force_login(coordinator)
    counts = []
    for number in range(2):
        for other in range(1 + 5 * number):
            queued(f"{number}.{other}")
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("messages"))
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("who", ["doctor", "chair", "member", "reader", "governance_lead"])
def test_nobody_else_finds_a_page_of_messages(client, db, request, who):
    message = failed()
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("messages")).status_code == 404
    assert page(client, message).status_code == 404
    for name in ("message_again", "message_told"):
        assert press(client, name, message).status_code == 404
    assert Message.objects.get().state == "failed"


def test_signed_out_one_is_asked_to_sign_in(client, db):
    assert page(client, queued()).status_code == 302


# One message


def test_the_words_of_a_message_can_be_read_and_its_address_cannot(client, coordinator):
    message = queued()
    client.force_login(coordinator)

    shown = page(client, message)

    words = text_of(shown)
    assert message.subject in words and "Thank you. What you sent has arrived." in words
    assert mailing.IS_DEMONSTRATION in words
    assert "notifier@example.org" not in shown.content.decode()
    assert reverse("notifications:notification", args=[REFERENCE]) in shown.content.decode()


def test_a_message_leads_to_what_it_is_about_where_that_has_a_page(client, coordinator):
    about = {
        "C-4K7M-2QX9": reverse("cases:case", args=["C-4K7M-2QX9"]),
        "M-4K7M-2QX9": reverse("notifications:monthly_return", args=["M-4K7M-2QX9"]),
        "D-0123456789ab": "",
    }
    messages = [queued(reference, about=reference) for reference in about]

    assert [correspondence.line(message).about for message in messages] == [*about.values()]
    client.force_login(coordinator)
    assert "Nothing that has a page" in text_of(client.get(LIST))


def test_each_state_is_said_in_words(coordinator, real_work):
    now = timezone.now()
    waiting, tried, lost = queued("1"), queued("2"), failed("3")
    tried = edit(tried, by=TESTS, attempts=2, problem=PROBLEM, next_try_at=now)
    stopped, sent, told = queued("4", about="C-1"), queued("5"), queued("6")
    outbox.stop("C-1", by=coordinator, reason="It was a hoax.")
    sent = step(sent, M.SENT, by=sending.SENDER, ended_at=now)
    told = outbox.told_by_telephone(told, by=coordinator)
    stopped.refresh_from_db()

    said = [correspondence.line(m).said for m in (waiting, tried, lost, stopped)]

    assert said == [
        "Waiting to be sent.",
        f"Waiting to be sent. {PROBLEM} Tried 2 times; the next try is due at "
        f"{correspondence.moment(now)}.",
        f"Could not be sent. {PROBLEM}",
        "Stopped. It was a hoax.",
    ]
    when = correspondence.moment(now)
    assert correspondence.line(sent).said == f"Sent. {when}"
    assert correspondence.line(told).said.startswith("Told by telephone. ")


def test_what_waits_in_a_demonstration_is_held_and_what_failed_before_still_failed(db):
    waiting, lost = queued("1"), failed("2")

    assert correspondence.line(waiting).said == "Held."
    assert correspondence.line(waiting).mood != correspondence.MOODS[M.WAITING]
    assert correspondence.line(lost).said == f"Could not be sent. {PROBLEM}"


def test_a_letter_whose_text_is_gone_is_shown_by_its_subject(db):
    message = edit(queued(), by=TESTS, template="of_old")

    assert correspondence.line(message).what == message.subject


def test_the_coordinator_lets_a_message_be_tried_again(client, coordinator):
    message = failed()
    client.force_login(coordinator)

    answer = press(client, "message_again", message)

    assert "The message waits to be sent again." in answer.content.decode()
    row = Message.objects.get()
    assert (row.state, row.attempts, row.problem, row.ended_at) == ("waiting", 0, "", None)
    assert row.next_try_at <= timezone.now()
    assert "Try to send it again" not in text_of(page(client, row))


def test_the_coordinator_says_that_somebody_was_told_by_telephone(client, coordinator):
    message = failed()
    client.force_login(coordinator)

    answer = press(client, "message_told", message)

    assert "told by telephone. Nothing is sent" in text_of(answer)
    assert Message.objects.get().state == "told"
    assert "do not send it" not in text_of(page(client, message))


def test_what_was_sent_meanwhile_is_not_said_to_be_told(client, coordinator):
    message = queued()
    step(message, M.SENT, by=sending.SENDER, ended_at=timezone.now())
    client.force_login(coordinator)

    for version in (message.version, message.version + 1):
        assert press(client, "message_told", message, version).status_code == 409
    assert press(client, "message_again", message, message.version + 1).status_code == 409
    assert Message.objects.get().state == "sent"


# The case page


def test_a_case_shows_its_messages_and_those_of_its_notifications(coordinator, doctor):
    case = opened_case()
    queued("1"), queued("2", about=case.reference), queued("3", about="N-OTHER")

    panel = panel_about([case.reference, REFERENCE], coordinator)

    assert panel == CasePanel(
        title="Messages",
        status="2 so far",
        lines=(
            ("Sending", mailing.IS_DEMONSTRATION),
            (case.reference, "Acknowledgement to the notifier. Held."),
            (REFERENCE, "Acknowledgement to the notifier. Held."),
        ),
        links=(("Read these messages", f"{LIST}?about={case.reference}&about={REFERENCE}"),),
    )
    assert panel_about([case.reference, REFERENCE], doctor) is None


def test_a_message_that_could_not_be_sent_stands_out_on_the_case(coordinator):
    failed("1"), queued("2")

    panel = panel_about([REFERENCE], coordinator)

    assert (panel.status, panel.overdue) == ("1 could not be sent", True)


def test_the_panel_takes_one_query_for_any_number_of_messages(
    coordinator, django_assert_num_queries
):
    for number in range(6):
        queued(str(number))

    assert coordinator.hat  # looked up once for a whole page
    with django_assert_num_queries(1):
        panel_about([REFERENCE], coordinator)
