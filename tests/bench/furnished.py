"""A case of these weeks with what a population has not: a family spoken to, agencies that answered.

Made by the acts of the system, one by one, as the makers of the tests make it.
"""

from cdop.cases import families
from cdop.cases.models import Case
from cdop.core.users import User
from tests.cdop.agency_reports.makers import returned
from tests.cdop.cases.speaking import known_family, spoke
from tests.makers import opened_case

AGENCIES = ("general_practice", "health_visiting", "hospital", "police")
CONVERSATIONS = 6


def furnish(coordinator: User) -> Case:
    """Open one case, speak with its family, and let every agency answer every question."""
    case = opened_case({"given_names": "Furnished", "nhs_number": "9990009999"})
    families.begin(case, by=coordinator)
    known_family(case, coordinator)
    for number in range(CONVERSATIONS):
        spoke(case, coordinator, asked=f"Invented question {number}")
    for agency in AGENCIES:
        said = {"report_died_where": ["home"], "what_happened": [f"As the {agency} knows it"]}
        returned(coordinator, said, case=case, agency=agency)
    return case
