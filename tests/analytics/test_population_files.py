"""Populations and births read from files, whole or not at all."""

import io

import pytest
from xlsxwriter import Workbook

from analytics.population_files import Unreadable, read
from analytics.populations import BIRTHS, CHILDREN, Year
from tests.analytics.invented import AREAS

WIDE = ["Code", "Name", "Geography", "All ages", *map(str, range(20)), "90+"]


def tidy(*lines, head="gss_code,sex,age_from,age_to,population"):
    return "\n".join([head, *lines]).encode()


def whole(sex="all", each=100):
    return [f"{area},{sex},0,17,{each}" for area in AREAS]


def year(groups, kind=CHILDREN):
    return Year(kind, 2020, 1, "", groups)


def wide_workbook(**sheets):
    """Sheets as the Office for National Statistics makes them: lines above the head, all ages."""
    file = io.BytesIO()
    with Workbook(file) as book:
        for name, each in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write(0, 0, "Population estimates by single year of age and sex")
            sheet.write_row(4, 0, WIDE)
            sheet.write_row(5, 0, ["E92000001", "ENGLAND", "Country", 1, *[9] * 20, 9])
            for line, (code, area) in enumerate(AREAS.items(), 6):
                sheet.write_row(line, 0, [code, area, "Unitary", 1, *[each] * 20, each])
    return file.getvalue()


def test_a_tidy_file_is_read_group_by_group():
    groups = read("mid.csv", tidy(*whole(), *whole("male", 60), *whole("F", 40)), CHILDREN, AREAS)

    found = year(groups)
    assert [found.people("E06000006", (0, 17), sex) for sex in ("all", "male", "female")] == [
        100,
        60,
        40,
    ]
    assert len(groups) == 12


def test_single_ages_are_added_and_older_people_and_other_areas_are_passed_over():
    lines = [f"{area},{age},10" for area in (*AREAS, "E08000001") for age in range(91)]

    groups = read("mid.csv", tidy(*lines, head="code,age,population"), CHILDREN, AREAS)

    assert {group.area for group in groups} == set(AREAS)
    assert max(group.age_to for group in groups) == 17
    assert year(groups).people("E06000007", (1, 4)) == 40


def test_a_wide_workbook_with_a_sheet_for_each_sex_is_read():
    content = wide_workbook(
        **{"Mid-2020 Persons": 30, "Mid-2020 Males": 16, "Mid-2020 Females": 14}
    )

    found = year(read("ukmye.xlsx", content, CHILDREN, AREAS))

    assert found.people("E06000006", (0, 17)) == 540
    assert found.people("E06000006", (5, 9), "male") == 80


def test_where_only_boys_and_girls_are_given_all_are_both_together():
    lines = [*whole("boys", 51), *whole("girls", 49)]

    assert year(read("x.csv", tidy(*lines), CHILDREN, AREAS)).people("E06000006", (0, 17)) == 100


def test_births_need_a_code_and_a_number():
    lines = [f'{area},"3,123"' for area in AREAS]

    groups = read("births.csv", tidy(*lines, head="Area code,Live births"), BIRTHS, AREAS)

    assert year(groups, BIRTHS).people("E06000006", (0, 0)) == 3123


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.csv", b"", "No line of these areas was found."),
        ("x.csv", tidy("E08000001,all,0,17,5"), "No line of these areas was found."),
        ("x.xlsx", b"no workbook", "neither CSV nor a workbook that can be opened"),
        ("x.csv", tidy(*whole()[:3]), "E06000007: the file does not hold all ages from 0 to 17."),
        ("x.csv", tidy(*whole(), "E06000006,all,0,17,7"), "line 6: the same group has another"),
        ("x.csv", tidy("E06000006,all,0,17,many"), "line 2: “many” is not a whole number."),
        ("x.csv", tidy("E06000006,all,0,17,-1"), "line 2: “-1” is not a whole number, 0 or more."),
        (
            "x.csv",
            tidy("E06000006,all,0,17,1.5"),
            "line 2: “1.5” is not a whole number, 0 or more.",
        ),
        (
            "x.csv",
            tidy("E06000006,x,0,17,1"),
            "line 2: “x” is not a sex: write all, male or female.",
        ),
        ("x.csv", tidy("E06000006,all,17,19,1"), "line 2: ages 17 to 19 are not ages of children."),
        (
            "x.csv",
            tidy(*whole(), *whole("male", 60), *whole("female", 41)),
            "boys and girls, 60 and 41, do not add up to 100.",
        ),
    ],
)
def test_a_file_that_is_not_whole_is_refused_with_its_line(name, content, sentence):
    with pytest.raises(Unreadable) as refused:
        read(name, content, CHILDREN, AREAS)

    assert any(sentence in problem for problem in refused.value.problems), refused.value.problems


def test_no_more_problems_are_told_than_somebody_reads():
    lines = [f"E06000006,all,{age},{age},x" for age in range(18)] * 3

    with pytest.raises(Unreadable) as refused:
        read("x.csv", tidy(*lines), CHILDREN, AREAS)

    assert len(refused.value.problems) == 20
