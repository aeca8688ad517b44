"""Bringing invented sheets in, and how much is there afterwards."""

from cdop.cases.models import Case, CaseFacts, IdentityToken
from cdop.core.audit import AuditEntry
from cdop.rapid_response.models import ChecklistItem
from notifications import legacy_actions
from notifications.legacy_models import LegacyCase
from notifications.models import Notification
from tests.notifications.legacy import sheets
from tests.notifications.legacy.sheets import ALL


def read(rows=ALL, *, by, extra=()):
    return legacy_actions.read(sheets.as_csv(rows, extra=extra), by=by)


def brought_in(rows=ALL, *, by, extra=()):
    batch = read(rows, by=by, extra=extra)
    return legacy_actions.bring_in(batch, by=by, version=batch.version)


def case_of(line):
    return LegacyCase.objects.get(line=line).case


def everything():
    """How many rows of everything there are, to see that nothing was left behind."""
    models = (Case, CaseFacts, Notification, LegacyCase, IdentityToken, ChecklistItem, AuditEntry)
    return {model.__name__: model.objects.count() for model in models}
