"""Bringing invented sheets in, and how much is there afterwards."""

from cdop.cases.models import Case, CaseFacts, IdentityToken
from cdop.core.audit import AuditEntry
from cdop.rapid_response.models import ChecklistItem
from notifications import legacy_actions, legacy_queries
from notifications.legacy_checks import choice
from notifications.legacy_models import LegacyCase
from notifications.models import Notification
from tests.notifications.legacy import sheets
from tests.notifications.legacy.sheets import ALL


def read(rows=ALL, *, by, extra=()):
    return legacy_actions.read(sheets.as_csv(rows, extra=extra), by=by)


def brought_in(rows=ALL, *, by, extra=()):
    batch = read(rows, by=by, extra=extra)
    return legacy_actions.bring_in(batch, by=by, version=batch.version)


def say(batch, said, *, by):
    """Say of lines what becomes of them, being like what was found last."""
    like = legacy_queries.waiting(batch).like
    said = {str(line): choice(what, like[line]) for line, what in said.items()}
    legacy_actions.choose(batch, said, by=by)


def case_of(line):
    return LegacyCase.objects.get(line=line).case


def everything():
    """How many rows of everything there are, to see that nothing was left behind."""
    models = (Case, CaseFacts, Notification, LegacyCase, IdentityToken, ChecklistItem, AuditEntry)
    return {model.__name__: model.objects.count() for model in models}
