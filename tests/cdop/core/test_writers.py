"""Few writers, read out of the source: who may write to the database at all, and how."""

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from cdop import editions

PACKAGES = ("cdop", "notifications", "analytics")

WRITES = {
    "save",
    "delete",
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "raw",
    "cursor",
    "atomic",
}
WRITES |= {f"a{name}" for name in WRITES}

# Who writes without ``core.steps``, and why no history and no version is lost by it.
ALLOWED = {
    "analytics/renderers/docx.py": {"save"},  # a file, in memory
    "analytics/renderers/ods.py": {"save"},  # a file, in memory
    "cdop/core/steps.py": {"bulk_create", "save"},  # the one writer of records
    "cdop/core/audit.py": {"atomic", "bulk_create", "cursor"},  # the chain and its head
    "cdop/core/backup.py": {"atomic", "cursor"},  # reads all tables at one moment
    "cdop/core/restoring.py": {"atomic", "bulk_create", "cursor", "delete", "save"},  # into nothing
    "cdop/core/second_lock.py": {"delete"},  # rows that the library keeps
    "cdop/core/sealing.py": {"bulk_create", "update"},  # keys have no history, to be destroyable
    "cdop/core/documents.py": {"delete", "save"},  # files; rows of what was not sent after all
    "cdop/core/drafts.py": {"create", "delete", "get_or_create", "save", "update"},  # unfinished
    "cdop/core/limits.py": {"cursor", "delete"},  # counts that come and go
    "cdop/core/outbox.py": {"bulk_create", "delete"},  # letters have no history
    "cdop/core/sending.py": {"update"},  # forgets an address
    "cdop/core/pictures.py": {"save"},  # a picture, in memory
    "cdop/core/directory.py": {"bulk_create", "delete"},  # public, replaced as a whole
    "cdop/core/reminders.py": {"delete"},  # sessions that ended by themselves
    "cdop/core/append_only.py": {"cursor"},  # reads which triggers there are
    "cdop/core/rows.py": {"raw"},  # reads the rows of a record
    "cdop/core/jinja.py": {"update"},  # dictionaries
    "cdop/cases/families.py": {"bulk_create", "delete"},  # traces, made anew with a family
    "cdop/cases/identity.py": {"bulk_create", "delete"},  # traces are made anew with an identity
    "cdop/panel/paper_pdf.py": {"save"},  # a file, in memory
    "cdop/reviews/unfinished.py": {"delete"},  # a draft whose form was sent
    "notifications/legacy_files.py": {"create", "delete", "save"},  # sealed files, kept for a day
    "notifications/returning.py": {"create", "delete", "update"},  # links to drafts
    "notifications/api_credentials.py": {"create", "delete", "update"},  # tokens, for an hour
    "notifications/api_deliveries.py": {"create"},  # keys of what was delivered, never changed
    "analytics/actions.py": {"bulk_create"},  # files of a release, themselves append-only
    "analytics/cube.py": {"atomic", "cursor"},  # one read-only look at everything
}
# Invented populations for benchmarks and training are written in bulk, into an empty database.
SYNTHESIS = "analytics/synthesis/"


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the system but its migrations, by its path, read."""
    root = Path(settings.BASE_DIR)
    paths = [path for package in PACKAGES for path in (root / package).rglob("*.py")]
    return {
        str(path.relative_to(root)): ast.parse(path.read_text())
        for path in paths
        if "migrations" not in path.parts
    }


def writes(tree: ast.Module) -> set[str]:
    """Names of the methods that a module calls and that could write to the database.

    A function of a module of that name (``steps.create``) is another's; the module is looked
    at itself. ``update`` with something in its brackets but names is a dictionary's or a hash's.
    """
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    } - {"transaction", "connection", "connections"}
    found = set()
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            continue
        name, owner = call.func.attr, call.func.value
        of_a_module = isinstance(owner, ast.Name) and owner.id in imported and owner.id.islower()
        by_names = name in ("update", "aupdate") and not call.args
        if (name in WRITES or by_names) and not of_a_module:
            found.add(name)
    return found


def test_nothing_writes_but_core_and_what_is_listed_here():
    beyond = {
        path: sorted(found)
        for path, tree in modules().items()
        if not path.startswith(SYNTHESIS) and (found := writes(tree) - ALLOWED.get(path, set()))
    }

    assert beyond == {}


def test_every_leave_to_write_is_still_used():
    assert {path: writes(modules()[path]) for path in ALLOWED} == ALLOWED


@pytest.mark.parametrize(
    "source, found",
    [
        ("case.save()", {"save"}),
        ("Case.objects.filter(pk=1).update(state='closed')", {"update"}),
        ("rows.update(**changes)", {"update"}),
        ("Case.objects.all().delete()", {"delete"}),
        ("from m import Case\nCase.objects.create()", {"create"}),
        ("from django.db import transaction\ntransaction.atomic()", {"atomic"}),
        ("from django.db import connection\nconnection.cursor()", {"cursor"}),
        ("known.update({1: 2})\nfrom m import steps\nsteps.create(case)", set()),
    ],
)
def test_this_test_sees_a_write(source, found):
    assert writes(ast.parse(source)) == found


def test_no_signal_is_sent_or_received():
    imports = defaultdict(set)
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                imports[path].add(node.module)
            elif isinstance(node, ast.Import):
                imports[path] |= {alias.name for alias in node.names}
    signals = {"django.dispatch", "django.db.models.signals", "django.core.signals"}

    assert {path for path, names in imports.items() if names & signals} == set()
    assert "django.db" in imports["cdop/core/audit.py"]


def test_no_class_overrides_save_or_delete():
    overriding = [
        f"{path}: {kind.name}.{method.name}"
        for path, tree in modules().items()
        for kind in ast.walk(tree)
        if isinstance(kind, ast.ClassDef)
        for method in kind.body
        if isinstance(method, ast.FunctionDef) and method.name in ("save", "delete", "save_base")
    ]

    assert overriding == []


def test_nothing_is_imported_inside_a_function():
    inline = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert inline == []


def test_nothing_catches_every_exception():
    everything = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) == "Exception")
    ]

    assert everything == []


# The guidance is data: a new edition needs no migration


def edition_codes() -> set[str]:
    """The codes of all editions that could end up in a column of the record."""
    found = set(editions.codes())
    for edition in map(editions.get, editions.codes()):
        for items in (edition.categories, edition.domains, edition.answers, edition.age_bands):
            found |= {item.code for item in items}
        found |= {task.code for task in edition.checklist}
    return found


def own_models():
    return [m for m in apps.get_models() if m.__module__.startswith(PACKAGES)]


def test_no_code_of_an_edition_is_among_the_choices_of_a_column():
    codes = edition_codes()
    fixed = {
        f"{model.__name__}.{field.name}": {value for value, _ in field.choices} & codes
        for model in own_models()
        for field in model._meta.concrete_fields
        if field.choices
    }

    assert len(codes) > 40
    assert {name for name, found in fixed.items() if found} == set()


def test_no_code_of_an_edition_is_in_a_constraint_of_the_database():
    codes = edition_codes()
    named = {
        f"{model.__name__}: {constraint.name}"
        for model in own_models()
        for constraint in model._meta.constraints
        if any(f"'{code}'" in str(constraint.deconstruct()) for code in codes)
    }

    assert named == set()
