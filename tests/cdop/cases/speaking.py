"""Families and conversations, as tests put them down."""

from typing import Any

from django.utils.timezone import localdate

from cdop.cases import conversations, families, family_questions
from cdop.cases.conversations import Conversation, ConversationRecord, How, Verified
from cdop.cases.families import Family, FamilyCase
from cdop.cases.family_questions import FamilyQuestion
from cdop.cases.models import Case

MOTHER, FATHER = "Bbbb Invented-Child", "Dddd Invented-Father"
LATE = "Was the ambulance late?"
NUMBER = "01632 960123"
PEOPLE = [
    {"name": MOTHER, "relationship": "Mother", "details": ""},
    {"name": FATHER, "relationship": "Father", "details": f"Ring {NUMBER}"},
]


def without_family(case: Case) -> None:
    """Take away the record of its family, as on a case that is older than such records."""
    taken, _ = FamilyCase.objects.filter(case=case).delete()
    assert taken, "there was one"


def known_family(case: Case, by, **said: Any) -> Family:
    """The family of a case with both parents, a number, and a key worker."""
    row = families.of(case)
    assert row
    told: dict[str, Any] = {
        "people": PEOPLE,
        "limits": "",
        "wishes": "",
        "key_worker": "Kay Worker",
        "key_worker_at": "Invented Trust",
        "key_worker_phone": "01632 960999",
        "version": row.version,
    }
    return families.edit(case, by=by, **(told | said))


def spoke(case: Case, by, *, verified=Verified.KNOWN, **said: Any) -> Conversation:
    told = {name: said.pop(name) for name in ("next_on", "at") if name in said}
    words = {"spoken_with": MOTHER, "told": "That the panel meets in June."} | said
    return conversations.keep(
        case, ConversationRecord(**words), how=How.THEY_RANG, verified=verified, by=by, **told
    )


def asked(case: Case, by, **said: Any) -> FamilyQuestion:
    told: dict[str, Any] = {"asked_by": MOTHER, "asked_on": localdate(), "question": LATE}
    return family_questions.ask(case, by=by, **(told | said))
