"""Who gets which page of releases, and who takes which step there."""

import pytest
from django.urls import reverse

from analytics.states import ReleaseState
from tests.analytics.pages import everybody_else, page_of, who_gets
from tests.pages import sign_in, text_of


def test_the_lists_and_a_published_release_are_for_makers_and_readers(request, release_at):
    release = release_at(ReleaseState.PUBLISHED)

    for address in (reverse("analytics:releases"), page_of(release)):
        found = who_gets(request, "get", address)
        assert found == everybody_else(404, coordinator=200, chair=200, reader=200)


@pytest.mark.parametrize("state", [s for s in ReleaseState if s is not ReleaseState.PUBLISHED])
def test_a_release_that_is_not_published_is_there_for_its_makers_only(request, release_at, state):
    release = release_at(state)

    assert who_gets(request, "get", page_of(release)) == everybody_else(
        404, coordinator=200, chair=200
    )


@pytest.mark.parametrize(
    ("name", "method"),
    [("draft", "get"), ("draft", "post"), ("withdraw", "get"), ("withdraw", "post")],
)
def test_drafting_and_withdrawing_are_for_the_team(request, release_at, name, method):
    release = release_at(ReleaseState.DRAFT)
    args = [release.reference] if name == "withdraw" else []

    found = who_gets(request, method, reverse(f"analytics:{name}", args=args))

    assert found == everybody_else(404, coordinator=200)


@pytest.mark.parametrize(
    ("state", "name", "expected"),
    [
        (ReleaseState.DRAFT, "approve", {"coordinator": 403, "chair": 302}),
        (ReleaseState.APPROVED, "approve", {"coordinator": 403, "chair": 409}),
        (ReleaseState.PUBLISHED, "approve", {"coordinator": 403, "chair": 409, "reader": 409}),
        (ReleaseState.DRAFT, "publish", {"coordinator": 409, "chair": 409}),
        # The coordinator comes first: for those after, it is published already.
        (ReleaseState.APPROVED, "publish", {"coordinator": 302, "chair": 409, "reader": 409}),
        (ReleaseState.PUBLISHED, "publish", {"coordinator": 409, "chair": 409, "reader": 409}),
    ],
)
def test_each_step_is_taken_refused_or_not_there(request, release_at, state, name, expected):
    release = release_at(state)

    found = who_gets(request, "post", page_of(release, name))

    assert found == everybody_else(404, **expected)


def test_a_chair_who_publishes_an_approved_release_is_told_why_not(client, release_at, chair):
    release = release_at(ReleaseState.APPROVED)

    answer = sign_in(client, chair).post(page_of(release, "publish"))

    assert answer.status_code == 403
    assert "As chair you cannot make this release published." in text_of(answer)


@pytest.mark.parametrize("name", ["approve", "publish"])
def test_a_step_is_not_taken_by_following_a_link(client, release_at, coordinator, name):
    release = release_at(ReleaseState.DRAFT)

    assert sign_in(client, coordinator).get(page_of(release, name)).status_code == 405


def test_nobody_sees_anything_without_signing_in(client, release_at):
    release = release_at(ReleaseState.PUBLISHED)
    addresses = [
        reverse("analytics:internal"),
        reverse("analytics:releases"),
        page_of(release),
        reverse("analytics:download", args=[release.reference, "pan-cheshire-2014-15-v1.json"]),
    ]

    answers = [client.get(address) for address in addresses]

    assert {answer.status_code for answer in answers} == {302}
    assert all("login" in answer["Location"] for answer in answers)
