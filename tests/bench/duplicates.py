"""How long likely duplicates take to find: by tokens, then opened and scored, at most 200.

The floor opens as many identities, by their keys, and does nothing else with them.
"""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cdop.cases import identity, search
from cdop.cases.models import Case, Clocks
from tests.bench.report import DUPLICATES_FLOOR
from tests.bench.timing import milliseconds


def measure() -> dict[str, float]:
    """Median milliseconds by name, how many "queries" a search takes, how many cases are "opened".

    What is looked for is the case opened last, as if its death were reported once more.
    """
    case = Case.objects.latest("opened_at")
    record = identity.read(case, by=search.SEARCH, purpose=search.PURPOSE)
    died_on = Clocks.objects.get(case=case).died_on
    nearest = list(Case.objects.filter(pk__in=search.nearest(record)))

    def look() -> None:
        search.candidates(record, died_on=died_on)

    def open_all() -> None:
        identity.compared(nearest, by=search.SEARCH, purpose=search.PURPOSE)

    with CaptureQueriesContext(connection) as taken:
        look()
    times = milliseconds({DUPLICATES_FLOOR: open_all, "search": look})
    return {**times, "queries": len(taken), "opened": len(nearest)}
