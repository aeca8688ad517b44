"""People and professionals, line by line."""

from django.http import QueryDict

from cdop.core import fields
from cdop.core.typed import Person, Professional
from tests.cdop.core.mistakes import mistakes


def test_people_are_read_line_by_line_and_empty_lines_are_nothing():
    data = QueryDict(
        "f-0-name=Ana+Invented&f-0-relationship=Mother&f-3-relationship=Aunt&f-3-details=Crewe"
    )
    field = fields.PeopleField()

    typed = field.widget.value_from_datadict(data, {}, "f")

    assert field.clean(typed) == [
        {"name": "Ana Invented", "relationship": "Mother", "details": ""},
        {"name": "", "relationship": "Aunt", "details": "Crewe"},
    ]


def test_kept_people_come_back_into_their_boxes_unchanged():
    field = fields.PeopleField()
    kept = [{"name": "Ana", "relationship": "Mother", "details": "born 1 May 1990"}]

    assert field.prepare_value(kept) == [Person("Ana", "Mother", "born 1 May 1990")]
    assert not field.has_changed(kept, [*field.prepare_value(kept), Person()])
    assert field.has_changed(kept, [Person("Anna", "Mother")])


def test_each_line_of_people_gets_its_own_mistake():
    people = [Person("X" * 201), Person("Ana", "Y" * 300)]

    assert mistakes(fields.PeopleField(), people) == [
        ("Name of person 1 must be 200 characters or fewer. You typed 201.", ("0-name",)),
        (
            "Relationship of person 2 must be 200 characters or fewer. You typed 300.",
            ("1-relationship",),
        ),
    ]


def test_people_can_be_required():
    field = fields.PeopleField(blank="Name at least one person")

    assert mistakes(field, [Person()]) == [("Name at least one person", ())]


def test_professionals_are_read_line_by_line():
    data = QueryDict(
        "f-0-name=Bo&f-0-role=Midwife&f-0-organisation=Ward&f-0-telephone=01632&f-0-told=yes"
    )
    field = fields.ProfessionalsField()

    typed = field.widget.value_from_datadict(data, {}, "f")

    assert field.clean(typed) == [
        {
            "name": "Bo",
            "role": "Midwife",
            "organisation": "Ward",
            "telephone": "01632",
            "told": "yes",
        }
    ]


def test_whether_somebody_was_told_is_one_of_three_answers():
    assert mistakes(fields.ProfessionalsField(), [Professional("Bo", told="perhaps")]) == [
        ("Choose one of the answers on the page", ("0-told",))
    ]
