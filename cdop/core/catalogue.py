"""The field catalogue: what every stored field means, where it comes from and who sees it.

Each model lists its fields in ``catalogue``; ``manage.py describe_data`` writes ``docs/data.md``
from these notes, and a test fails on a field without one.
"""

from dataclasses import dataclass
from enum import StrEnum


class Sensitivity(StrEnum):
    """How much a field can say about a living or dead person."""

    IDENTITY = "identifies a person; sealed"
    CLOCK = "an exact date or time of a child's death; early stages only"
    PERSONAL = "about a child, without identifying one alone"
    STAFF = "about a member of staff"
    SECRET = "a key or a credential"  # nosec B105 # a label, not a password
    NONE = "about the work"


class Seen(StrEnum):
    """Who sees a field on a page."""

    NOBODY = "nobody; the program only"
    TEAM = "coordinator, deputy coordinator, CDOP nurse"
    RESPONDERS = "the team and the professionals on the case"
    PANEL = "the team, chair and panel members at the meeting"
    SELF = "the person concerned and the team"
    GOVERNANCE = "information governance lead"
    SIGNED_IN = "everybody who is signed in"
    PUBLIC = "everybody"


@dataclass(frozen=True)
class Note:
    """One line of the catalogue.

    meaning      what the field holds, in a phrase
    form         where the statutory forms ask it ("A4", "C"), or ""
    sensitivity  what it can say about a person
    seen         who sees it
    """

    meaning: str
    form: str
    sensitivity: Sensitivity
    seen: Seen
