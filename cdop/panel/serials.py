"""What the panel calls a case: a short serial that says nothing and leads nowhere."""

import secrets

from cdop.cases.models import Case
from cdop.core.identifiers import DRAWN, Chooser
from cdop.panel.models import AgendaItem


def serial_for(case: Case, random: Chooser = secrets) -> str:
    """The serial of a case, such as "P7K2-3": its own where it was on an agenda before.

    No two cases share one, so that a case can come to a later meeting under the serial by which
    members remember it.
    """
    earlier = AgendaItem.objects.filter(case=case).order_by("pk").first()
    if earlier:
        return earlier.serial
    while AgendaItem.objects.filter(serial=(serial := _drawn(random))).exists():
        continue
    return serial


def _drawn(random: Chooser) -> str:
    symbols = [random.choice(DRAWN) for _ in range(4)]
    return f"P{''.join(symbols[:3])}-{symbols[3]}"
