"""``manage.py load_organisations``: the real NHS organisations of the region, by ODS code."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cdop.core import organisation_actions, reference
from cdop.core.audit import Job, act
from cdop.core.organisations import Organisation
from cdop.core.reference import OrganisationReference
from cdop.core.steps import create, edit

BY = Job("load_organisations")
REFUSED = (
    "This is a demonstration: no real organisation may stand beside an invented death. Load them "
    "on a system for real work."
)


class Command(BaseCommand):
    help = "Puts the organisations of the reference data into the database; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DEMONSTRATION:
            raise CommandError(REFUSED)
        with act():
            added = sum(_put(each) for each in reference.organisations())
        self.stdout.write(f"{added} added, {len(reference.organisations())} in all are there.")


def _put(each: OrganisationReference) -> bool:
    """Add an organisation, or give it the name it has now; True where it was added.

    One that somebody added by hand under the same name gets its code and is not made twice.
    """
    by_hand = organisation_actions.of_the_name(each.name)
    known = Organisation.objects.filter(ods_code=each.ods_code).first() or by_hand
    if known:
        edit(known, by=BY, ods_code=each.ods_code, name=each.name, kind=each.kind)
        return False
    create(Organisation(ods_code=each.ods_code, name=each.name, kind=each.kind), by=BY)
    return True
