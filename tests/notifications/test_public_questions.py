"""What the public form asks about a child of an age on a day, and what of it is kept."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from notifications.models import Notification
from tests.notifications.filling import (
    CHILD,
    NOTIFIER,
    SHORTEST,
    TASKS,
    address,
    begin,
    boxes,
    fill,
    fill_all,
    press_send,
    send,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("died_on", "edition"),
    [(date(2019, 3, 31), "lscb-2015"), (date(2019, 4, 1), "cdr-2018")],
)
def test_the_date_of_death_decides_which_edition_asks(client, died_on, edition):
    assert send(client, died_on).edition == edition


def test_a_date_that_brings_another_edition_loses_no_answer(client):
    fill_all(client, date(2019, 4, 1), child=CHILD | {"school": "Invented School"})
    begin(client, date(2019, 3, 31))
    press_send(client)

    sent = Notification.objects.get()
    assert (sent.edition, sent.answers["school"]) == ("lscb-2015", "Invented School")


def test_questions_about_a_birth_are_not_asked_about_an_older_child(client):
    begin(client)
    born = boxes("date_of_birth", localdate() - timedelta(days=6000))
    fill(client, "child", CHILD | born)

    assert "signs of life" not in text_of(client.get(address("death")))


def test_an_older_child_has_no_page_about_the_birth(client):
    begin(client)
    fill(client, "birth", {"gestation_weeks": "24+3"})
    fill(client, "child", CHILD | {"under_one": "no"})

    assert "The birth" not in text_of(client.get(TASKS))
    assert client.get(address("birth")).url == TASKS
    assert client.post(address("birth"), {"born_alive": "yes", "version": "1"}).url == TASKS
    fill(client, "notifier", NOTIFIER)
    fill(client, "death", SHORTEST["death"])
    press_send(client)
    assert "gestation_weeks" not in Notification.objects.get().answers


@pytest.mark.parametrize("under_one", ["yes", "not_known", ""])
def test_what_was_typed_about_the_birth_counts_where_the_child_may_have_been_a_baby(
    client, under_one
):
    sent = send(client, child=CHILD | {"under_one": under_one}, birth={"gestation_weeks": "24+3"})

    assert sent.answers["gestation_weeks"] == 24


def test_the_completed_weeks_are_said_beside_the_box(client):
    begin(client)

    page = fill(client, "birth", {"gestation_weeks": "24+3"})

    assert page.url == TASKS
    assert "24+3 is kept as 24 completed weeks." in text_of(client.get(address("birth")))


@pytest.mark.parametrize(
    ("child", "place", "kept"),
    [
        ({"under_one": "no"}, "intensive_care", "yes"),
        ({}, "hospital_other", "yes"),
        ({"under_one": "yes"}, "intensive_care", ""),
        ({"under_one": "no"}, "home", ""),
        ({"under_one": "no"}, "paediatric_ward", ""),
    ],
)
def test_the_ward_for_adults_is_kept_where_it_is_asked_about(client, child, place, kept):
    death = {"place_of_death": place, "adult_ward": "yes"}

    sent = send(client, child=CHILD | child, death=death)

    assert sent.adult_ward == kept
    assert sent.answers.get("adult_ward", "") == kept


def test_a_baby_without_a_name_whose_sex_is_not_determined_can_be_reported(client):
    unnamed = {"given_names": "", "family_name": "Invented-Mother", "sex": "not_known"}

    sent = send(client, child=unnamed)

    assert (sent.answers["given_names"], sent.answers["sex"]) == ("", "not_known")


def test_one_way_to_reach_the_notifier_is_enough(client):
    sent = send(
        client,
        notifier={"notifier_name": "Ana", "notifier_phone": "", "notifier_email": "a@example.org"},
    )

    assert sent.answers["notifier_email"] == "a@example.org"
