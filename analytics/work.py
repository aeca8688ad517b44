"""What statistics add to the home page: what waits to be approved, published or read."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from analytics.models import Release
from analytics.states import ReleaseState
from cdop.core.casework import Task
from cdop.core.roles import Permission
from cdop.core.users import User

STAGE = "statistics"
NEW_FOR = timedelta(weeks=4)


def tasks_for(user: User) -> list[Task]:
    """Drafts to approve, approved releases to publish, or what was published lately."""
    tasks = []
    if user.can(Permission.RELEASES_APPROVE):
        drafts = Release.objects.filter(state=ReleaseState.DRAFT).exclude(drafted_by=user)
        tasks += [_task("Approve the statistics of", release) for release in drafts]
    if user.can(Permission.RELEASES_DRAFT):
        approved = Release.objects.filter(state=ReleaseState.APPROVED)
        tasks += [_task("Publish the statistics of", release) for release in approved]
    elif user.can(Permission.RELEASES_READ) and not user.can(Permission.RELEASES_APPROVE):
        new = Release.objects.visible_to(user).filter(published_at__gte=timezone.now() - NEW_FOR)
        tasks += [_task("Read the new statistics of", release) for release in new]
    return tasks


def _task(doing: str, release: Release) -> Task:
    href = reverse("analytics:release", args=[release.reference])
    return Task(f"{doing} {release}", href, stage=STAGE)
