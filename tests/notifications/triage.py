"""What the tests of triage share: a notification as it arrives, and each decision on it."""

from django.urls import reverse
from django.utils import timezone

from cdop import editions
from cdop.cases.models import Case, CaseFacts, Clocks, Identity, ReportedValue
from cdop.core.audit import AuditEntry
from cdop.core.messages import Message
from cdop.core.organisations import Area, Organisation
from cdop.core.steps import create
from cdop.rapid_response.models import ChecklistItem
from notifications import decisions, intake, undoing
from notifications.intake import NOTIFIER
from notifications.models import Notification
from tests.cast import TESTS
from tests.makers import HALTON
from tests.notifications.filling import version_on

NEW = editions.get("cdr-2018")
ANSWERS = {
    "date_of_death": "2026-01-10",
    "time_of_death": "14:30",
    "notifier_name": "Notifier Invented",
    "notifier_role": "midwife",
    "notifier_email": "notifier@example.org",
    "notifier_phone": "01632 960001",
    "given_names": "Aaaa",
    "family_name": "Triage-Child",
    "date_of_birth": "2025-12-01",
    "sex": "female",
    "nhs_number": "9990001499",
    "postcode": "WA7 1AA",
    "expectedness": "unexpected",
    "agencies_known": ["midwifery"],
}
PANEL = "The panel of Invented-Shire"
LIST = reverse("notifications:list")


def received(*, together=None, organisation=None, at=None, **answers) -> Notification:
    """A notification that waits."""
    said = ANSWERS | answers
    told = {"together": together, "organisation": organisation, "at": at}
    return intake.receive(said, edition=NEW, route="web", by=NOTIFIER, **told)


def accepted(notification, by, **said) -> Case:
    area = Area.objects.get(code=HALTON)
    told = {"version": notification.version, "area": area, "in_scope": True} | said
    return decisions.accept(notification, by=by, **told)


def attached(notification, case, by) -> Notification:
    return decisions.attach(notification, case, by=by, version=notification.version)


def passed_on(notification, by) -> Notification:
    return decisions.pass_on(notification, by=by, version=notification.version, panel=PANEL)


def taken_over(notification, by) -> Notification:
    row = passed_on(notification, by)
    said = {"receipt_from": "Their coordinator", "at": timezone.now()}
    return decisions.confirm_receipt(row, by=by, version=row.version, **said)


def declined(notification, by, reason="grown_up") -> Notification:
    return decisions.decline(notification, by=by, version=notification.version, reason=reason)


def undone(notification, by, reason="By mistake") -> Notification:
    row = Notification.objects.get(pk=notification.pk)
    return undoing.undo(row, by=by, version=row.version, reason=reason)


def the_one() -> Notification:
    return Notification.objects.get()


def organisation(name="Invented Hospital Trust", kind="acute_trust") -> Organisation:
    return create(Organisation(name=name, kind=kind), by=TESTS)


def page_of(notification, name="notification") -> str:
    return reverse(f"notifications:{name}", args=[notification.reference])


def decide(desk, notification, name, **said):
    """Open a decision, say it and press the button."""
    version = version_on(desk.get(page_of(notification, name)))
    return desk.post(page_of(notification, name), {"version": version, **said})


def everything() -> tuple:
    """How much of everything there is, and where it stands: a refusal must leave it as it was."""
    models = (Case, Identity, Clocks, CaseFacts, ReportedValue, ChecklistItem, AuditEntry, Message)
    notifications = Notification.objects.order_by("pk").values_list("state", "version", "case")
    cases = Case.objects.order_by("pk").values_list("state", "version")
    return *(model.objects.count() for model in models), list(notifications), list(cases)
