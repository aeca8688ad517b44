"""Readers in the areas are told that there are new statistics, and nothing of what they say."""

from analytics.states import ReleaseState
from cdop.core import sealing
from cdop.core.messages import PURPOSE, Message
from cdop.core.steps import edit
from tests.cast import TESTS, person

TEMPLATE = "statistics_published"


def told():
    """To whom the messages go, and their words."""
    messages = Message.objects.filter(template=TEMPLATE)
    opened = [sealing.unseal(m.data_key, PURPOSE, bytes(m.sealed)).decode() for m in messages]
    return sorted(opened), {(m.subject.strip(), m.body) for m in messages}


def test_every_reader_of_an_area_is_told_once_with_a_link_and_without_a_figure(
    release_at, reader, chair
):
    manager = person("board_manager")
    release = release_at(ReleaseState.PUBLISHED)

    addresses, [(subject, body)] = told()

    assert addresses == sorted([reader.email, manager.email])
    assert subject == f"New statistics: {release.reference}"
    assert f"/statistics/releases/{release.reference}/" in body
    assert not any(
        digit.isdigit() for digit in body.replace(release.reference, "").split("2014")[0]
    )


def test_who_cannot_sign_in_any_more_is_not_written_to(release_at, reader):
    edit(reader, by=TESTS, is_active=False)

    release_at(ReleaseState.PUBLISHED)

    assert Message.objects.filter(template=TEMPLATE).count() == 0


def test_a_draft_and_an_approved_release_tell_nobody(release_at, reader):
    release_at(ReleaseState.APPROVED)

    assert Message.objects.filter(template=TEMPLATE).count() == 0


def test_a_correction_says_that_it_takes_the_place_of_the_one_before(
    release_at, reader, coordinator, chair
):
    release_at(ReleaseState.SUPERSEDED)

    told_of = Message.objects.filter(template=TEMPLATE).order_by("queued_at")

    assert [("version 2, which takes the place" in m.body) for m in told_of] == [False, True]
