"""Invented files that come with a sheet, and what is kept of them."""

from cdop.core import documents
from notifications import legacy_actions
from notifications.legacy_models import LegacyCase
from notifications.models import Notification
from tests.cdop.core.files import pdf
from tests.notifications.legacy import sheets
from tests.notifications.legacy.sheets import CLOSED
from tests.notifications.legacy.test_archives import packed

LETTER = b"An invented letter."
FILES = [("papers/letter.txt", LETTER), ("papers/2012/report.pdf", pdf())]
WITH_FILES = CLOSED | {"files": "letter.txt; 2012/report.pdf"}


def read(rows, files, *, by):
    return legacy_actions.read(sheets.as_csv(rows), by=by, archive=packed(files))


def brought_in(rows, files, by):
    batch = read(rows, files, by=by)
    return legacy_actions.bring_in(batch, by=by, version=batch.version)


def notification_of(line):
    return Notification.objects.get(case=LegacyCase.objects.get(line=line).case)


def kept(line):
    return [each.name for each in documents.of(notification_of(line).data_key)]
