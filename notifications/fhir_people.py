"""Who a bundle speaks of: the child, those who care for it, and whoever tells us."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from notifications import api_answers
from notifications.fhir_bundle import OUR_LISTS, Contents, Given, Place

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ETHNIC_EXTENSION = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory"
ETHNIC_SYSTEM = "https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategoryEngland"
ROLES = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"

FORMER_NAMES = ("old", "maiden", "nickname", "anonymous")
SEXES = {"male": "male", "female": "female", "other": "not_known", "unknown": "not_known"}
# NHS Data Dictionary, ethnic category 2001; our codes on the right.
ETHNIC_GROUPS = {
    "A": "white_british",
    "B": "white_irish",
    "C": "white_other",
    "D": "mixed_caribbean",
    "E": "mixed_african",
    "F": "mixed_asian",
    "G": "mixed_other",
    "H": "asian_indian",
    "J": "asian_pakistani",
    "K": "asian_bangladeshi",
    "L": "asian_other",
    "M": "black_caribbean",
    "N": "black_african",
    "P": "black_other",
    "R": "asian_chinese",
    "S": "other_any",
    "Z": "not_known",
}


# As the resources say it


def child_of(contents: Contents) -> Place:
    return contents.of("Patient")[0]


def _name(contents: Contents) -> Place | None:
    """The name by which the child was known last."""
    names = [each for each in child_of(contents).each("name") if not _is_former(each)]
    official = [each for each in names if each.get("use").text == "official"]
    return next(iter(official or names), None)


def _is_former(name: Place) -> bool:
    return name.get("use").text in FORMER_NAMES


def _given_names(name: Place) -> str:
    return " ".join(each.text for each in name.each("given") if each.text)


def _in_full(name: Place) -> str:
    parts = [_given_names(name), name.get("family").text]
    return name.get("text").text or " ".join(filter(None, parts))


def _full_name(person: Place) -> Given:
    names = person.each("name")
    return Given(names[0].path, _in_full(names[0])) if names else Given(person.path, "")


def _address(contents: Contents) -> Place | None:
    found = child_of(contents).each("address")
    at_home = [each for each in found if each.get("use").text == "home"]
    return next(iter(at_home or found), None)


def _contact(holder: Place | None, system: str) -> Given | None:
    """The first telephone number or e-mail address of somebody."""
    for each in holder.each("telecom") if holder else ():
        if each.get("system").text == system and each.get("value").text:
            return Given(each.get("value").path, each.get("value").text)
    return None


def _role(contents: Contents) -> Place | None:
    """The role of the one who tells us: the author of the message, else the first in the bundle."""
    for header in contents.of("MessageHeader"):
        if author := contents.follow(header.get("author"), "PractitionerRole"):
            return author
    return next(iter(contents.of("PractitionerRole")), None)


def notifier_of(contents: Contents) -> Place | None:
    for header in contents.of("MessageHeader"):
        if author := contents.follow(header.get("author"), "Practitioner"):
            return author
    role = _role(contents)
    named = contents.follow(role.get("practitioner"), "Practitioner") if role else None
    return named or next(iter(contents.of("Practitioner")), None)


# What each element answers


def read_name(part: str) -> Callable[[Contents], Iterator[Given]]:
    def found(contents: Contents) -> Iterator[Given]:
        if name := _name(contents):
            text = _given_names(name) if part == "given" else name.get(part).text
            yield Given(name.get(part).path, text)

    return found


def read_other_names(contents: Contents) -> Iterator[Given]:
    known = _name(contents)
    others = [
        each for each in child_of(contents).each("name") if known is None or each.path != known.path
    ]
    if others:
        yield Given(others[0].path, ", ".join(filter(None, map(_in_full, others))))


def read_birth(contents: Contents) -> Iterator[Given]:
    born = child_of(contents).get("birthDate")
    if api_answers.day_of(born.text):
        yield Given(born.path, born.text)


def read_sex(contents: Contents) -> Iterator[Given]:
    gender = child_of(contents).get("gender")
    # An unknown code goes on as it is, for the question to refuse.
    yield Given(gender.path, SEXES.get(gender.text, gender.text))


def read_number(contents: Contents) -> Iterator[Given]:
    for identifier in child_of(contents).each("identifier"):
        if identifier.get("system").text == NHS_NUMBER:
            yield Given(identifier.get("value").path, identifier.get("value").text)


def read_address(contents: Contents) -> Iterator[Given]:
    if home := _address(contents):
        lines = [each.text for each in home.each("line")]
        lines += [home.get("city").text, home.get("district").text]
        yield Given(home.path, home.get("text").text or "\n".join(filter(None, lines)))


def read_postcode(contents: Contents) -> Iterator[Given]:
    if home := _address(contents):
        yield Given(home.get("postalCode").path, home.get("postalCode").text)


def read_ethnic_group(contents: Contents) -> Iterator[Given]:
    for extension in child_of(contents).each("extension"):
        if extension.get("url").text == ETHNIC_EXTENSION:
            concept = extension.get("valueCodeableConcept")
            for code in concept.codes(ETHNIC_SYSTEM) & ETHNIC_GROUPS.keys():
                yield Given(concept.path, ETHNIC_GROUPS[code])


def read_mother(contents: Contents) -> Iterator[Given]:
    for contact in child_of(contents).each("contact"):
        if any("MTH" in each.codes(ROLES) for each in contact.each("relationship")):
            yield Given(contact.get("name").path, _in_full(contact.get("name")))


def read_carers(contents: Contents) -> Iterator[Given]:
    contacts = child_of(contents).each("contact")
    if contacts:
        yield Given(child_of(contents).get("contact").path, [_carer(each) for each in contacts])


def _carer(contact: Place) -> dict[str, str]:
    phone = _contact(contact, "phone")
    words = (_in_words(concept) for concept in contact.each("relationship"))
    return {
        "name": _in_full(contact.get("name")),
        "relationship": ", ".join(filter(None, words)),
        "details": phone.value if phone else "",
    }


def professional(person: Place, roles: list[Place]) -> dict[str, str]:
    phone = _contact(person, "phone")
    return {
        "name": _full_name(person).value,
        "role": ", ".join(filter(None, map(_in_words, roles))),
        "telephone": phone.value if phone else "",
    }


def _in_words(concept: Place) -> str:
    shown = [each.get("display").text or each.get("code").text for each in concept.each("coding")]
    return concept.get("text").text or next(filter(None, shown), "")


def read_notifier(contents: Contents) -> Iterator[Given]:
    if notifier := notifier_of(contents):
        yield _full_name(notifier)


def read_telecom(system: str) -> Callable[[Contents], Iterator[Given]]:
    def found(contents: Contents) -> Iterator[Given]:
        role, person = _role(contents), notifier_of(contents)
        if given := _contact(role, system) or _contact(person, system):
            yield given

    return found


def read_role(contents: Contents) -> Iterator[Given]:
    role = _role(contents)
    for concept in role.each("code") if role else ():
        for code in sorted(concept.codes(f"{OUR_LISTS}notifier_roles")):
            yield Given(concept.path, code)


def read_organisation(contents: Contents) -> Iterator[Given]:
    role = _role(contents)
    linked = contents.follow(role.get("organization"), "Organization") if role else None
    for found in [linked] if linked else contents.of("Organization")[:1]:
        yield Given(found.get("name").path, found.get("name").text)
