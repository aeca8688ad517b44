"""What may be done with a release, each rule as one function that says why not."""

import json
from collections.abc import Iterable

from django.utils.timezone import localdate

from analytics import compose
from analytics.compose import Counted
from analytics.models import Release
from analytics.populations import BIRTHS, CHILDREN, KINDS, years_of
from analytics.states import ReleaseState
from analytics.tables import BASES
from cdop.core.periods import Period
from cdop.core.steps import why_not
from cdop.core.users import User

# Below this, rates are called unreliable by the Office for National Statistics; tables of so few
# children describe each of them.
FEW = 20

# Of whom there are rates, per how many, and what whoever drafts brings in for them.
RATES = (
    (CHILDREN, 100_000, "Bring in how many children lived here in the middle"),
    (BIRTHS, 1_000, "Bring in the births"),
)

DRAFTED_BY_YOU = "You drafted this release, so a second person must approve it."


def why_not_draft(period: Period) -> str:
    """Why no release of ``period`` can be drafted now; "" means it can."""
    if waiting := Release.objects.open().filter(period=str(period)).first():
        return (
            f"Version {waiting.number} of {period} is {waiting.state_label} and not yet published. "
            "Publish or withdraw it first."
        )
    return overlapping(period, Release.objects.ledger())


def overlapping(period: Period, ledger: Iterable[Release]) -> str:
    """Why what is public forbids a release of ``period``; "" means nothing does.

    A year less one of its quarters is the other three: hidden counts of one release could be
    worked out from the other, and the audit looks at one period at a time.
    """
    others = {release.period for release in ledger} - {str(period)}
    shared = [other for other in sorted(others) if _overlap(Period.parse(other), period)]
    if not shared:
        return ""
    return (
        f"{shared[0]} is published and has months in common with {period}. From the two together "
        "a reader could work out what each of them hides, so only one of them can be published."
    )


def too_little_changed(counted: Counted, threshold: int, earlier: Iterable[Release]) -> str:
    """Why these counts cannot follow the published versions of their period; "" means they can.

    One version less another counts the children who were added or taken away: what is said of
    a few of them is as small a count as any, so each change is none or K and more. The larger
    of the two thresholds holds. For those who may see exact counts, since it speaks of them.
    """
    editions = [edition.code for edition in counted.cube.editions]
    for release in earlier:
        content = json.loads(release.content)
        version = f"Version {release.number} of {release.period}"
        if content["release"]["editions"] != editions:
            return (
                f"{version} is published, and its deaths were reviewed under other guidance than "
                "those counted now. Nobody can check yet what a reader learns from two such "
                "versions, so the new one cannot be drafted. Tell whoever looks after the system."
            )
        limit = max(threshold, release.threshold)
        if any(0 < abs(change) < limit for change in compose.changes(content, counted.tables)):
            return (
                f"{version} is published, and counts that a reader has from it would change by "
                f"1 to {limit - 1}. From the two versions together that reader could learn what "
                "is recorded of the few children concerned. Wait until more corrections are in, "
                "and draft again then. If it cannot wait, tell whoever looks after the system."
            )
    return ""


def cautions(release: Release) -> list[str]:
    """What a person must weigh before the release is approved or published; not for readers.

    Hiding small counts does not hide what all the deaths have in common: where there are few,
    the zeros say what the others were.
    """
    found = []
    if release.months.last_day >= localdate():
        found.append("The months are not over: deaths will still be added to them.")
    found += _without_rates(release)
    for basis, deaths in compose.all_deaths(json.loads(release.content)).items():
        if deaths is None or 0 < deaths < FEW:
            found.append(
                f"{BASES[basis].label} are fewer than {FEW}. With so few, the zeros in the tables "
                "tell a reader what the others were. Think of several years together instead."
            )
    return found


def _without_rates(release: Release) -> list[str]:
    """Which rates are missing since nobody has said of how many children, or births, they are."""
    known = {table.get("population", "").lower() for table in json.loads(release.content)["tables"]}
    years = " and ".join(map(str, years_of(release.months)))
    return [
        f"There are no rates per {per:,} {KINDS[kind]}. {bring_in} of {years} to have them."
        for kind, per, bring_in in RATES
        if years and KINDS[kind] not in known
    ]


def _overlap(one: Period, other: Period) -> bool:
    return one.first_month <= other.last_month and other.first_month <= one.last_month


def why_not_approve(release: Release, by: User) -> str:
    """Why ``by`` cannot approve the release; "" means they can."""
    if release.drafted_by_id == by.pk:
        return DRAFTED_BY_YOU
    return why_not(release, ReleaseState.APPROVED, by=by)


def why_not_withdraw(release: Release, by: User) -> str:
    """Why ``by`` cannot withdraw the release; "" means they can."""
    return why_not(release, ReleaseState.WITHDRAWN, by=by)
