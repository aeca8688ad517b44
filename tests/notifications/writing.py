"""A notification as it arrives, and the letters that are queued about it."""

from cdop import editions
from cdop.core import sealing
from cdop.core.messages import Message
from notifications import decisions, intake, letters
from notifications.intake import NOTIFIER
from notifications.models import Notification
from tests.makers import HALTON

NEW = editions.get("cdr-2018")
NOTIFIER_ADDRESS = "notifier@example.org"
CHILD = {
    "given_names": "Aaaa",
    "family_name": "Invented-Child",
    "date_of_birth": "2020-03-04",
    "nhs_number": "9990000123",
    "postcode": "ZZ99 3WZ",
    "expectedness": "unexpected",
    "place_of_death": "paediatric_ward",
    "sex": "female",
}


def received(at=None, route: str = "web", **answers) -> Notification:
    said = {
        "date_of_death": "2026-01-10",
        "notifier_name": "Notifier Invented",
        "notifier_email": NOTIFIER_ADDRESS,
        "notifier_phone": "01632 960001",
        **CHILD,
        **answers,
    }
    arrived = intake.receive(said, edition=NEW, route=route, by=NOTIFIER, at=at)
    letters.tell_team()
    return arrived


def sent_to(template: str) -> list[str]:
    """The addresses to which letters of one kind are queued, in order."""
    rows = Message.objects.filter(template=template).select_related("data_key")
    return sorted(sealing.unseal(r.data_key, "address", r.sealed).decode() for r in rows)


def accepted(sent: Notification, coordinator, area: str = HALTON):
    chosen = decisions.Area.objects.get(code=area) if area else None
    return decisions.accept(sent, by=coordinator, version=1, area=chosen, in_scope=True)
