"""No briefing with an identifier of its theme's cases is published: planted, tried, counted."""

import re
from collections import Counter
from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examined
from hypothesis import strategies as st

from cdop.cases import contacts, identity
from cdop.core.identifiers import synthetic_nhs_number
from cdop.core.refusals import Refused
from cdop.learning import briefing_patterns, briefings
from cdop.learning.briefing_models import Briefing, PublishedBriefing
from cdop.learning.briefing_search import NamesSomebody
from cdop.learning.briefing_text import LABELS
from cdop.panel import scan
from tests.cast import TESTS, person
from tests.cdop.learning.theme_makers import SAID, a_case_of, a_theme, added, said, written
from tests.cdop.panel.narratives import Plant, missed, narratives

ANOTHER_DAY = re.compile(r"\w+day |[a-z]+ of ")
FAMILIES = {
    "Quillfeather": ("Thistle", "Mirabel", "2014-01-09", "12 Teapot Lane\nExampleham", 101),
    "Mockturtle": ("Fenwick", "Ottoline", "2013-11-21", "4 Biscuit Road\nNowhereton", 102),
    "Bramblewick": ("Peregrine", "Clementina", "2014-02-17", "31 Pumpkin Close\nMadeupford", 103),
}
SENTENCES = (
    "Staff who knew {} asked too late.",
    "In the record of {} nothing was written.",
    "It was said that {} had been seen.",
    "{} was known to services.",
    "This is what we learned ({}).",
    "After\n{}\nmuch was changed.",
)
NEVER_KEPT = frozenset(
    (
        "name, given and family",
        "name, family alone",
        "name, given alone",
        "name, reversed",
        "name, capitals",
        "name, possessive",
        "name, small letters",
        "name, hyphens written apart",
        "name, run together",
        "worker who is known",
        "day of birth",
        "day of death",
        "postcode",
        "address",
        "NHS number",
        "telephone",
        "school that is known",
    )
)
"""Kinds of plants that the records know as they stand: no person can keep them."""


def answers_of(family: str) -> dict[str, object]:
    given_name, mother, born_on, address, number = FAMILIES[family]
    return {
        "given_names": given_name,
        "family_name": family,
        "date_of_birth": born_on,
        "nhs_number": synthetic_nhs_number(number),
        "address": address,
        "postcode": f"ZZ99 {number % 9}AB",
        "mother_name": f"{mother} {family}",
        "notifier_name": f"Doctor Of-{family}",
        "notifier_phone": f"01632 960{number}",
        "notifier_organisation": f"{family[:5]}ington General Hospital",
    }


def identifiers_of(case) -> list[str]:
    """What the records of a case know, in the ways in which people write it."""
    known = identity.read(case, by=TESTS, purpose="test")
    born_on = date.fromisoformat(known.date_of_birth)
    died_on = case.clocks.died_on
    rows = contacts.read(case, contacts.standing(case), by=TESTS, purpose="test")
    workers = [row.details.get(key, "") for row in rows for key in ("name", "telephone")]
    number, street = known.nhs_number, known.address.splitlines()[0]
    found = [
        known.full_name,
        known.family_name,
        known.given_names,
        f"{known.family_name.upper()}, {known.given_names}",
        known.mother_name,
        f"{known.given_names}'s",
        f"{known.given_names[0]}. {known.family_name}",
        number,
        f"{number[:3]} {number[3:6]} {number[6:]}",
        known.postcode,
        known.postcode.lower().replace(" ", ""),
        street,
        *[f"{day:%d/%m/%Y}" for day in (born_on, died_on)],
        *[f"{day.day} {day:%B %Y}" for day in (born_on, died_on)],
        *[f"{day:%B} {day.day}" for day in (born_on, died_on)],
        *[each for each in workers if each],
    ]
    return list(dict.fromkeys(found))


@pytest.fixture
def theme(coordinator):
    made = a_theme()
    for family in FAMILIES:
        a_case_of(made, coordinator, answers_of(family))
    return made


@pytest.fixture
def planted(theme) -> list[str]:
    from_cases = [each for row in theme.by_hand.all() for each in identifiers_of(row.case)]
    assert len(from_cases) > 50
    return from_cases


def test_no_identifier_of_a_case_can_be_saved_kept_checked_or_published(
    theme, planted, coordinator
):
    """Each in a part and a sentence of its own, and alone."""
    second, random = person("deputy_coordinator"), Random(7)
    for identifier in planted:
        part = random.choice(list(LABELS))
        text = random.choice(SENTENCES).format(identifier)
        with pytest.raises(NamesSomebody):
            written(theme, coordinator, **{part: f"{getattr(SAID, part)}\n{text}"})
        with pytest.raises(NamesSomebody):
            written(theme, second, **{part: identifier})

    assert (Briefing.objects.count(), PublishedBriefing.objects.count()) == (0, 0)


@examined(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_the_words_around_it_an_identifier_is_refused(theme, planted, coordinator, data):
    identifier = data.draw(st.sampled_from(planted))
    words = st.text("abcdefg hijklm.\n-", max_size=60)
    before, after = data.draw(words), data.draw(words)

    with pytest.raises(NamesSomebody):
        written(theme, coordinator, learned=f"{before} {identifier} {after}")

    assert PublishedBriefing.objects.count() == 0


def test_what_was_written_before_its_case_joined_is_refused_in_every_later_act(
    coordinator, planted, theme
):
    """Identifiers in briefings on a theme that takes the cases in after they were written."""
    later, second = a_theme("Later"), person("deputy_coordinator")
    rows = [written(later, coordinator, more=f"It was {each}.") for each in planted[::6]]
    for row in theme.by_hand.all():
        added(later, row.case, coordinator)

    for row in rows:
        for place in row.places:
            briefings.keep_place(row, place.mark, "Kept.", version=row.version, by=second)
        with pytest.raises(Refused):
            briefings.check(row, version=row.version, by=second)
        with pytest.raises(NamesSomebody):
            briefings.write(row, said(more=row.more + " So."), version=row.version, by=coordinator)

    assert PublishedBriefing.objects.count() == 0


def test_of_planted_identifiers_hardly_any_passes_and_what_is_known_is_never_kept():
    """Measured on the narratives of the papers' scan, under another seed."""
    planted, passed = Counter[str](), Counter[str]()
    kept = Counter[tuple[str, str]]()
    for narrative in narratives(60, seed=23):
        named = scan.named_in(narrative.text, narrative.sought)
        marked = [
            *scan.places_in(narrative.text, narrative.sought),
            *briefing_patterns.places_in(narrative.text, ()),
        ]
        planted.update(plant.kind for plant in narrative.plants)
        passed.update(plant.kind for plant in missed(narrative, spans(marked)))
        kept.update(
            (plant.kind, plant.words)
            for plant in missed(narrative, spans(named))
            if is_known(plant)
        )

    recall = 1 - passed.total() / planted.total()
    print(f"{planted.total()} planted, {passed.total()} passed, recall {recall:.4f}: {passed}")
    print(f"known as they stand, but not named: {kept}")
    assert planted.total() > 2000 and recall >= 0.99
    assert kept == Counter()


def spans(places) -> list[tuple[int, int]]:
    return [(place.start, place.end) for place in places]


def is_known(plant: Plant) -> bool:
    """Whether the records know it as it stands; some days are written wrongly."""
    return plant.kind in NEVER_KEPT and not ANOTHER_DAY.match(plant.words)
