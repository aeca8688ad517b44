"""Load the demonstration into an empty database, and say what is in it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics.demonstration import filling, telling
from analytics.models import Release
from analytics.states import ReleaseState


class Command(BaseCommand):
    """Fills an empty database; on one that it filled before it changes nothing and tells again."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        if not filling.is_filled():
            if why := filling.why_not():
                raise CommandError(why)
            self.stdout.write("Loading the demonstration: 2014-15, and cases open today …")
            filling.publish(filling.fill())
        self._tell()

    def _tell(self) -> None:
        published = Release.objects.filter(
            state=ReleaseState.PUBLISHED, period=str(filling.YEAR)
        ).first()
        for part in (
            telling.figures(),
            telling.reports(published) if published else (),
            telling.sign_ins(),
        ):
            self.stdout.write("")
            for line in part:
                self.stdout.write(line)
