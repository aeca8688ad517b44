"""Print the code that the authenticator app of a person of the demonstration would show now."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from analytics.demonstration import people


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="of somebody whom the demonstration invented")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("Codes are printed in demonstration mode only.")
        app = Authenticator.objects.filter(
            type=Authenticator.Type.TOTP, user__email__iexact=options["email"]
        ).first()
        if not app:
            raise CommandError(f"Nobody with {options['email']} has an authenticator app here.")
        self.stdout.write(people.code_now(app))
