"""What has the look of a name, a date, an address or a number, whoever's it may be.

Each pattern is a rule that a coordinator could read aloud. They find what no record knows: the
neighbour by name, another child's birthday, a car's number. What they find may be kept, with a
reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from cdop import editions
from cdop.core.reference import given_name_groups
from cdop.core.typed import MONTHS
from cdop.editions import Edition
from cdop.panel.everyday_words import EVERYDAY, GENERIC, ORDINALS
from cdop.panel.identifying import Span, words_of

DATE, NUMBER, EMAIL = "a date", "a number that may be somebody's", "an e-mail or web address"
POSTCODE, STREET = "a postcode", "an address"
SERVICE, PERSON = "the name of a school, hospital or service", "a person's name"
INITIAL = "an initial that may stand for a name"
CAPITAL = "a word with a capital that may be a name"
ADVICE = {
    DATE: "Write days before or after the death, or an age.",
    NUMBER: "Take it out.",
    EMAIL: "Take it out.",
    POSTCODE: "Take it out.",
    STREET: "Write “home” or the kind of place.",
    SERVICE: "Write the kind of place, such as “the school”.",
    PERSON: "Write what they were to the child, or what they did.",
    INITIAL: "Write what they were to the child, or what they did.",
    CAPITAL: "If it names somebody or a place, write what they were to the child.",
}

DASH = r"\-\u2010-\u2015\u2212"
MONTH = "|".join(f"{name}|{name[:4]}|{name[:3]}" for name in MONTHS)
ORDINAL = "|".join(sorted((each.replace("-", r"[\s-]?") for each in ORDINALS), key=len)[::-1])
NTH = rf"(?:\d{{1,2}}(?:\s?(?:st|nd|rd|th))?|{ORDINAL})"
YEAR = r"(?:(?:19|20)\d{2}|['’]?\d{2})"
BETWEEN = rf"(?:[\s,./{DASH}]|\bof\b|\bthe\b)*"
WEEKDAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?"
NOT_A_DAY = (
    r"centile|percentile|week|day|month|year|trimester|floor|visit|time|child|baby|pregnancy|"
    r"birth|dose|attempt|degree|party|appointment|contact|call|of \w+ child"
)
FEASTS = (
    r"Christmas(?: Day| Eve)?|Boxing Day|New Year['’]?s? (?:Day|Eve)|Good Friday|Easter"
    r"(?: Sunday| Monday| Saturday)?|(?:Mother|Father|Valentine|St Patrick)['’]?s['’]? Day|"
    r"Hallowe['’]?en|Bonfire Night|Guy Fawkes(?: Night)?|Eid(?: al-\w+)?|Diwali|Hanukkah|"
    r"Remembrance (?:Sunday|Day)|(?:his|her|their) (?:\w+ )?birthday"
)
DATES = (
    rf"(?<!\w)(?:the\s+)?{NTH}{BETWEEN}(?:{MONTH})\b\.?(?:{BETWEEN}{YEAR}(?!\d))?",
    rf"\b(?:{MONTH})\b\.?{BETWEEN}(?:\d{{1,2}}(?:\s?(?:st|nd|rd|th))?(?!\d)|{ORDINAL})\b"
    rf"(?:[\s,]+{YEAR}(?!\d))?",
    rf"(?<![\d.])\d{{1,2}}\s?[/.{DASH}]\s?\d{{1,2}}\s?[/.{DASH}]\s?(?:\d{{4}}|\d{{2}})(?![\d.]\d|\d)",
    rf"(?<!\d)(?:19|20)\d{{2}}\s?[/.{DASH}]\s?\d{{1,2}}\s?[/.{DASH}]\s?\d{{1,2}}(?!\d)",
    r"(?<!\d)\d{1,2}\s\d{1,2}\s(?:19|20)\d{2}(?!\d)",
    rf"\b{WEEKDAY},?\s+(?:the\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?\b|{ORDINAL})",
    rf"\bthe\s+(?:[12]?\d|3[01])(?:st|nd|rd|th)\b(?!\s+(?:{NOT_A_DAY}))",
    rf"\b(?:{FEASTS})\b",
)
NUMBERS = (
    r"(?<![\w.])(?:\+\s?44|0044|\(?0)(?:[\s().-]{0,2}\d){9,10}(?!\d)",
    rf"(?<!\w)\d(?:[\s./{DASH}]{{0,2}}\d){{9}}(?!\w)",
    r"(?<![\d.,])\d{6,}(?![.,]?\d)",
    r"\b[A-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b",
    r"\b[A-Z]{2}\d{2}\s?[A-Z]{3}\b",
    r"\b[A-Z]-[0-9A-Z]{4}-[0-9A-Z]{4}\b",
    r"(?i:hospital|unit|case|crime|incident|log|custody|URN|MRN|reference|passport|account)"
    r"\s*(?i:number|no\.?|ref(?:erence)?|log)?\s*[:#]?\s+(?:[A-Z]{1,4}[/-]?)?\d[\dA-Z/-]{3,}",
)
EMAILS = (
    r"[\w.+'-]+\s?(?:@|\[at\]|\(at\))\s?[\w-]+(?:\.[\w-]+)+",
    r"\b(?:https?://|www\.)\S+",
    r"(?<!\w)@[A-Za-z_]\w{2,}",
)
POSTCODES = (r"\b[A-Z]{1,2}\d[A-Z\d]?\s{0,2}\d[ABD-HJLNP-UW-Z]{2}\b",)
WORD = r"[A-Z][\w'’]*(?:-[A-Z]?[\w'’]+)*"
SPACE = r"[^\S\n]+"
NAMED = rf"{WORD}(?:{SPACE}(?:(?:of|the|and|&){SPACE})?{WORD}){{0,3}}"
KIND_OF_STREET = (
    r"Road|Rd|Street|Avenue|Ave|Lane|Close|Drive|Crescent|Cres|Gardens|Gdns|Terrace|Grove|"
    r"Way|Walk|Mews|Court|Square|Place|Row|Hill|Rise|View|Park|Green|Parade|Croft|Fold|Brow"
)
STREETS = (
    rf"\b(?:(?:Flat|Apartment|Apt|Unit)\s+\w+,?\s+)?\d{{1,4}}[A-Za-z]?,?\s+{NAMED}\s+"
    rf"(?:{KIND_OF_STREET})\b",
    rf"\b(?:{WORD}\s+){{1,3}}(?:Road|Rd|Street|Avenue|Ave|Lane|Close|Drive|Crescent|Terrace|Grove|"
    r"Mews|Gardens)\b",
)
KIND_OF_SERVICE = (
    r"Hospital|Infirmary|Hospice|School|Academy|College|Nursery|Pre-?school|Playgroup|Surgery|"
    r"Practice|Medical Centre|Health Centre|Children['’]?s Centre|Family Centre|Clinic|Ward|Unit|"
    r"Trust|House|Primary|High|Juniors?|Infants|Sixth Form"
)
SERVICES = (
    rf"\b(?:(?:St|Saint)\.?{SPACE})?{NAMED}['’]?s?{SPACE}(?:(?:Primary|Infant|Junior|High|General|Community|"
    rf"Children['’]?s|Day|Medical|C of E|CE|RC|Catholic|Secondary)\s+)*(?:{KIND_OF_SERVICE})\b",
    rf"\b[Ww]ard{SPACE}(?:[A-Z]?\d+[A-Z]?|[A-Z]\w*)\b",
    r"\bSt\.?\s+[A-Z]\w+['’]s\b",
)
TITLE = (
    r"Mr|Mrs|Ms|Miss|Mx|Master|Dr|Doctor|Prof|Professor|Nurse|Sister|Matron|PC|PCSO|DC|DS|DI|DCI|"
    r"Sgt|Sergeant|Inspector|Constable|Rev|Reverend|Fr|Imam|Rabbi|Cllr|Councillor|Sir|Lady|Judge|"
    r"Uncle|Aunt|Auntie|Nan|Grandma|Grandad|Nanny"
)
RELATION = (
    r"called|named|name is|known as|nicknamed|brothers?|sisters?|siblings?|twin|father|mother|dad|"
    r"mum|partner|boyfriend|girlfriend|husband|wife|step-?father|step-?mother|grandmother|"
    r"grandfather|uncle|aunt|cousin|friend|neighbour|carer|baby|teacher|health visitor|"
    r"social worker|midwife|paediatrician|consultant|sergeant|constable|paramedic|GP"
)
PEOPLE = (
    rf"\b(?:{TITLE})\b\.?\s+(?:[A-Z]\.?\s*)*{WORD}(?:\s+{WORD})?",
    rf"(?<=\b)(?:{RELATION}),?\s+(?P<name>[A-Z][a-z'’]\w*(?:[\s-][A-Z][\w'’]+)?)",
)
# fmt: off
NOT_NAMES = frozenset((
    "a", "ambulance", "an", "and", "at", "british", "but", "catholic", "child", "children",
    "christian", "christmas", "easter", "english", "gp", "he", "health", "hindu", "home", "i", "in",
    "is", "it", "jewish", "muslim", "nhs", "on", "police", "polish", "romanian", "she", "sikh",
    "social", "the", "they", "was", "who",
))
# fmt: on
"""Words with a capital that may follow a relation without being a name."""


def looks_like(plain: str, areas: frozenset[str]) -> Iterator[Span]:
    """The places that look like one of the kinds; they may overlap.

    areas  names of areas, folded: a word of one is no name
    """
    for kind, patterns in (
        (DATE, DATES),
        (EMAIL, EMAILS),
        (POSTCODE, POSTCODES),
        (NUMBER, NUMBERS),
    ):
        for pattern in patterns:
            yield from ((*found.span(), kind) for found in _finditer(pattern, plain, kind))
    yield from _named(plain, STREETS, STREET)
    yield from _named(plain, SERVICES, SERVICE)
    yield from _people(plain)
    yield from _given_names(plain)
    yield from _capitals(plain, areas)


CAPITALS_MATTER = (NUMBER,)


def _finditer(pattern: str, plain: str, kind: str) -> Iterator[re.Match[str]]:
    flags = 0 if kind in CAPITALS_MATTER else re.IGNORECASE
    return re.finditer(pattern, plain, flags)


def _named(plain: str, patterns: tuple[str, ...], kind: str) -> Iterator[Span]:
    """Words with capitals before a kind of place; an article before it names none."""
    for pattern in patterns:
        for found in re.finditer(pattern, plain):
            start = found.start() + len(_beginning(found[0]))
            rest = plain[start : found.end()]
            if len(rest.split()) > 1 and _says_more(rest):
                yield start, found.end(), kind


BEGINNING = re.compile(
    r"(?:(?:The|A|An|At|In|On|To|From|Of|And|But|He|She|They|Then|When|After|Before|His|Her|"
    r"Their|This|That|No|Local|Primary|Every|Each)\s+)+"
)


def _beginning(words: str) -> str:
    found = BEGINNING.match(words)
    return found[0] if found else ""


def _says_more(words: str) -> bool:
    """Whether there is a word beside those that any such place has."""
    return any(word.folded not in GENERIC for word in words_of(words))


def _people(plain: str) -> Iterator[Span]:
    titled, related = PEOPLE
    for found in re.finditer(titled, plain):
        yield *found.span(), PERSON
    for found in re.finditer(related, plain):
        if found["name"].split()[0].casefold() not in NOT_NAMES:
            yield *found.span("name"), PERSON


_GIVEN = frozenset(name for group in given_name_groups() for name in group) - EVERYDAY


def _given_names(plain: str) -> Iterator[Span]:
    """Words with a capital that are given names, whoever bears them."""
    for word in words_of(plain):
        bare = word.folded.removesuffix("s") if word.folded not in _GIVEN else word.folded
        if bare in _GIVEN and len(bare) > 2 and plain[word.start].isupper():
            yield word.start, word.end, PERSON


INSIDE_A_SENTENCE = re.compile(r"(?<=[a-z0-9,;)] )(?:[A-Z][a-z'’]+)(?:[ -][A-Z][a-z'’]+)*")
# fmt: off
USUAL = frozenset((
    "american", "anglican", "april", "asian", "august", "bangladeshi", "bengali", "black",
    "book", "british", "buddhist", "calpol", "caribbean", "catholic", "centile", "caesarean",
    "chinese",
    "christian", "christmas", "coroner", "council", "december", "down", "downs", "easter", "eid",
    "emergency", "english", "european", "february", "friday", "general", "german", "guthrie",
    "hindu", "i", "indian", "irish", "january", "jewish", "july", "june", "march", "may",
    "monday", "mother", "father", "muslim", "november", "october", "pakistani", "panel", "polish",
    "portuguese", "protestant", "ramadan", "red", "romanian", "saturday", "scottish", "september",
    "serious", "sikh", "somali", "streptococcus", "sunday", "thursday", "tuesday", "urdu",
    "wednesday", "welsh", "white", "yes", "no", "not",
))
# fmt: on
"""Words that anybody writes with a capital."""


@cache
def _written_with_a_capital() -> frozenset[str]:
    """Words that the guidance itself writes with a capital inside a sentence."""
    return frozenset(
        word.folded
        for edition in map(editions.get, editions.codes())
        for label in _labels(edition)
        for word in words_of(label)
        if label[word.start].isupper()
    )


def _labels(edition: Edition) -> Iterator[str]:
    yield from edition.words.values()
    yield from (task.label for task in edition.checklist)
    yield from (kind.label for kind in edition.discussions)
    for vocabulary in edition.vocabularies.values():
        yield from (term.label for term in vocabulary.terms)
    for form in edition.reports.forms:
        for section in form.questionnaire.sections:
            yield section.title
            yield from (question.label for question in section.questions)


def _capitals(plain: str, areas: frozenset[str]) -> Iterator[Span]:
    """Words with a capital inside a sentence that nobody would write so unless they name."""
    of_areas = {word for area in areas for word in area.split()}
    usual = USUAL | _written_with_a_capital() | of_areas | GENERIC
    for found in INSIDE_A_SENTENCE.finditer(plain):
        for word in words_of(found[0]):
            bare = word.folded.removesuffix("s")
            if len(bare) > 1 and word.folded not in usual and bare not in usual:
                yield found.start() + word.start, found.start() + word.end, CAPITAL
