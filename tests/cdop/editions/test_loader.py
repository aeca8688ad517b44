"""A bad file stops the program and says where and why; a good one is read exactly."""

from datetime import date
from types import MappingProxyType

import pytest
import yaml

from cdop import editions
from cdop.editions import nodes
from cdop.editions.conditions import AnyOf, Chosen, Not
from cdop.editions.loader import load
from cdop.editions.nodes import BadEdition
from cdop.editions.schema import AgeBand, Category, Due, Question, Task, Term
from tests.cdop.editions.bad_lists import LISTS
from tests.cdop.editions.bad_questions import TASKS_AND_QUESTIONS
from tests.cdop.editions.small import FILES, write


def name_of(stem):
    return next(name for name in FILES if name.endswith(f"{stem}.yaml"))


@pytest.mark.parametrize(("stem", "old", "new", "line", "reason"), LISTS + TASKS_AND_QUESTIONS)
def test_a_bad_file_is_refused_with_file_line_and_reason(tmp_path, stem, old, new, line, reason):
    folder = write(tmp_path / "small-2030", **{stem: (old, new)})

    with pytest.raises(BadEdition) as refused:
        load(folder)

    assert str(refused.value) == (
        f"cdop/editions/small-2030/{name_of(stem)}, line {line}: {reason}"
    )


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused(tmp_path, name):
    folder = write(tmp_path / "small-2030")
    (folder / name).unlink()

    with pytest.raises(BadEdition) as refused:
        load(folder)

    assert str(refused.value) == f"cdop/editions/small-2030/{name}, line 1: the file is missing"


@pytest.mark.parametrize("name", FILES)
def test_an_empty_file_is_refused(tmp_path, name):
    folder = write(tmp_path / "small-2030")
    (folder / name).write_text("# nothing but a comment\n", encoding="utf-8")

    with pytest.raises(BadEdition) as refused:
        load(folder)

    assert str(refused.value) == f"cdop/editions/small-2030/{name}, line 1: the file is empty"


@pytest.mark.parametrize("vocabulary", ["leads", "expectedness"])
def test_a_checklist_without_its_vocabularies_is_refused(tmp_path, vocabulary):
    folder = write(tmp_path / "small-2030", vocabularies=(f"code: {vocabulary}", "code: renamed"))

    with pytest.raises(BadEdition) as refused:
        load(folder)

    assert str(refused.value) == (
        "cdop/editions/small-2030/checklist.yaml, line 6: "
        f'checklist needs a vocabulary "{vocabulary}"'
    )


def test_bytes_that_are_not_utf_8_are_refused_with_their_line(tmp_path):
    folder = write(tmp_path / "small-2030")
    (folder / "grades.yaml").write_bytes(FILES["grades.yaml"].encode().replace(b"None", b"\xff"))

    with pytest.raises(BadEdition) as refused:
        load(folder)

    assert str(refused.value) == (
        "cdop/editions/small-2030/grades.yaml, line 4: this is not well-formed YAML"
    )


def test_an_alias_that_contains_itself_is_refused_and_does_not_run_for_ever(tmp_path):
    when = ("{not: {field: expectedness, in: [expected]}}", "&a {not: *a}")
    folder = write(tmp_path / "small-2030", checklist=when)

    with pytest.raises(BadEdition, match="line 13: an alias repeats this value"):
        load(folder)


def test_a_tag_constructs_nothing(tmp_path):
    label = ("label: Tell the police", "label: !!python/name:os.system Tell the police")

    (task,) = load(write(tmp_path / "small-2030", checklist=label)).checklist

    assert task.label == "Tell the police"


@pytest.mark.parametrize("code", editions.codes())
def test_both_parsers_of_the_library_read_the_same_edition(monkeypatch, code):
    quick = load(editions.ROOT / code)

    monkeypatch.setattr(nodes, "LOADER", yaml.BaseLoader)

    assert vars(load(editions.ROOT / code)) == vars(quick)


def test_an_edition_is_read_exactly(tmp_path):
    edition = load(write(tmp_path / "small-2030"), date(2035, 3, 31))

    place, place_name = edition.questionnaires["notification"].questions
    sourced = {"source": "S1", "certainty": "sourced"}
    background = {"source": "background", "certainty": "background"}
    assert (edition.code, edition.from_date, edition.to_date) == (
        "small-2030",
        date(2030, 4, 1),
        date(2035, 3, 31),
    )
    assert edition.categories == (
        Category(1, "first", "First", "What comes first.", **sourced),
        Category(2, "second", "Second", "What comes second.", ("Not the first.",), **background),
    )
    assert edition.checklist == (
        Task(
            code="tell",
            phase="first",
            label="Tell the police",
            help="By telephone.",
            lead="trust",
            required=True,
            when=Not(Chosen("expectedness", frozenset(["expected"]))),
            due=Due("death", 1, "hours"),
            partners=("police",),
            **sourced,
        ),
    )
    assert edition.age_bands == (
        AgeBand("0-364d", "Under 1", "under-1", 0, None, None, 1, **sourced),
        AgeBand("1-17", "1 to 17", None, None, 1, None, 18, **sourced),
    )
    assert edition.vocabularies["places"].terms == (
        Term("hospital", "Hospital", **sourced),
        Term("ward", "Ward", "hospital", **sourced),
        Term("pool", "Pool", None, "water", **sourced),
    )
    assert [term.code for term in edition.vocabularies["places"].choices] == ["ward", "pool"]
    assert (place.kind, place.vocabulary, place.when) == ("choice", "places", None)
    assert place_name == Question(
        code="place_name",
        label="Its name",
        kind="text",
        required=False,
        why="To find it.",
        form="A2",
        when=Chosen("place", frozenset(["pool"])),
        **sourced,
    )


def test_conditions_nest(tmp_path):
    nested = (
        "{any: [{all: [{field: age_band, in: [1-17]}]}, {not: {field: completed_years, in: [0]}}]}"
    )
    when = ("{not: {field: expectedness, in: [expected]}}", nested)

    (task,) = load(write(tmp_path / "small-2030", checklist=when)).checklist

    assert isinstance(task.when, AnyOf)
    assert task.when.fields() == {"age_band", "completed_years"}
    assert task.when.holds({"completed_years": "0", "age_band": "1-17"})
    assert not task.when.holds({"completed_years": "0", "age_band": "0-364d"})


def test_a_task_may_fall_due_before_a_meeting_that_lies_ahead(tmp_path):
    due = (
        "{from: death, offset: 1, unit: hours}",
        "{from: panel, offset: -10, unit: working_days}",
    )

    (task,) = load(write(tmp_path / "small-2030", checklist=due)).checklist

    assert task.due == Due("panel", -10, "working_days")


def test_an_edition_cannot_be_changed(tmp_path):
    edition = load(write(tmp_path / "small-2030"))

    assert isinstance(edition.words, MappingProxyType)
    with pytest.raises(AttributeError):
        edition.title = "Another"
    with pytest.raises(TypeError):
        edition.vocabularies["places"] = None
