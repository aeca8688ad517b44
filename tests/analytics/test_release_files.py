"""The files of a release: as they were published, to whom, and on record."""

import json

import pytest
from django.urls import reverse

from analytics.states import ReleaseState
from cdop.core.audit import AuditEntry
from tests.analytics.pages import everybody_else, files_on, page_of, who_gets
from tests.cast import person
from tests.pages import sign_in, text_of


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("halton-2014-15-v1.pdf", "application/pdf"),
        ("pan-cheshire-2014-15-v1.pdf", "application/pdf"),
        ("pan-cheshire-2014-15-v1.csv", "text/csv; charset=utf-8"),
        ("pan-cheshire-2014-15-v1.json", "application/json"),
    ],
)
def test_a_file_comes_as_it_was_published_to_be_saved_and_the_download_is_recorded(
    client, release_at, reader, name, content_type
):
    release = release_at(ReleaseState.PUBLISHED)

    answer = sign_in(client, reader).get(
        reverse("analytics:download", args=[release.reference, name])
    )

    assert answer.content == bytes(release.files.get(name=name).content)
    assert {header: answer[header] for header in ("Content-Type", "Content-Disposition")} == {
        "Content-Type": content_type,
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    assert answer["X-Content-Type-Options"] == "nosniff"
    entry = AuditEntry.objects.get(action="release.downloaded")
    assert (entry.actor, json.loads(entry.detail)) == (reader, {"after": {"file": name}})


@pytest.mark.parametrize(
    "name",
    ["warrington-2014-15-v1.pdf", "cheshire-east-2014-15-v1.pdf", "halton-2014-15-v2.pdf", "x"],
)
def test_the_file_of_another_area_is_not_there(client, release_at, reader, audited, name):
    release = release_at(ReleaseState.PUBLISHED)

    answer = sign_in(client, reader).get(
        reverse("analytics:download", args=[release.reference, name])
    )

    assert (answer.status_code, audited("release.downloaded")) == (404, 0)


def test_every_file_of_a_published_release_for_everybody(request, release_at):
    release = release_at(ReleaseState.PUBLISHED)
    own = {"halton", "pan-cheshire"}

    for file in release.files.all():
        address = reverse("analytics:download", args=[release.reference, file.name])
        found = who_gets(request, "get", address)
        mine = 200 if file.name.rpartition("-2014")[0] in own else 404
        assert found == everybody_else(404, coordinator=200, chair=200, reader=mine)


def test_a_reader_without_an_area_has_the_files_of_pan_cheshire_alone(client, release_at):
    release = release_at(ReleaseState.PUBLISHED)

    page = sign_in(client, person("area_reader")).get(page_of(release))

    assert {name.rpartition("-2014")[0] for name in files_on(page)} == {"pan-cheshire"}


def test_a_superseded_release_and_its_files_are_out_of_the_readers_sight(
    client, release_at, reader
):
    release = release_at(ReleaseState.SUPERSEDED)
    sign_in(client, reader)

    listed = text_of(client.get(reverse("analytics:releases")))

    assert "2014-15 , version 2" in listed
    assert "version 1" not in listed
    assert client.get(page_of(release)).status_code == 404
    address = reverse("analytics:download", args=[release.reference, "halton-2014-15-v1.pdf"])
    assert client.get(address).status_code == 404
