"""What one line of a list, or of a return, says about a death; and how it is sealed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from cdop.cases.identity import IdentityRecord
from cdop.core import sealing
from cdop.core.identifiers import normalise_nhs_number
from cdop.core.jinja import day, nhs_number
from cdop.core.sealing import DataKey
from notifications.assurance.models import DeathList, ListedDeath, Return

PURPOSE = "listed death"
SEX = {"male": "Male", "female": "Female"}
ANSWERS = {"yes": "Yes", "no": "No", "not_known": "Not known"}


@dataclass(frozen=True)
class Listed:
    """All that a line says, as text; "" where it says nothing. Dates are ISO dates.

    own_reference  what those who sent it call the death: the entry in a register, a record's number
    notified       "yes", "no" or "not_known": whether they say that they have notified it
    notified_as    the reference under which they say so
    """

    date_of_death: str
    date_of_birth: str = ""
    age: str = ""
    given_names: str = ""
    family_name: str = ""
    initials: str = ""
    nhs_number: str = ""
    sex: str = ""
    address: str = ""
    postcode: str = ""
    place: str = ""
    adult_ward: str = ""
    notified: str = ""
    notified_as: str = ""
    own_reference: str = ""

    @property
    def died_on(self) -> date:
        return date.fromisoformat(self.date_of_death)

    @property
    def number(self) -> str:
        """The ten digits of the NHS number; "" where it is none."""
        return normalise_nhs_number(self.nhs_number) or ""

    @property
    def identity(self) -> IdentityRecord:
        """By what the child can be looked for."""
        return IdentityRecord.of(asdict(self))

    @property
    def name(self) -> str:
        """What to call the child on a page for the team."""
        return f"{self.given_names} {self.family_name}".strip() or self.initials

    def rows(self) -> list[dict[str, str]]:
        """Term by term as a page shows it, what is empty left out."""
        said = [
            ("Name", f"{self.given_names} {self.family_name}".strip()),
            ("Initials", self.initials),
            ("Date of death", day(self.died_on)),
            ("Date of birth", _day(self.date_of_birth)),
            ("Age, as given", self.age),
            ("NHS number", nhs_number(self.nhs_number)),
            ("Sex", SEX.get(self.sex, self.sex)),
            ("Address", self.address),
            ("Postcode", self.postcode),
            ("Place of death or ward", self.place),
            ("Ward for adults", ANSWERS.get(self.adult_ward, "")),
            ("They say it was notified", ANSWERS.get(self.notified, "")),
            ("Under the reference", self.notified_as),
            ("Their own reference", self.own_reference),
        ]
        return [{"term": term, "text": text} for term, text in said if text]

    def answers(self) -> dict[str, Any]:
        """What the line knows, by the codes of the notification form."""
        known = {
            "date_of_death": self.date_of_death,
            "date_of_birth": self.date_of_birth,
            "given_names": self.given_names,
            "family_name": self.family_name,
            "nhs_number": self.number or self.nhs_number,
            "sex": self.sex,
            "address": self.address,
            "postcode": self.postcode,
            "place_of_death_name": self.place,
            "adult_ward": self.adult_ward,
            "other_information": self._rest(),
        }
        return {code: answer for code, answer in known.items() if answer}

    def _rest(self) -> str:
        """What the form has no question for."""
        rest = {
            "Initials": self.initials,
            "Age": "" if self.date_of_birth else self.age,
            "Their own reference": self.own_reference,
        }
        return "\n".join(f"{term}: {text}" for term, text in rest.items() if text)


def seal(key: DataKey, listed: Listed) -> bytes:
    return sealing.seal_json(key, PURPOSE, {k: v for k, v in asdict(listed).items() if v})


def unseal(line: ListedDeath) -> Listed:
    """What a line says. Whoever shows it to a person records the reading first."""
    return Listed(**sealing.unseal_json(holder(line).data_key, PURPOSE, line.sealed))


def holder(line: ListedDeath) -> DeathList | Return:
    """What the line stands on: a list, or a return."""
    held = line.on_list or line.on_return
    assert held is not None  # a constraint of the database
    return held


def _day(text: str) -> str:
    return day(date.fromisoformat(text)) if text else ""
