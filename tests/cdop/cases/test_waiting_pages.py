"""Pages of what a case waits for, with the people who may, may not and must not know."""

from http import HTTPStatus

import pytest
from django.urls import reverse

from cdop.cases import actions
from cdop.cases.holds import Hold
from cdop.cases.linked import LinkedReview
from cdop.core.audit import AuditEntry
from tests.cdop.cases.holding_up import BEGAN_ON, beside, checked, held, in_days, parts
from tests.makers import opened_case
from tests.pages import sign_in, text_of


def url(name, case, *more):
    return reverse(f"cases:{name}", args=[case.reference, *more])


def typed_hold(owner, **said):
    """What the page of a new hold posts."""
    dates = parts("began_on", BEGAN_ON) | parts("next_check_on", in_days(60))
    dates |= parts("next_family_on", in_days(30))
    told = {"kind": "inquest", "reason": "Invented reason.", "owner": owner.pk, "version": 0}
    return dates | told | said


def typed_review(owner, **said):
    dates = parts("asked_on", BEGAN_ON) | parts("next_check_on", in_days(14))
    told = {"kind": "serious_case_review", "led_by": "Invented board", "origin": "referred"}
    return dates | told | {"why": "Invented why.", "owner": owner.pk, "version": 0} | said


def test_a_hold_is_recorded_and_shown(client, coordinator, case):
    sign_in(client, coordinator)
    done = client.post(url("new_hold", case), typed_hold(coordinator), follow=True)

    said = text_of(done)
    assert "Inquest" in said and "Invented reason." in said and "Since 1 June 2014" in said
    page = text_of(client.get(url("case", case)))
    assert "What it waits for held since 1 June 2014" in page
    assert "not asked yet whether the panel may review it meanwhile" in page
    assert "Inquest: the case is held from here on" in page
    assert "Ask whether the panel may review it meanwhile" in page, "it says what is next"


def test_a_check_that_the_coroner_agrees_lets_the_case_go_on(client, coordinator, case):
    hold = held(case, coordinator)
    sign_in(client, coordinator)
    assert client.post(url("make_ready", case)).status_code == HTTPStatus.CONFLICT

    dates = parts("next_check_on", in_days(80)) | parts("next_family_on", in_days(20))
    said = {"found": "Listed.", "meanwhile": "agrees", "view_of": "Officer", "version": 1}
    said |= {"owner": coordinator.pk} | dates | parts("view_on", in_days(0))
    assert client.post(url("check_hold", case, hold.pk), said).status_code == HTTPStatus.FOUND

    assert client.post(url("make_ready", case)).status_code == HTTPStatus.FOUND


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"kind": ""}, "Choose what holds up the case"),
        ({"kind": "a bus"}, "Choose one of the answers on the page"),
        ({"reason": " "}, "Say what it waits for"),
        ({"owner": ""}, "Choose who looks after it"),
        ({"began_on-day": "1", "began_on-month": "5"}, "before the day on which the child died"),
        (parts("next_check_on", in_days(150)), "must be within three months"),
        (parts("next_check_on", in_days(-1)), "must be today or in the future"),
        (dict.fromkeys(parts("next_family_on", BEGAN_ON), ""), "or say below why not"),
        (parts("next_family_on", in_days(-1)), "The day must be today or in the future"),
    ],
    ids=["kind", "bus", "reason", "owner", "early", "far", "past", "family", "family past"],
)
def test_what_is_wrong_is_said_beside_the_box_and_nothing_is_lost(
    client, coordinator, case, said, sentence
):
    posted = typed_hold(coordinator, why_no_family="") | said
    answer = sign_in(client, coordinator).post(url("new_hold", case), posted)

    assert answer.status_code == HTTPStatus.OK and sentence in text_of(answer)
    assert not Hold.objects.exists()
    if "reason" not in said:
        assert "Invented reason." in answer.content.decode()


def test_of_two_who_check_a_hold_the_later_sees_the_difference(client, coordinator, case):
    hold = held(case, coordinator)
    checked(hold, coordinator, found="The first found this.")
    dates = parts("next_check_on", in_days(80)) | parts("next_family_on", in_days(20))
    said = {"found": "The second found that.", "meanwhile": "not_asked", "version": 1}
    said |= {"owner": coordinator.pk} | dates
    sign_in(client, coordinator)

    answer = client.post(url("check_hold", case, hold.pk), said)
    page = text_of(answer)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "The first found this." in page and "The second found that." in page
    assert "Yes, the panel may review it meanwhile" in page
    assert client.post(url("check_hold", case, hold.pk), said | {"version": 2}).status_code == 302
    assert Hold.objects.get().check_found == "The second found that."


def test_of_two_who_put_right_a_review_the_later_sees_the_difference(client, coordinator, case):
    review = beside(case, coordinator)
    sign_in(client, coordinator)
    at = url("linked_review", case, review.pk)
    client.post(at, typed_review(coordinator, led_by="The first board", version=1))

    answer = client.post(at, typed_review(coordinator, led_by="The second board", version=1))

    page = text_of(answer)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Your words Who leads it? The second board" in page
    assert "What is there now Who leads it? The first board" in page
    client.post(at, typed_review(coordinator, led_by="The second board", version=2))
    assert LinkedReview.objects.get().led_by == "The second board"


def test_a_hold_ends_and_runs_again_by_the_pages(client, coordinator, case):
    hold = held(case, coordinator)
    sign_in(client, coordinator)
    over = {"how_ended": "Concluded.", "version": 1} | parts("ended_on", in_days(0))
    early = parts("ended_on", BEGAN_ON.replace(month=5))
    assert "before the day on which it began" in text_of(
        client.post(url("end_hold", case, hold.pk), over | early)
    )

    client.post(url("end_hold", case, hold.pk), over)
    assert "Concluded." in text_of(client.get(url("holds", case)))
    assert "This hold has ended." in text_of(client.get(url("check_hold", case, hold.pk)))
    again = {"version": 2} | parts("next_check_on", in_days(9))
    client.post(url("run_hold_again", case, hold.pk), again)

    assert Hold.objects.get().state == "running"


def test_a_referral_is_made_declined_made_again_held_and_ended_by_the_pages(
    client, coordinator, case
):
    sign_in(client, coordinator)
    client.post(url("new_linked", case), typed_review(coordinator))
    number = LinkedReview.objects.get().pk
    next_check, today = parts("next_check_on", in_days(9)), in_days(0)
    steps = [
        ("linked_declined", {"decision": "Not now."} | parts("decided_on", today)),
        ("linked_back", next_check),
        ("linked_started", next_check | parts("began_on", today)),
        ("linked_ended", {"effect": "It changes nothing."} | parts("ended_on", today)),
    ]
    for version, (name, said) in enumerate(steps, start=1):
        answer = client.post(url(name, case, number), said | {"version": version})
        assert answer.status_code == HTTPStatus.FOUND, name

    page = text_of(client.get(url("linked", case)))
    assert "Serious case review" in page and "It changes nothing." in page
    blocked = client.post(url("linked_ended", case, number), steps[3][1] | {"version": 5})
    assert blocked.status_code == HTTPStatus.CONFLICT
    assert "cannot become ended" in text_of(blocked)


def test_a_referral_says_why_and_when_somebody_asks_again(client, coordinator, case):
    empty = dict.fromkeys(parts("next_check_on", BEGAN_ON), "") | {"why": ""}
    answer = text_of(
        sign_in(client, coordinator).post(
            url("new_linked", case), typed_review(coordinator) | empty
        )
    )

    assert "Say why this panel refers the death" in answer
    assert "Enter the day on which they ask again" in answer


def test_the_words_are_those_of_the_edition(client, coordinator, case):
    page = text_of(sign_in(client, coordinator).get(url("new_linked", case)))

    assert "Serious case review" in page and "Practice learning review" in page
    assert "Child safeguarding practice review" not in page


@pytest.mark.parametrize("name", ["holds", "new_hold", "linked", "new_linked"])
@pytest.mark.parametrize("who", ["chair", "member", "doctor", "reader", "stranger"])
def test_for_all_others_the_pages_are_not_there(client, request, case, who, name):
    sign_in(client, request.getfixturevalue(who))
    before = AuditEntry.objects.count()

    assert client.get(url(name, case)).status_code == HTTPStatus.NOT_FOUND
    assert client.post(url(name, case), {}).status_code == HTTPStatus.NOT_FOUND
    assert AuditEntry.objects.count() == before


def test_a_hold_is_found_on_its_own_case_alone(client, coordinator, case):
    hold, other = held(case, coordinator), opened_case()
    sign_in(client, coordinator)

    assert client.get(url("check_hold", case, hold.pk)).status_code == HTTPStatus.OK
    assert client.get(url("check_hold", other, hold.pk)).status_code == HTTPStatus.NOT_FOUND


def test_a_professional_on_the_case_sees_that_it_waits_and_changes_nothing(
    client, coordinator, doctor, case
):
    hold = held(case, coordinator)
    actions.give_access(case, doctor, by=coordinator, ends_on=None)
    page = sign_in(client, doctor).get(url("case", case))

    assert "held since 1 June 2014" in text_of(page)
    assert "The inquest is not listed yet." not in text_of(page)
    assert client.get(url("end_hold", case, hold.pk)).status_code == HTTPStatus.NOT_FOUND


def test_the_pages_ask_as_much_for_one_hold_as_for_many(
    client, coordinator, case, django_assert_num_queries, django_assert_max_num_queries
):
    held(case, coordinator)
    beside(case, coordinator)
    sign_in(client, coordinator)
    for name in ("holds", "linked", "case"):
        client.get(url(name, case))
    counts = {}
    for name in ("holds", "linked", "case"):
        with django_assert_max_num_queries(40) as one:
            client.get(url(name, case))
        counts[name] = len(one)
    for _ in range(5):
        held(case, coordinator, kind="criminal")
        beside(case, coordinator)

    for name, number in counts.items():
        with django_assert_num_queries(number):
            client.get(url(name, case))
