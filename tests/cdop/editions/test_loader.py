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
from cdop.editions.schema import KINDS, AgeBand, Category, Due, Question, Task, Term
from tests.cdop.editions.small import FILES, write

NO_CODE = 'must be lower-case letters and digits, joined by "_" or "-", with at most 40 characters'
BAD = [
    # file, what stands there, what is put there, line, reason
    ("edition", "title: A", "titel: A", 2, 'unknown key "titel"'),
    ("edition", "title: A small edition\n", "", 1, 'the key "title" is missing'),
    ("edition", "code: small-2030", "code: other", 1, 'code "other" is not the name of its folder'),
    ("edition", "2030-04-01", "1 April", 3, 'from "1 April" must be a date such as 2019-04-01'),
    ("edition", "quorum: yes", "quorum: true", 18, 'quorum "true" is not one of: yes, no'),
    (
        "edition",
        "source: S1\ncertainty: sourced\n",
        "",
        5,
        "source and certainty are missing, here and at the top of the file",
    ),
    ("edition", "  panel: panel here\n", "", 23, 'the key "panel" is missing'),
    ("edition", "panel: panel here", "pannel: x", 23, 'unknown key "pannel"'),
    (
        "edition",
        "  S1: A document\n",
        "",
        4,
        'source "S1" is not explained under sources in edition.yaml',
    ),
    ("edition", "limit: 18", "limit: -18", 16, "limit is below 0"),
    ("vocabularies", "code: leads", "code: places", 18, 'the code "places" is used twice'),
    (
        "vocabularies",
        "parent: hospital",
        "parent: ward",
        22,
        'parent "ward" is not a heading of this vocabulary',
    ),
    (
        "vocabularies",
        "opens: water",
        "opens: fire",
        23,
        'opens "fire" is not a code of the vocabulary "supplementary_forms"',
    ),
    (
        "vocabularies",
        "code: leads",
        "code: Leads",
        8,
        f'code "Leads" {NO_CODE}',
    ),
    (
        "vocabularies",
        "code: leads",
        "code: " + 41 * "x",
        8,
        f'code "{41 * "x"}" {NO_CODE}',
    ),
    ("categories", "rank: 2", "rank: 3", 8, "rank is 3, but 2 is next in the list"),
    (
        "categories",
        "rank: 2",
        "rank: two",
        8,
        'rank "two" must be a whole number of at most four digits',
    ),
    ("categories", "rank: 2", "rank: 1", 8, "rank is 1, but 2 is next in the list"),
    ("categories", "code: second", "code: first", 8, 'the code "first" is used twice'),
    (
        "categories",
        "hints: [Not the first.]",
        "hints: []",
        12,
        "hints is empty; fill it in or leave the line out",
    ),
    ("categories", "hints: [Not the first.]", "hints: Not the first.", 12, "hints must be a list"),
    (
        "categories",
        "label: Second",
        "label:",
        10,
        "label is empty; fill it in or leave the line out",
    ),
    ("categories", "label: Second", "label: [Second]", 10, "label must be text"),
    (
        "categories",
        "label: Second",
        "label: Second\n    label: Again",
        11,
        'the key "label" is given twice',
    ),
    (
        "categories",
        "    source: background\n    certainty: background",
        "    source: background",
        13,
        "source stands alone; source and certainty go together",
    ),
    (
        "categories",
        "    source: background\n    certainty: background",
        "    certainty: background",
        13,
        "certainty stands alone; source and certainty go together",
    ),
    (
        "categories",
        "certainty: background",
        "certainty: sourced",
        14,
        '"background" is no document, so certainty cannot be "sourced"',
    ),
    (
        "categories",
        "certainty: background",
        "certainty: certain",
        14,
        'certainty "certain" is not one of: sourced, background',
    ),
    (
        "categories",
        "source: background",
        "source: S1, S99",
        13,
        'source "S99" is not explained under sources in edition.yaml',
    ),
    (
        "domains",
        "  - {code: child, label: Child, description: The child.}",
        "  - child",
        4,
        "domains must be a set of keys and values",
    ),
    (
        "factors",
        "domain: child",
        "domain: adult",
        4,
        'domain "adult" is not a code in domains.yaml',
    ),
    (
        "factors",
        "label: Asthma}",
        "label: Asthma}\n  - {domain: child, code: asthma, label: Twice}",
        5,
        'the code "asthma" is used twice',
    ),
    ("grades", "{code: 1*", "{code: 1", 5, 'the code "1" is used twice'),
    (
        "grades",
        "None found, says: no_contribution",
        "None found, says: perhaps",
        4,
        'says "perhaps" is not one of: no_information, no_contribution, contribution',
    ),
    (
        "answers",
        "modifiable: yes}",
        "modifiable: perhaps}",
        4,
        'modifiable "perhaps" is not one of: yes, no',
    ),
    (
        "standards",
        "from: death",
        "from: birth",
        4,
        'from "birth" is not one of: death, notification, pm_result, meeting, inquest, panel, '
        "registration, coroner_decision",
    ),
    (
        "standards",
        "unit: hours",
        "unit: weeks",
        4,
        'unit "weeks" is not one of: hours, days, working_days',
    ),
    (
        "standards",
        "offset: 24",
        "offset: 1.5",
        4,
        'offset "1.5" must be a whole number of at most four digits',
    ),
    (
        "standards",
        "offset: 24",
        "offset: ٢٤",
        4,
        'offset "٢٤" must be a whole number of at most four digits',
    ),
    (
        "standards",
        "offset: 24",
        "offset: 100000",
        4,
        'offset "100000" must be a whole number of at most four digits',
    ),
    (
        "standards",
        "offset: 24",
        "offset: -24",
        4,
        'offset "-24" would fall before the clock "death" starts',
    ),
    ("standards", "offset: 24, ", "", 4, 'the key "offset" is missing'),
    ("age_bands", "parent: under-1", "parent: under-2", 6, 'parent "under-2" is not an age group'),
    (
        "age_bands",
        "from_years: 1, ",
        "from_years: 2, ",
        7,
        'the band "1-17" does not start where the one before it ends',
    ),
    (
        "age_bands",
        "from_days: 0",
        "from_days: 1",
        6,
        'the band "0-364d" does not start where the one before it ends',
    ),
    (
        "age_bands",
        "until_years: 18",
        "until_years: 17",
        7,
        'the last band must end with until_years "18"',
    ),
    (
        "age_bands",
        "from_days: 0, ",
        "from_days: 0, from_years: 0, ",
        6,
        "give either from_days or from_years",
    ),
    ("age_bands", ", until_years: 18", "", 7, "give either until_days or until_years"),
    (
        "checklist",
        "phase: first",
        "phase: last",
        7,
        'phase "last" is not a phase of this checklist',
    ),
    (
        "checklist",
        "lead: trust",
        "lead: fire",
        10,
        'lead "fire" is not a code of the vocabulary "leads"',
    ),
    (
        "checklist",
        "[police]",
        "[police, fire]",
        11,
        'partners "fire" is not a code of the vocabulary "leads"',
    ),
    ("checklist", "required: yes", "required: 1", 12, 'required "1" is not one of: yes, no'),
    (
        "checklist",
        "field: expectedness",
        "field: surname",
        13,
        'field "surname" is not a field that a condition here can ask about',
    ),
    (
        "checklist",
        "in: [expected]",
        "in: [foreseen]",
        13,
        'in "foreseen" is not a possible answer to "expectedness"',
    ),
    ("checklist", "in: [expected]", "in: []", 13, "in is empty; fill it in or leave the line out"),
    ("checklist", "in: [expected]", "equals: expected", 13, 'unknown key "equals"'),
    (
        "checklist",
        ", in: [expected]",
        "",
        13,
        'a condition is one of "all", "any", "not", or "field" with "in"',
    ),
    (
        "checklist",
        "{not: {",
        "{all: [], not: {",
        13,
        'a condition is one of "all", "any", "not", or "field" with "in"',
    ),
    (
        "checklist",
        "{not: {field: expectedness, in: [expected]}}",
        "{}",
        13,
        'a condition is one of "all", "any", "not", or "field" with "in"',
    ),
    (
        "checklist",
        "{not: {field: expectedness, in: [expected]}}",
        "always",
        13,
        "when must be a set of keys and values",
    ),
    (
        "checklist",
        "{field: expectedness, in: [expected]}",
        "[]",
        13,
        "not must be a set of keys and values",
    ),
    (
        "checklist",
        "from: death",
        "from: funeral",
        14,
        'from "funeral" is not one of: death, notification, pm_result, meeting, inquest, panel, '
        "registration, coroner_decision",
    ),
    (
        "notification",
        "code: notification",
        "code: other",
        1,
        'code "other" is not the name of its file',
    ),
    (
        "notification",
        "vocabulary: places",
        "vocabulary: towns",
        13,
        'vocabulary "towns" is not a code in vocabularies.yaml',
    ),
    (
        "notification",
        "        vocabulary: places\n",
        "",
        10,
        'a question of kind "choice" needs a vocabulary',
    ),
    (
        "notification",
        "kind: text",
        "kind: text\n        vocabulary: places",
        17,
        'a question of kind "text" takes no vocabulary',
    ),
    (
        "notification",
        "kind: text",
        "kind: slider",
        19,
        f'kind "slider" is not one of: {", ".join(KINDS)}',
    ),
    ("notification", "code: place_name", "code: place", 17, 'the code "place" is used twice'),
    (
        "notification",
        "field: place,",
        "field: place_name,",
        21,
        'field "place_name" is not a field that a condition here can ask about',
    ),
    (
        "notification",
        "in: [pool]",
        "in: [hospital]",
        21,
        'in "hospital" is not a possible answer to "place"',
    ),
    ("notification", "        form: A2\n", "", 17, 'the key "form" is missing'),
    (
        "notification",
        "code: place_name",
        "code: &here place_name\n        hint: *here",
        17,
        "an alias repeats this value; write it out instead",
    ),
    (
        "notification",
        "    intro: What happened.\n",
        "    intro: What happened.\n    either: [place, surname]\n",
        9,
        'either "surname" is not a question of this section',
    ),
    (
        "notification",
        "    intro: What happened.\n",
        "    intro: What happened.\n    either: []\n",
        9,
        "either is empty; fill it in or leave the line out",
    ),
    (
        "vocabularies",
        "opens: water",
        "alone: perhaps",
        23,
        'alone "perhaps" is not one of: yes, no',
    ),
    (
        "notification",
        "intro: What happened.",
        "intro: What: happened.",
        8,
        "this is not well-formed YAML",
    ),
    ("notification", "What happened.", "What \x07 happened.", 8, "this is not well-formed YAML"),
]


def name_of(stem):
    return next(name for name in FILES if name.endswith(f"{stem}.yaml"))


@pytest.mark.parametrize(("stem", "old", "new", "line", "reason"), BAD)
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
