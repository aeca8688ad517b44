"""What stands in the audit chain."""

from cdop.core.audit import AuditEntry


def actions() -> list[str]:
    """The action of every entry, in order."""
    return list(AuditEntry.objects.order_by("number").values_list("action", flat=True))
