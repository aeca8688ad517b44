"""Real organisations: loaded where real work is done, and nowhere beside invented deaths."""

import pytest
from django.core.management import CommandError, call_command

from cdop.core import reference
from cdop.core.organisations import Organisation, OrganisationKind
from cdop.core.steps import edit
from tests.cast import TESTS


def test_a_demonstration_refuses_them_and_stays_empty(db):
    with pytest.raises(CommandError, match="no real organisation may stand beside"):
        call_command("load_organisations")

    assert Organisation.objects.count() == 0


def test_a_system_for_real_work_gets_each_once_however_often_it_loads(db, settings, capsys):
    settings.DEMONSTRATION = False
    call_command("load_organisations")
    call_command("load_organisations")

    there = {(o.ods_code, o.name, o.kind) for o in Organisation.objects.all()}
    known = {(each.ods_code, each.name, each.kind) for each in reference.organisations()}
    assert there == known
    assert Organisation.objects.count() == len(known) > 10
    assert {kind for _, _, kind in known} <= set(OrganisationKind.values)
    assert f"0 added, {len(known)} in all" in capsys.readouterr().out


def test_a_renamed_organisation_gets_its_new_name_and_keeps_its_history(db, settings):
    settings.DEMONSTRATION = False
    call_command("load_organisations")
    first = Organisation.objects.exclude(ods_code="").first()
    edit(first, by=TESTS, name="An older name")

    call_command("load_organisations")

    now = Organisation.objects.get(pk=first.pk)
    assert (now.name, now.history.count()) == (first.name, 3)
