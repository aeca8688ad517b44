"""Limits: how often somebody may do something within a time.

They slow down machines that guess or flood. Who is counted is kept as a keyed hash only. The time
begins with the first that is counted; when it is over, the count begins anew. So at worst twice as
many pass in one such time as are allowed, and one small row is enough for each who is counted.
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import connection, models
from django.utils import timezone

from cdop.core import sealing
from cdop.core.catalogue import Note, Seen, Sensitivity

# One statement, because every report waits for it, and two at once must both be counted.
COUNT_ONE_MORE = """
    INSERT INTO cdop_limit (key, count, until) VALUES (%s, 1, %s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN cdop_limit.until > %s THEN cdop_limit.count + 1 ELSE 1 END,
        until = CASE WHEN cdop_limit.until > %s THEN cdop_limit.until ELSE excluded.until END
    RETURNING count
"""


class Limit(models.Model):
    """How often one who is counted did one kind of thing, until when it is counted."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    catalogue: ClassVar[dict[str, Note]] = {
        "key": Note("Keyed hash of what is counted and who", "", Sensitivity.NONE, Seen.NOBODY),
        "count": Note("How often so far", "", Sensitivity.NONE, Seen.NOBODY),
        "until": Note("When the count begins anew", "", Sensitivity.NONE, Seen.NOBODY),
    }

    def __str__(self) -> str:
        return f"{self.count} until {self.until}"


def allow(kind: str, who: str, *, most: int, within: timedelta) -> bool:
    """Count one more of ``kind`` for ``who``; whether that is still within ``most``."""
    return counted(kind, who, within=within) <= most


def counted(kind: str, who: str, *, within: timedelta) -> int:
    """Count one more of ``kind`` for ``who``; say how many that makes.

    who  an address of the net, an e-mail address, a client: kept as a keyed hash alone
    Ask before the act that it protects begins: a count made within an act that is refused
    would be undone with it.
    """
    now, key = timezone.now(), sealing.token(f"limit:{kind}", who)
    moments = map(connection.ops.adapt_datetimefield_value, (now + within, now, now))
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ONE_MORE, [key, *moments])
        [count] = cursor.fetchone()
    return count


def remove_ended() -> int:
    """Remove the counts whose time is over; say how many."""
    count, _ = Limit.objects.filter(until__lte=timezone.now()).delete()
    return count
