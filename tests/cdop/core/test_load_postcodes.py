"""Loading the postcode directory: by the names of its columns, all of it or nothing."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from cdop.core.audit import AuditEntry
from cdop.core.directory import PostcodePlace
from notifications import queries, rules

EDITIONS = {
    "2018": "pcd,pcd2,pcds,dointr,doterm,oscty,ced,oslaua,osward",
    "2024": "pcd,pcd2,pcds,dointr,doterm,usertype,oa21,laua,ward",
    "2026": "PCD7,PCD8,PCDS,DOINTR,DOTERM,CTY25CD,CED25CD,LAD25CD,WD25CD",
}
GOOD = {"WA7 1AA": "E06000006", "CH4 0AA": "W06000005", "EH1 1AA": "S12000036"}


@pytest.fixture
def file(tmp_path):
    def write(rows: dict[str, str] | str, heading: str = EDITIONS["2024"]) -> Path:
        if isinstance(rows, dict):
            rows = "\n".join(
                f'"{p.replace(" ", "")}","{p}","{p}","198001","","0","x","{code}","y"'
                for p, code in rows.items()
            )
        path = tmp_path / "directory.csv"
        path.write_text(f"{heading}\n{rows}\n", encoding="utf-8")
        return path

    return write


def loaded(path: Path) -> str:
    said = StringIO()
    call_command("load_postcodes", path, stdout=said)
    return said.getvalue()


def refused(path: Path) -> tuple[str, list[str]]:
    """Why the command ended, and what it named before."""
    named = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("load_postcodes", path, stdout=StringIO(), stderr=named)
    return str(error.value), named.getvalue().splitlines()


def kept() -> dict[str, str]:
    return dict(PostcodePlace.objects.values_list("postcode", "authority"))


@pytest.mark.parametrize("year", list(EDITIONS))
def test_the_columns_are_found_by_the_names_of_each_year(db, file, year):
    assert loaded(file(GOOD, EDITIONS[year])) == (
        "3 postcodes are loaded, 0 without authority not.\n"
    )
    assert kept() == GOOD


def test_islands_and_postcodes_of_old_are_left_out_and_counted(db, file):
    rows = GOOD | {
        "JE2 3AA": "L99999999",
        "IM1 1AA": "M99999999",
        "BT1 1AA": "",
        "NPT 1AA": "W06000022",
        "GIR 0AA": "E08000012",
    }

    assert "3 postcodes are loaded, 5 without" in loaded(file(rows))
    assert kept() == GOOD


def test_a_new_directory_takes_the_place_of_the_old_one(db, file):
    loaded(file(GOOD))
    loaded(file({"WA7 1AA": "E06000007"}))

    assert kept() == {"WA7 1AA": "E06000007"}
    entries = AuditEntry.objects.filter(action="postcodes.loaded").order_by("number")
    assert [(entry.job, entry.detail) for entry in entries] == [
        ("load_postcodes", '{"after": {"postcodes": 3}}'),
        ("load_postcodes", '{"after": {"postcodes": 1}}'),
    ]


def test_one_bad_row_stops_all_and_every_bad_row_is_named(db, file):
    loaded(file(GOOD))
    bad = {"WA7 1AB": "E06000006", "nowhere": "E06000006", "WA7 1AD": "Halton"}
    path = file(bad)
    path.write_text(path.read_text() + "a,b\n" + path.read_text().splitlines()[1] + "\n")

    why, named = refused(path)

    assert why == "4 wrong. Nothing was loaded."
    assert named == [
        "line 3: “nowhere” is no postcode",
        "line 4: “Halton” is no code of a local authority",
        "line 5: the row is too short",
        "line 6: WA7 1AB stands there twice",
    ]
    assert kept() == GOOD


@pytest.mark.parametrize(
    ("heading", "rows", "why"),
    [
        ("name,town", "a,b", "1 wrong. Nothing was loaded."),
        ("", "", "1 wrong. Nothing was loaded."),
        (EDITIONS["2024"], "", "There is no postcode of an authority in it. Nothing was loaded."),
    ],
)
def test_another_file_is_refused_and_the_directory_stays(db, file, heading, rows, why):
    loaded(file(GOOD))

    assert refused(file(rows, heading))[0] == why
    assert kept() == GOOD


def test_a_file_that_cannot_be_read_is_refused(db, tmp_path):
    binary = tmp_path / "picture.csv"
    binary.write_bytes(b"\xff\xfe\x00\xd8" * 50)

    assert "cannot be read" in refused(tmp_path / "nothing.csv")[0]
    assert "is not written in UTF-8" in refused(binary)[0]


def test_triage_is_told_in_which_authority_a_home_lies(db, file):
    loaded(file({"CH4 0AA": "W06000005", "CH1 1AA": "E06000050"}))

    assert queries.lies_in({"postcode": "ch4 0aa"}) == "Flintshire (Wales)"
    assert queries.areas_for({"postcode": "CH4 0AA"}) == []
    assert [area.name for area in queries.areas_for({"postcode": "CH1 1AA"})] == [
        "Cheshire West and Chester"
    ]
    assert (queries.lies_in({"postcode": "ZZ99 3VZ"}), queries.lies_in({})) == ("", "")


def test_a_home_beyond_the_border_is_out_of_scope_by_the_directory_alone(db, file):
    home = {"postcode": "CH4 0AA", "date_of_death": "2026-01-10"}
    edition = queries.editions.get("cdr-2018")
    by_district = rules.why_out_of_scope(home, edition)

    loaded(file({"CH4 0AA": "W06000005"}))

    assert (len(by_district), len(rules.why_out_of_scope(home, edition))) == (0, 1)
