"""From where the news of an invented death comes: who tells, from which place, how soon.

Hospitals tell of most; the ambulance service, the police, a hospice and community nurses of the
others. News from wards for adults comes late, as the returns from trusts are there to find out.
"""

from __future__ import annotations

from dataclasses import dataclass

GENERAL = "Invented General Hospital"
INFIRMARY = "Invented Infirmary"
UNIVERSITY = "Invented University Hospital"
COMMUNITY = "Invented Community Trust"
AMBULANCE = "Invented Ambulance Service"
POLICE = "Invented Police"
PRACTICE = "Invented General Practice"
SOCIAL_CARE = "Invented Children's Social Care"
HOSPICE = "Invented Children's Hospice"
REGISTRATION = "Invented Registration Service"
CORONER = "Invented Coroner's Office"

HOSPITALS = {
    "E06000049": GENERAL,
    "E06000050": INFIRMARY,
    "E06000006": UNIVERSITY,
    "E06000007": UNIVERSITY,
}
"""By area, the hospital in which its children are treated."""

ADULT_WARDS = ("Invented Ward 12 (adults)", "Invented Acute Medical Unit (adults)")
SOON = (3, 6, 9, 14, 19, 22, 27, 31, 43, 52, 66, 70)
LATE = (50, 98, 170, 260)
"""Hours from a death to its notification: usually, and from a ward for adults."""


@dataclass(frozen=True)
class News:
    """Who told of a death.

    place       a code of the form's places; ``ward`` says more of it, as the people there call it
    adult_ward  whether that is a ward for adults: "yes", "no", or "" where it is no ward
    """

    organisation: str
    role: str
    place: str
    ward: str = ""
    adult_ward: str = ""

    def hours(self, number: int) -> int:
        """Hours until the notification of the child with this number."""
        times = LATE if self.adult_ward == "yes" else SOON
        return times[number * 5 % len(times)]


def of(*, number: int, area: str, age_band: str, category: str, expectedness: str) -> News:
    """Where the news of a death comes from, by what is known of the child."""
    hospital = HOSPITALS[area]
    if category == "trauma":
        return News(POLICE, "police", "public_place")
    if age_band == "0-27d":
        role = "midwife" if number % 4 == 0 else "neonatologist"
        return News(hospital, role, "neonatal_unit", "Invented Neonatal Unit", "no")
    if age_band == "15-17":
        ward = ADULT_WARDS[number % len(ADULT_WARDS)]
        return News(hospital, "hospital_other", "hospital_other", ward, "yes")
    if expectedness == "unexpected":
        return _of_a_collapse(hospital, number)
    return _of_a_long_illness(hospital, number)


def _of_a_collapse(hospital: str, number: int) -> News:
    if number % 3 == 0:
        return News(AMBULANCE, "ambulance", "home")
    return News(hospital, "emergency_clinician", "emergency_department")


def _of_a_long_illness(hospital: str, number: int) -> News:
    if number % 3 == 0:
        return News(HOSPICE, "hospice", "hospice")
    if number % 3 == 1:
        return News(COMMUNITY, "community_nurse", "home")
    return News(hospital, "paediatrician", "paediatric_ward", "Invented Children's Ward", "no")
