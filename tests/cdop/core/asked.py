"""What the questionnaires of notification ask, and answers as a browser posts them."""

from dataclasses import replace

from django.http import QueryDict

from cdop import editions

LATEST = editions.get("cdr-2018")
DEATH = {
    "date_of_death-day": "6",
    "date_of_death-month": "8",
    "date_of_death-year": "2018",
    "place_of_death": LATEST.vocabularies["places"].choices[0].code,
}


def section_of(code, edition=LATEST):
    return editions.one(edition.questionnaires["notification"].sections, code)


def about_the_death():
    """Everything that is asked about the death, on one page."""
    parts = [section_of(code) for code in ("death", "happened", "birth", "certificate")]
    return replace(parts[0], questions=tuple(q for part in parts for q in part.questions))


def question(code, edition=LATEST):
    return editions.one(edition.questionnaires["notification"].questions, code)


def posted(boxes):
    data = QueryDict(mutable=True)
    for name, value in boxes.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data
