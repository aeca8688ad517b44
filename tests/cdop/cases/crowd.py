"""Many cases at once, as search sees them, written in bulk: for counting and for crowds."""

from collections.abc import Iterable
from dataclasses import asdict

from django.utils import timezone

from cdop.cases import identity, tokens
from cdop.cases.models import Case, CaseFacts, Clocks, Identity, IdentityToken
from cdop.core import sealing
from cdop.core.dates import month_of
from tests.cdop.cases.children import Told

BATCH = 5000


def filed(reports: Iterable[Told]) -> list[Case]:
    """One case for each report, under one data key; their references are numbers."""
    reports = list(reports)
    key = sealing.new_key()
    opened = {"edition": "cdr-2018", "data_key": key, "opened_at": timezone.now()}
    before = Case.objects.count()
    cases = Case.objects.bulk_create(
        [Case(reference=f"C-{before + n}", **opened) for n in range(len(reports))], BATCH
    )
    both = list(zip(cases, reports, strict=True))
    Identity.objects.bulk_create(
        [
            Identity(case=c, sealed=sealing.seal_json(key, identity.PURPOSE, asdict(told.who)))
            for c, told in both
        ],
        BATCH,
    )
    Clocks.objects.bulk_create(
        [Clocks(case=c, died_on=told.died_on, notified_at=timezone.now()) for c, told in both],
        BATCH,
    )
    CaseFacts.objects.bulk_create(
        [
            CaseFacts(
                case=c,
                sex=told.sex,
                died_in=month_of(told.died_on),
                notified_in=month_of(told.died_on),
            )
            for c, told in both
        ],
        BATCH,
    )
    IdentityToken.objects.bulk_create(
        [
            IdentityToken(case=c, kind=kind, hmac=hmac)
            for c, told in both
            for kind, hmac in sorted(tokens.of(told.who))
        ],
        BATCH,
    )
    return cases
