"""The one writer: what it writes and refuses, and that two of it never lose a word."""

from itertools import product

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from cdop.cases.models import Case, CaseFacts
from cdop.cases.states import CaseState
from cdop.core.audit import AuditEntry, Job, act
from cdop.core.organisations import Organisation, OrganisationKind
from cdop.core.records import Record
from cdop.core.refusals import Refused, Stale
from cdop.core.roles import ROLES, Permission, Role
from cdop.core.steps import create, edit, step, why_not
from cdop.core.users import RoleHolding, User
from cdop.reviews.analysis_models import Analysis
from tests.cast import TESTS
from tests.makers import a_case

RECORDS = [model for model in apps.get_models() if issubclass(model, Record)]
WITH_STEPS = [model for model in RECORDS if hasattr(model, "STEPS")]


def hospital(**changes) -> Organisation:
    return Organisation(name="Invented Hospital", kind=OrganisationKind.ACUTE_TRUST, **changes)


def last_entry() -> tuple[str, str, str]:
    entry = AuditEntry.objects.order_by("number").last()
    return (entry.action, entry.subject, entry.detail)


def histories(row: Record) -> list[tuple]:
    return list(
        row.history.order_by("history_date").values_list(
            "version", "history_type", "history_user__name", "history_change_reason"
        )
    )


def everything() -> tuple[int, ...]:
    """How many rows there are of all that can be written: what a refusal must leave as it is."""
    return tuple(model._base_manager.count() for model in apps.get_models())


# Create, edit


def test_a_new_row_has_version_1_a_history_and_an_entry_that_names_fields_not_values(coordinator):
    row = create(hospital(ods_code="XX1"), by=coordinator)

    assert row.version == 1
    assert histories(row) == [(1, "+", "Coordinator", "organisation.created")]
    assert last_entry() == (
        "organisation.created",
        f"organisation:{row.pk}",
        '{"fields": ["area", "ended_at", "kind", "name", "ods_code"]}',
    )


def test_an_edit_counts_the_version_and_keeps_who_and_why(coordinator, chair):
    row = create(hospital(), by=coordinator)

    changed = edit(row, by=chair, version=1, reason="misspelt", name="Invented Infirmary")

    assert (changed.name, changed.version) == ("Invented Infirmary", 2)
    assert histories(row) == [
        (1, "+", "Coordinator", "organisation.created"),
        (2, "~", "Chair", "misspelt"),
    ]
    assert last_entry() == ("organisation.edited", f"organisation:{row.pk}", '{"fields": ["name"]}')
    entry = AuditEntry.objects.order_by("number").last()
    assert (entry.actor, entry.hat, entry.job) == (chair, "chair", "")


def test_an_edit_in_passing_is_kept_and_recorded_and_makes_no_open_page_stale(coordinator):
    case = a_case()
    history, entries = Case.history.count(), AuditEntry.objects.count()

    row = edit(case, by=coordinator, in_passing=True, edition="cdr-2018")

    assert (row.edition, row.version) == ("cdr-2018", case.version)
    assert Case.history.count() == history + 1
    assert AuditEntry.objects.count() == entries + 1
    edit(case, by=coordinator, version=case.version, edition="lscb-2015")


def test_a_job_leaves_its_name_and_no_person(coordinator):
    row = create(hospital(), by=Job("import"))

    assert histories(row) == [(1, "+", None, "organisation.created")]
    entry = AuditEntry.objects.order_by("number").last()
    assert (entry.actor, entry.hat, entry.job) == (None, "", "import")


def test_an_edit_that_changes_nothing_writes_nothing(coordinator):
    row = create(hospital(), by=coordinator)
    before = everything()

    same = edit(row, by=coordinator, version=1, name=row.name, kind=row.kind)

    assert (same.version, everything()) == (1, before)


def test_the_same_sealed_bytes_are_no_change(coordinator):
    """PostgreSQL gives them back as another type than they were given."""
    identity = a_case().identity
    before = everything()

    edit(identity, by=coordinator, sealed=bytes(identity.sealed))

    assert everything() == before


def test_a_stale_edit_is_refused_and_shows_what_is_there_now(coordinator, chair):
    row = create(hospital(), by=coordinator)
    edit(row, by=chair, version=1, name="Invented Infirmary")
    before = everything()

    with pytest.raises(Stale) as refused:
        edit(row, by=coordinator, version=1, name="Invented Clinic")

    assert (refused.value.status, refused.value.current.name) == (409, "Invented Infirmary")
    assert everything() == before


def test_a_stale_object_writes_only_the_columns_that_it_was_told(coordinator):
    old = create(hospital(), by=coordinator)
    edit(old, by=coordinator, name="Invented Infirmary")

    edit(old, by=coordinator, ods_code="XX2")

    row = Organisation.objects.get(pk=old.pk)
    assert (row.name, row.ods_code, row.version) == ("Invented Infirmary", "XX2", 3)


def test_creating_what_is_already_there_never_writes_over_it(coordinator):
    """The facts of a case share its primary key: a plain save would replace them in silence."""
    facts = a_case(category="perinatal").facts
    again = CaseFacts(case=facts.case, died_in=facts.died_in, notified_in=facts.notified_in)

    with pytest.raises(IntegrityError), transaction.atomic():
        create(again, by=coordinator)

    assert CaseFacts.objects.get(case=facts.case).category == "perinatal"


@pytest.mark.parametrize("column", ["state", "id", "colour"])
def test_an_edit_writes_no_state_no_key_and_nothing_unknown(coordinator, column):
    case = a_case()
    before = everything()

    with pytest.raises((ValueError, TypeError, AttributeError)):
        edit(case, by=coordinator, **{column: 7})

    assert everything() == before
    assert Case.objects.get(pk=case.pk).version == case.version


def test_a_failure_after_a_write_in_one_act_takes_the_write_with_it(coordinator):
    before = everything()

    with pytest.raises(Refused), act():
        create(hospital(), by=coordinator)
        raise Refused("The second half cannot be done.")

    assert everything() == before


def test_an_entry_about_a_part_names_the_case_that_the_caller_knows(coordinator):
    """An analysis has no column for its case, and is read anew before it is written."""
    analysis = Analysis(edition="cdr-2018")
    analysis.audit_case = 42
    create(analysis, by=TESTS)

    edit(analysis, by=coordinator, cause="not known")

    entries = AuditEntry.objects.filter(action__startswith="analysis.")
    assert list(entries.values_list("case_number", flat=True)) == [42, 42]


# Step


def test_a_step_writes_state_stamps_history_and_entry(coordinator):
    case = a_case()

    ready = step(case, CaseState.READY, by=coordinator, reason="all reports are in")

    assert (ready.state, ready.version) == ("ready", case.version + 1)
    assert histories(ready)[-1] == (2, "~", "Coordinator", "all reports are in")
    entry = AuditEntry.objects.order_by("number").last()
    assert (entry.action, entry.case_number) == ("case.ready", case.pk)
    assert entry.detail == '{"after": {"state": "ready"}, "before": {"state": "gathering"}}'


def test_a_step_from_a_stale_object_goes_by_the_row_as_it_is(coordinator):
    old = a_case()
    step(old, CaseState.READY, by=coordinator)

    with pytest.raises(Refused, match="is ready for panel, so it cannot become ready for panel"):
        step(old, CaseState.READY, by=coordinator)


def test_a_step_on_what_somebody_else_changed_since_is_stale(coordinator):
    case = a_case()
    step(case, CaseState.READY, by=coordinator, version=1)
    before = everything()

    with pytest.raises(Stale):
        step(case, CaseState.GATHERING, by=coordinator, version=1)

    assert everything() == before


def test_a_step_cannot_stamp_another_state(coordinator):
    case = a_case()

    with pytest.raises(ValueError, match="state"):
        step(case, CaseState.READY, by=coordinator, state="closed")

    assert Case.objects.get(pk=case.pk).state == "gathering"


def test_state_forbids_with_409_and_the_person_with_403_and_nothing_is_left(coordinator, member):
    case = a_case()
    before = everything()

    with pytest.raises(Refused) as by_state:
        step(case, CaseState.CLOSED, by=coordinator)
    with pytest.raises(Refused) as by_person:
        step(case, CaseState.READY, by=member)

    assert (by_state.value.status, by_person.value.status) == (409, 403)
    assert str(by_state.value) == (
        "This case is gathering information, so it cannot become closed."
    )
    assert str(by_person.value) == "As panel member you cannot make this case ready for panel."
    assert everything() == before


def test_somebody_without_a_hat_takes_no_step(stranger):
    with pytest.raises(Refused, match="As person without a role you cannot"):
        step(a_case(), CaseState.READY, by=stranger)


@pytest.mark.parametrize("model", WITH_STEPS, ids=lambda model: model.__name__)
def test_each_step_is_open_to_exactly_the_roles_that_the_table_says(model):
    """Every pair of states, for every role and for nobody."""
    states = type(next(iter(model.STEPS))[0])
    for here, there, role in product(states, states, [*Role, None]):
        who = User(name=str(role))
        who.hat = RoleHolding(role=role) if role else None
        needed = model.STEPS.get((here, there))

        open_to_them = why_not(model(state=here), there, by=who) == ""

        told = needed is not None and role is not None and needed in ROLES[role].permissions
        assert open_to_them == told, (here, there, role)


@pytest.mark.parametrize("model", WITH_STEPS, ids=lambda model: model.__name__)
def test_a_job_takes_the_steps_of_the_table_and_no_others(model):
    states = type(next(iter(model.STEPS))[0])

    open_to_jobs = {
        pair
        for pair in product(states, states)
        if why_not(model(state=pair[0]), pair[1], by=TESTS) == ""
    }

    assert open_to_jobs == set(model.STEPS)


@pytest.mark.parametrize("model", WITH_STEPS, ids=lambda model: model.__name__)
def test_every_state_can_be_reached_and_every_step_by_somebody(model):
    states = type(next(iter(model.STEPS))[0])
    state = model._meta.get_field("state")
    # What has no first state, such as a decision, is made in any of them.
    reached = {states(state.default)} if state.has_default() else set(states)
    for _ in states:
        reached |= {there for here, there in model.STEPS if here in reached}

    assert reached == set(states)
    # None is for a job alone.
    for needed in filter(None, model.STEPS.values()):
        assert needed in Permission
        assert any(needed in rule.permissions for rule in ROLES.values())


def test_every_record_with_a_state_has_a_table_of_steps():
    """A new stage is tried here from its first day, without a line in this file."""
    stated = {model for model in RECORDS if any(f.name == "state" for f in model._meta.fields)}

    assert stated == set(WITH_STEPS) and len(stated) >= 5
