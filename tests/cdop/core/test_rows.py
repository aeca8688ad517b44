"""Rows by a statement whose text is composed once are those that the usual statement finds."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils.timezone import localdate

from cdop.cases.holds import Hold
from cdop.cases.models import Case, IdentityToken
from cdop.core.rows import rows_of
from tests.cdop.cases.holding_up import held
from tests.makers import a_case

TABLES = [
    table
    for table in apps.get_models()
    if not hasattr(table, "instance_type")  # a history is read by its own manager
    and any(f.name == "case" and f.related_model is Case for f in table._meta.concrete_fields)
]


@pytest.fixture
def cases(coordinator):
    """Two cases, each with its checklist and three holds."""
    found = [a_case(), a_case()]
    for case in found:
        for days in (3, 9, 1):
            held(case, coordinator, began_on=localdate() - timedelta(days))
    return found


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table._meta.db_table)
def test_the_rows_of_a_case_are_those_of_the_usual_statement_in_the_same_order(table, cases):
    order = table._meta.ordering or ["pk"]
    usual = list(table._base_manager.filter(case=cases[0]).order_by(*order))
    found = rows_of(table, "case", cases[0].pk)
    assert [row.__dict__ | {"_state": None} for row in found] == [
        row.__dict__ | {"_state": None} for row in usual
    ]


def test_rows_are_there_to_be_compared(cases):
    assert len(rows_of(Hold, "case", cases[1].pk)) == 3
    assert len(rows_of(IdentityToken, "case", cases[1].pk)) > 3
    assert rows_of(Hold, "case", cases[1].pk + 1) == []


def test_what_stands_beside_takes_one_statement_and_none_where_there_are_no_rows(
    cases, django_assert_num_queries
):
    with django_assert_num_queries(2):
        owners = {str(hold.owner) for hold in rows_of(Hold, "case", cases[0].pk, "owner")}
    assert owners == {str(Hold.objects.latest("pk").owner)}
    with django_assert_num_queries(1):
        rows_of(Hold, "case", 0, "owner")
