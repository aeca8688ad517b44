"""Coming back to an unfinished notification by a link that opens it once.

The link is sent to an address that the notifier types. What opens a draft stands in the letter
alone: here it is a keyed hash, in the outbox it is sealed. To open the link shows a button and no
answer, because programs that look through post for harm open links too. The button hands the draft
to the browser in which it was pressed, and takes it from the one that had it.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone

from cdop.core import drafts, outbox, sealing
from cdop.core.audit import Job, act
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.drafts import Draft
from cdop.core.jinja import moment
from cdop.core.mailing import is_address
from cdop.core.messages import WITHHELD

LASTS = timedelta(days=3)
TOKEN, PURPOSE, LETTER = "report link", "report link", "report_link"


class ReturnLink(models.Model):
    """One link that was sent. The draft may be gone; the link stays a while, to be able to say so.

    No foreign key to the draft, so that to remove a draft is to remove one row.
    """

    token = models.CharField(max_length=64, unique=True)
    draft = models.UUIDField(db_index=True)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    catalogue: ClassVar[dict[str, Note]] = {
        "token": Note("Keyed hash of what the link carries", "", Sensitivity.SECRET, Seen.NOBODY),
        "draft": Note("The draft to which it leads", "", Sensitivity.NONE, Seen.NOBODY),
        "sealed": Note(
            "The address it went to, under the draft's key", "", Sensitivity.IDENTITY, Seen.SELF
        ),
        "made_at": Note("When it was made", "", Sensitivity.NONE, Seen.NOBODY),
        "expires_at": Note("Until when it opens the draft", "", Sensitivity.NONE, Seen.SELF),
        "used_at": Note(
            "When it was used, or another link to the same draft", "", Sensitivity.NONE, Seen.SELF
        ),
    }

    def __str__(self) -> str:
        return f"link {self.pk}"

    def opens(self, now: datetime) -> bool:
        """Whether neither it nor another was used since it was made, and its time is not over."""
        return self.used_at is None and now < self.expires_at


def send(draft: Draft, *, to: str, by: Job) -> None:
    """Send a link to an address; nothing where ``to`` is none."""
    if not is_address(to):
        return
    token, now = secrets.token_urlsafe(32), timezone.now()
    with act():
        link = ReturnLink.objects.create(
            token=_hash(token),
            draft=draft.pk,
            sealed=sealing.seal(draft.data_key, PURPOSE, to.encode()),
            made_at=now,
            expires_at=now + LASTS,
        )
        outbox.queue(
            LETTER,
            {f"{LETTER} {link.pk}": to},
            about=f"D-{draft.pk.hex[:12]}",
            by=by,
            context={"link": WITHHELD, "until": moment(link.expires_at)},
            secret=outbox.link(reverse("report:open_link", args=[token])),
        )


def find(token: str) -> ReturnLink | None:
    """The link that carries the token, used or not."""
    return ReturnLink.objects.filter(token=_hash(token)).first() if token else None


def draft_of(link: ReturnLink, kind: str) -> Draft | None:
    """The draft to which a link leads, if it was neither sent nor removed."""
    return drafts.by_key(kind, link.draft)


def take(link: ReturnLink, kind: str) -> tuple[Draft, str] | None:
    """Use the link, once: its draft, and the token for the browser that holds it from now on.

    With it every other link to the draft ends: by one of them somebody else could read what is
    typed from now on.
    """
    now = timezone.now()
    with act():
        # All of them, in one order: two links that are used at once wait for each other.
        rows = ReturnLink.objects.select_for_update().filter(draft=link.draft).order_by("pk")
        [row] = [each for each in rows if each.pk == link.pk]
        draft = draft_of(row, kind)
        if draft is None or not row.opens(now):
            return None
        rows.filter(used_at=None).update(used_at=now)
        return draft, drafts.hand_over(draft)


def why_not_again(link: ReturnLink, draft: Draft) -> str:
    """Why no new link goes to where this one went; "" means that it may."""
    if link.used_at and draft.saved_at >= link.used_at:
        return (
            "Somebody has gone on with it since. So that nobody else can read what they typed, no "
            "new link is sent from here."
        )
    if address(link, draft) != last_address(draft):
        return (
            "A link has gone to another address since. So that nobody else can read what is typed "
            "there, no new link is sent to the address of this one."
        )
    return ""


def last_address(draft: Draft) -> str:
    """The address to which the last link to this draft went; "" where none did."""
    link = _last(draft)
    return address(link, draft) if link else ""


def address_to_offer(draft: Draft) -> str:
    """The last address, for whoever gave it: "" once the draft was handed over by a link."""
    link = _last(draft)
    return address(link, draft) if link and link.used_at is None else ""


def _last(draft: Draft) -> ReturnLink | None:
    return ReturnLink.objects.filter(draft=draft.pk).order_by("-pk").first()


def address(link: ReturnLink, draft: Draft) -> str:
    """The address to which a link went."""
    return sealing.unseal(draft.data_key, PURPOSE, link.sealed).decode()


def remove_old() -> int:
    """Remove the links whose draft must be gone by now; say how many."""
    over = timezone.now() - drafts.LIFETIME
    count, _ = ReturnLink.objects.filter(expires_at__lt=over).delete()
    return count


def _hash(token: str) -> str:
    return sealing.token(TOKEN, token)
