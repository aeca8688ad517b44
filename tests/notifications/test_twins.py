"""Twins, brothers and sisters: linked from case to case, and still each a case of its own."""

from uuid import uuid4

from django.urls import reverse

from cdop.cases import actions as cases
from cdop.cases import links
from notifications import siblings
from notifications.intake import NOTIFIER
from tests.notifications.filling import text_of
from tests.notifications.triage import accepted, page_of, received, undone
from tests.pages import sign_in


def test_a_decision_that_is_open_stands_although_a_twin_is_begun_meanwhile(coordinator):
    first = received()  # with the version that is on the page

    mark = siblings.bind(first, by=NOTIFIER)
    one = accepted(first, coordinator)

    twin = received(together=mark, given_names="Bbbb", nhs_number="9990001502")
    other = accepted(twin, coordinator)
    assert [linked.case for linked in links.of(one, coordinator)] == [other]


def test_twins_who_were_reported_together_are_linked_and_stay_two_children(desk, coordinator):
    family = uuid4()
    first = received(together=family)
    second = received(together=family, given_names="Bbbb", nhs_number="9990001502")
    page = text_of(desk.get(page_of(first)))
    assert f"Sent together with: {second.reference} , a twin, brother or sister" in page

    one = accepted(first, coordinator)
    other = accepted(second, coordinator)

    assert [(linked.case, linked.kind) for linked in links.of(one, coordinator)] == [
        (other, "twin, or one of several born together")
    ]
    assert links.of(other, coordinator)[0].case == one
    shown = text_of(desk.get(reverse("cases:case", args=[one.reference])))
    assert f"Another case of this family: {other.reference} , a twin" in shown


def test_children_of_one_family_born_apart_are_brothers_or_sisters(coordinator):
    family = uuid4()
    one = accepted(received(together=family), coordinator)
    older = received(together=family, given_names="Bbbb", date_of_birth="2020-02-02")

    accepted(older, coordinator)

    assert [linked.kind for linked in links.of(one, coordinator)] == ["brother or sister"]


def test_a_professional_on_one_twins_case_is_not_told_of_the_other(client, coordinator, doctor):
    family = uuid4()
    one, other = (
        accepted(received(together=family, given_names=name, nhs_number=number), coordinator)
        for name, number in (("Aaaa", "9990001499"), ("Bbbb", "9990001502"))
    )
    cases.give_access(one, doctor, by=coordinator, ends_on=None)

    page = sign_in(client, doctor).get(reverse("cases:case", args=[one.reference]))

    assert page.status_code == 200
    assert other.reference not in page.content.decode()


def test_a_withdrawn_case_is_nobodys_twin(coordinator):
    family = uuid4()
    first, second = received(together=family), received(together=family, given_names="Bbbb")
    one = accepted(first, coordinator)
    accepted(second, coordinator)

    undone(second, coordinator)

    assert links.of(one, coordinator) == []
