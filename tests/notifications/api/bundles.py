"""The example bundle of the guide, and bundles that differ from it."""

import json
from copy import deepcopy
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from notifications import fhir

FILE = Path(settings.BASE_DIR, "docs", "api", "example-bundle.json")
EXAMPLE = json.loads(FILE.read_text())
PLACES = {
    resource["resourceType"]: at
    for at, resource in reversed(list(enumerate(entry["resource"] for entry in EXAMPLE["entry"])))
}


def bundle(**changes) -> dict:
    """The example with elements of its first resource of a type changed; None takes one out."""
    made = deepcopy(EXAMPLE)
    for kind, elements in changes.items():
        resource = made["entry"][PLACES[kind]]["resource"]
        for name, value in elements.items():
            resource.pop(name, None) if value is None else resource.update({name: value})
    return made


def without(*kinds: str, **changes) -> dict:
    """A collection of the example's other resources."""
    made = bundle(**changes)
    made["type"] = "collection"
    made["entry"] = [
        each for each in made["entry"] if each["resource"]["resourceType"] not in kinds
    ]
    return made


def told(sent: dict) -> list[tuple[str, str]]:
    return [(each.field, each.code) for each in fhir.read(sent, timezone.now()).problems]
