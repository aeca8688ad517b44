"""Invented reports with identifiers planted in them, the same for the same seed.

Each narrative has a family, workers and services of its own, which the scan is told of as identity
knows them, and others that nobody has told it of. Each plant stands in a sentence such as agencies
write; the same sentences with harmless words in the places show what is found needlessly.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from cdop.cases.identity import IdentityRecord
from cdop.core.identifiers import new_reference, synthetic_nhs_number
from cdop.core.reference import given_name_groups
from cdop.panel.identifying import Terms, plain_text, terms, with_workers
from tests.cdop.panel.narrative_words import (
    DAY_SENTENCES,
    EVERYDAY_NAMES,
    FAMILIES,
    FILLERS,
    HARMLESS_WORDS,
    KINDS_OF_STREET,
    MONTHS,
    NUMBER_SENTENCES,
    ORDINAL,
    PERSON_SENTENCES,
    PLACE_SENTENCES,
    SERVICE_SENTENCES,
    SERVICES,
    STRANGERS,
    STREETS,
    TOWNS,
    UNTOLD,
    WORKER_SENTENCES,
)


@dataclass(frozen=True)
class Plant:
    """One identifier in a text: of what kind, and where."""

    kind: str
    start: int
    end: int
    words: str


@dataclass(frozen=True)
class Narrative:
    """One report, what was planted in it, and what the scan may know."""

    text: str
    plants: tuple[Plant, ...]
    harmless: str
    sought: Terms


@dataclass(frozen=True)
class People:
    """The family of one report and those who worked with it."""

    child: tuple[str, str]
    mother: tuple[str, str]
    father: tuple[str, str]
    sibling: tuple[str, str]
    worker: tuple[str, str]
    nickname: str


def narratives(number: int, seed: int) -> list[Narrative]:
    """So many reports."""
    random = Random(seed)
    return [_narrative(random) for _ in range(number)]


def missed(narrative: Narrative, spans: list[tuple[int, int]]) -> list[Plant]:
    """The plants of which a word that tells something lies outside every span."""
    return [plant for plant in narrative.plants if not _is_covered(plant, spans)]


def _is_covered(plant: Plant, spans: list[tuple[int, int]]) -> bool:
    position = plant.start
    for word in plant.words.split():
        start = plant.start + plant.words.index(word, position - plant.start)
        position = start + len(word)
        bare = "".join(filter(str.isalnum, word)).casefold()
        if not bare or bare in HARMLESS_WORDS:
            continue
        if not any(first < position and start < last for first, last in spans):
            return False
    return True


def _narrative(random: Random) -> Narrative:
    people = _people(random)
    died_on = date(2014, 1, 5) + timedelta(days=random.randrange(700))
    born_on = died_on - timedelta(days=random.randrange(3, 6000))
    street = f"{random.choice(STREETS)} {random.choice(KINDS_OF_STREET)}"
    house, town = random.randrange(1, 180), random.choice(TOWNS)
    postcode = f"ZZ99 {random.randrange(1, 10)}{random.choice('ABDE')}{random.choice('FGHJ')}"
    nhs_number = synthetic_nhs_number(random.randrange(1, 5000))
    school = f"{random.choice(SERVICES)} {random.choice(('Primary School', 'Academy', 'Nursery'))}"
    telephone = f"01632 960{random.randrange(1000):03}"
    known = IdentityRecord(
        given_names=people.child[0],
        family_name=people.child[1],
        date_of_birth=born_on.isoformat(),
        nhs_number=nhs_number,
        address=f"{house} {street}\n{town}",
        postcode=postcode,
        mother_name=" ".join(people.mother),
        carers=[{"name": " ".join(people.father), "relationship": "father", "details": telephone}],
        siblings=[{"name": " ".join(people.sibling), "relationship": "", "details": ""}],
    )
    sought = with_workers(
        terms(known, died_on, ["Halton", "Warrington", "Cheshire East"]),
        [" ".join(people.worker)],
        ["01632 961 123"],
        [school],
    )
    plants = [
        *_of_people(random, people),
        *_of_days(random, born_on, died_on),
        *_of_places(random, house, street, town, postcode),
        *_of_services(random, school),
        *_of_numbers(random, nhs_number, telephone),
    ]
    return _written(random, plants, sought)


Choice = tuple[str, str, tuple[str, ...], str]
"""Kind, words, the sentences in which they can stand, and the harmless words instead."""


def _written(random: Random, choices: list[Choice], sought: Terms) -> Narrative:
    text, harmless, plants = "", "", []
    random.shuffle(choices)
    for kind, words, sentences, instead in choices:
        before, after = random.choice(sentences).split("{}")
        if random.random() < 0.3:
            filler = random.choice(FILLERS) + random.choice((" ", "\n\n"))
            text, harmless = text + filler, harmless + filler
        start = len(text) + len(before)
        plants.append(Plant(kind, start, start + len(words), words))
        between = random.choice((" ", " ", "\n"))
        text += f"{before}{words}{after}{between}"
        said = instead[:1].upper() + instead[1:] if not before else instead
        harmless += f"{before}{said}{after}{between}"
    assert plain_text(text) == text
    return Narrative(text, tuple(plants), harmless, sought)


def _people(random: Random) -> People:
    group = sorted(random.choice([g for g in given_name_groups() if len(g) > 1]))
    child, nickname = random.sample(group, 2)
    given = sorted({name for group in given_name_groups() for name in group})
    family, other, worker = random.sample(FAMILIES, 3)
    mother, father, sibling, works = random.sample(given, 4)
    if random.random() < 0.15:
        sibling = random.choice(EVERYDAY_NAMES)
    return People(
        child=(child.title(), family),
        mother=(mother.title(), random.choice((family, other))),
        father=(father.title(), other),
        sibling=(sibling.title(), family),
        worker=(works.title(), worker),
        nickname=nickname.title(),
    )


def _of_people(random: Random, people: People) -> Iterator[Choice]:
    for who in ("child", "mother", "father", "sibling"):
        instead = "the child" if who == "child" else f"the {who}"
        for form in random.sample(sorted(NAME_FORMS), 2):
            words = NAME_FORMS[form](random, *getattr(people, who))
            yield f"name, {form}", words, PERSON_SENTENCES, instead
    yield "name, short form", people.nickname, PERSON_SENTENCES, "the child"
    for form in random.sample(["given and family", "family alone", "with a slip"], 2):
        words = NAME_FORMS[form](random, *people.worker)
        yield "worker who is known", words, WORKER_SENTENCES, "a professional"
    title = random.choice(("Dr", "Mrs", "PC", "DS", "Nurse", "Mr"))
    stranger = f"{title} {random.choice(('Vexley', 'Crumpet', 'Wainscott-Hay', 'Dobbs'))}"
    yield "worker who is not known", stranger, WORKER_SENTENCES, "a professional"
    yield UNTOLD, random.choice(STRANGERS), PERSON_SENTENCES, "a neighbour"


def _slip(random: Random, name: str) -> str:
    """One slip of the keys inside a name; its first letter stays."""
    if len(name) < 4:
        return name + name[-1]
    place = random.randrange(1, len(name) - 1)
    kind = random.randrange(4)
    if kind == 0:
        return name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    if kind == 1:
        return name[:place] + name[place] + name[place:]
    if kind == 2:
        return name[:place] + name[place + 1 :]
    return name[:place] + random.choice("aeioulnrst") + name[place + 1 :]


def _initials(name: str) -> str:
    return "".join(part[0] for part in name.replace("'", "").replace("-", " ").split())


NAME_FORMS: dict[str, Callable[[Random, str, str], str]] = {
    "given and family": lambda _, given, family: f"{given} {family}",
    "given alone": lambda _, given, family: given,
    "family alone": lambda _, given, family: family,
    "reversed": lambda _, given, family: f"{family}, {given}",
    "capitals": lambda _, given, family: f"{given} {family}".upper(),
    "small letters": lambda _, given, family: family.lower(),
    "possessive": lambda _, given, family: f"{given}'s",
    "initial and family": lambda _, given, family: f"{given[0]}. {family}",
    "initials": lambda r, given, family: r.choice((".", "")).join(
        [given[0], *_initials(family).upper()]
    ),
    "hyphens written apart": lambda _, given, family: family.replace("-", " ").replace("'", " "),
    "with a slip": lambda r, given, family: f"{given} {_slip(r, family)}",
    "given with a slip": lambda r, given, family: _slip(r, given),
    "run together": lambda _, given, family: f"{given}{family}".replace("-", "").replace("'", ""),
}


def _of_days(random: Random, born_on: date, died_on: date) -> Iterator[Choice]:
    other = died_on - timedelta(days=random.randrange(1, 300))
    for kind, day in (("birth", born_on), ("death", died_on), ("another", other)):
        for form in random.sample(range(len(DAY_FORMS)), 2):
            words = DAY_FORMS[form](day)
            yield f"day of {kind}", words, DAY_SENTENCES, "12 days before the death"


def _th(day: int) -> str:
    ending = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


DAY_FORMS: tuple[Callable[[date], str], ...] = (
    lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
    lambda d: f"{d:%d/%m/%Y}",
    lambda d: f"{d.day}.{d.month}.{d:%y}",
    lambda d: f"{d:%Y-%m-%d}",
    lambda d: f"{d:%d-%b-%y}",
    lambda d: f"the {_th(d.day)} of {MONTHS[d.month - 1]}",
    lambda d: f"{MONTHS[d.month - 1]} {_th(d.day)}, {d.year}",
    lambda d: f"{MONTHS[d.month - 1][:3]} {d.day}",
    lambda d: f"{d:%A} {_th(d.day)}",
    lambda d: f"{d:%d %m %Y}",
    lambda d: f"{d.day}/{d.month}/{d:%y}",
    lambda d: f"{_th(d.day)} {MONTHS[d.month - 1][:3]} '{d:%y}",
    lambda d: f"{ORDINAL[d.day % 9]} of {MONTHS[d.month - 1]}",
    lambda d: f"{d:%d%m%Y}",
    lambda d: f"{MONTHS[d.month - 1].upper()} {d.day} {d.year}",
)


def _of_places(
    random: Random, house: int, street: str, town: str, postcode: str
) -> Iterator[Choice]:
    short = street.replace("Road", "Rd").replace("Street", "St").replace("Avenue", "Ave")
    forms = [f"{house} {street}", f"{house} {short}", street, street.lower(), f"{street}, {town}"]
    yield "address", random.choice(forms), PLACE_SENTENCES, "a flat"
    yield "address", town, PLACE_SENTENCES, "another house"
    forms = [postcode, postcode.lower(), postcode.replace(" ", ""), postcode.replace(" ", "-")]
    yield "postcode", random.choice(forms), PLACE_SENTENCES, "another house"
    stranger = f"{random.randrange(1, 99)} {random.choice(('Treacle', 'Muffin'))} "
    stranger += random.choice(KINDS_OF_STREET)
    yield "address of somebody else", stranger, PLACE_SENTENCES, "a friend's house"
    yield (
        "postcode of somebody else",
        random.choice(("ZZ1 1AB", "zz12 3bd")),
        ("Their new postcode is {} they say.",),
        "not known",
    )


def _of_services(random: Random, school: str) -> Iterator[Choice]:
    forms = [school, school.upper(), school.lower(), " ".join(school.split()[:-1])]
    yield "school that is known", random.choice(forms), SERVICE_SENTENCES, "the school"
    name = random.choice(("Dandelion", "St Nonsuch's", "Copperpot", "Hobgoblin Lane"))
    kind = random.choice(("Primary School", "Academy", "High School", "Nursery", "Medical Centre"))
    yield "school that is not known", f"{name} {kind}", SERVICE_SENTENCES, "the school"
    hospital = random.choice(
        ("Fennick General Hospital", "Royal Invented Infirmary", "Dewdrop Children's Hospice")
    )
    yield "hospital", hospital, SERVICE_SENTENCES, "a hospital"
    ward = random.choice(("Ward 7", "ward 12B", "Puffin Ward", "Ward Hedgehog", "Otter Unit"))
    yield "ward", ward, SERVICE_SENTENCES, "the ward"


def _of_numbers(random: Random, nhs_number: str, telephone: str) -> Iterator[Choice]:
    apart = f"{nhs_number[:3]}{{0}}{nhs_number[3:6]}{{0}}{nhs_number[6:]}"
    gap = random.choice((" ", "-", ".", "", "  "))
    yield "NHS number", apart.format(gap), NUMBER_SENTENCES, "the surname"
    wrong = f"{nhs_number[:-1]}{(int(nhs_number[-1]) + 1) % 10}"
    yield "NHS number with a slip", f"{wrong[:3]} {wrong[3:6]} {wrong[6:]}", NUMBER_SENTENCES, "it"
    forms = [telephone, telephone.replace(" ", ""), f"(01632) {telephone[6:]}"]
    yield "telephone", random.choice(forms), NUMBER_SENTENCES, "none"
    mobile = random.choice(("07700 900123", "07700900 456", "+44 7700 900789"))
    yield "telephone of somebody else", mobile, NUMBER_SENTENCES, "none"
    mail = random.choice(("a.plum@example.org", "plum99@example.com", "info [at] example.org"))
    yield "e-mail", mail, NUMBER_SENTENCES, "none"
    case = new_reference("C", random)
    yield "reference", case, NUMBER_SENTENCES, "nothing"
    file = f"hospital number {random.choice('XQZ')}{random.randrange(10**5, 10**6)}"
    yield "hospital number", file, ("The notes, {}, were read.",), "all of them"
