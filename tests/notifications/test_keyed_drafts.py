"""What is half keyed in: it is there again later, in two windows, and is kept once."""

from datetime import timedelta
from uuid import uuid4

import pytest

from cdop import editions
from cdop.core import casework, drafts
from cdop.core.documents import Document
from cdop.core.drafts import Draft
from notifications import intake
from notifications.models import Notification
from tests.client import Client
from tests.notifications.filling import CHILD, YESTERDAY, boxes, text_of, typed_on, version_on
from tests.notifications.keying import (
    START,
    arrival,
    attach,
    begin,
    fill,
    fill_all,
    place,
    press_keep,
)
from tests.pages import sign_in

pytestmark = pytest.mark.usefixtures("store", "trust")


# Coming back


def test_leaving_and_coming_back_loses_nothing(desk, coordinator):
    draft = begin(desk)
    fill(desk, draft, "when", boxes("date_of_death", YESTERDAY))
    fill(desk, draft, "child", {"family_name": "Half-Typed", "date_of_birth-day": "31"})
    attach(desk, draft)
    again = sign_in(Client(), coordinator)

    (task,) = [each for each in casework.tasks_for(coordinator) if "key in" in each.text]
    assert again.get(task.href).status_code == 200
    page = typed_on(again.get(place("page", draft, "child")))
    assert 'value="Half-Typed"' in page and 'value="31"' in page
    assert "letter.pdf" in text_of(again.get(place("files", draft)))
    assert "Half-Typed" not in task.text


def test_it_is_a_task_until_it_is_kept(desk, coordinator):
    draft = begin(desk)
    fill_all(desk, draft)
    assert "Notification that you began to key in" in text_of(desk.get("/"))

    press_keep(desk, draft)

    words = text_of(desk.get("/"))
    assert "began to key in" not in words and "wait for triage: 1" in words


def test_several_can_be_keyed_in_side_by_side(desk):
    one, two = begin(desk), begin(desk)
    fill_all(desk, one, child={"family_name": "First-Child"})
    fill_all(desk, two, child={"family_name": "Second-Child"})
    press_keep(desk, two)
    press_keep(desk, one)

    names = [each.answers["family_name"] for each in Notification.objects.order_by("pk")]
    assert names == ["Second-Child", "First-Child"]


def test_a_second_press_on_the_first_page_begins_no_second_one(desk):
    sent = arrival() | {"subject": str(uuid4()), "version": "0"}

    answers = [desk.post(START, sent).url for _ in range(3)]

    assert len(set(answers)) == 1
    assert Draft.objects.count() == 1


def test_a_second_press_of_keep_leads_to_the_same_page(desk):
    draft = begin(desk)
    fill_all(desk, draft)
    version = version_on(desk.get(place("check", draft)))

    answers = [desk.post(place("check", draft), {"version": version}).url for _ in range(3)]

    assert set(answers) == {place("kept", draft)}
    assert Notification.objects.count() == 1


def test_every_page_of_what_was_kept_leads_to_where_it_is_now(desk):
    draft = begin(desk)
    fill_all(desk, draft)
    press_keep(desk, draft)

    for name, gaps in (("tasks", ()), ("arrival", ()), ("page", ("child",)), ("files", ())):
        at = place(name, draft, *gaps)
        assert desk.get(at).url == desk.post(at, {"version": "1"}).url == place("kept", draft)
    assert attach(desk, draft).url == place("kept", draft)
    assert not Document.objects.exists()


# Two windows


def test_a_stale_page_of_questions_shows_both(desk):
    draft = begin(desk)
    fill(desk, draft, "when", boxes("date_of_death", YESTERDAY))
    opened = version_on(desk.get(place("page", draft, "child")))
    fill(desk, draft, "child", {"family_name": "First-Window"})

    mine = {"family_name": "Second-Window", "version": opened}
    stale = desk.post(place("page", draft, "child"), mine)

    assert stale.status_code == 409
    assert (
        "What you typed here Family name Second-Window "
        "What was saved there Family name First-Window"
    ) in text_of(stale)
    desk.post(place("page", draft, "child"), mine | {"version": version_on(stale)})
    assert 'value="Second-Window"' in typed_on(desk.get(place("page", draft, "child")))


def test_a_stale_first_page_shows_both(desk):
    draft = begin(desk)
    at = place("arrival", draft)
    opened = version_on(desk.get(at))
    desk.post(at, arrival(teller="First Window") | {"version": opened})

    stale = desk.post(at, arrival(teller="Second Window") | {"version": opened})

    assert stale.status_code == 409
    assert "Who told us? Second Window What was saved there" in text_of(stale)
    assert 'value="Second Window"' in typed_on(stale)


@pytest.mark.parametrize("change", ["page", "file"])
def test_what_was_changed_in_another_window_is_shown_before_it_is_kept(desk, change):
    draft = begin(desk)
    fill_all(desk, draft)
    shown = version_on(desk.get(place("check", draft)))
    if change == "page":
        fill(desk, draft, "child", CHILD | {"family_name": "Changed-Child"})
    else:
        attach(desk, draft, name="changed.pdf")

    answer = desk.post(place("check", draft), {"version": shown})

    assert answer.status_code == 409
    assert "so nothing was kept yet" in text_of(answer)
    assert "Changed-Child" in text_of(answer) or "changed.pdf" in text_of(answer)
    assert not Notification.objects.exists()


def test_nothing_is_kept_while_something_is_missing(desk):
    draft = begin(desk)
    fill(desk, draft, "when", boxes("date_of_death", YESTERDAY))
    draft.refresh_from_db()

    answer = desk.post(place("check", draft), {"version": str(draft.version)})

    assert answer.url == place("tasks", draft)
    assert "Check the answers and keep Cannot start yet" in text_of(desk.get(answer.url))
    assert not Notification.objects.exists()


# Pages that lead elsewhere


def test_what_somebody_sent_by_the_public_form_is_not_gone_on_with_here(desk):
    web = intake.receive(
        {"date_of_death": YESTERDAY.isoformat()},
        edition=editions.in_force(YESTERDAY),
        route=intake.Route.WEB,
        draft=drafts.begin(intake.DRAFT_KIND, {})[0],
        by=intake.NOTIFIER,
    )

    for name in ("kept", "tasks", "check"):
        assert desk.get(place(name, str(web.draft))).status_code == 404
    assert desk.post(place("another", str(web.draft))).status_code == 404


def test_a_page_on_which_nothing_is_left_to_ask_leads_to_the_list(desk):
    """The questions about a birth are idle once the child is known to have been older."""
    draft = begin(desk)
    fill(desk, draft, "when", boxes("date_of_death", YESTERDAY))
    opened = version_on(desk.get(place("page", draft, "birth")))
    fill(desk, draft, "child", CHILD | boxes("date_of_birth", YESTERDAY - timedelta(days=6000)))

    at = place("page", draft, "birth")
    assert desk.get(at).url == place("tasks", draft)
    typed = {"born_alive": "yes", "version": opened}
    assert desk.post(at, typed).url == place("tasks", draft)
    assert desk.get(place("page", draft, "nothing")).status_code == 404
