"""The words of a row: read in those of its edition, and no code made into another's."""

import pytest

from cdop import editions
from cdop.editions.schema import Edition
from notifications import legacy_words
from tests.notifications.legacy.reading import one, wrong
from tests.notifications.legacy.sheets import CLOSED

pytestmark = pytest.mark.django_db


def test_a_review_keeps_the_words_of_the_edition_in_force_at_its_sign_off(monkeypatch):
    """A code of the older guidance never becomes one of the newer, nor the other way round."""
    old, new = editions.get("lscb-2015"), editions.get("cdr-2018")
    renamed = [("old-" + each.code, each.label) for each in old.categories]
    monkeypatch.setattr(legacy_words, "_labelled", labelled(old, renamed))
    closed = {"date_of_death": "1/4/2018", "notified_on": "2/4/2018", "date_of_birth": ""}
    closed |= {"category": "Infection", "panel_on": "", "closed_on": "3/5/2020"}

    before = one(CLOSED, **closed, signed_off_on="31/3/2019")
    after = one(CLOSED, **closed, signed_off_on="1/4/2019")

    assert (before.found.edition, before.found.category) == ("lscb-2015", "old-infection")
    assert (after.found.edition, after.found.category) == (new.code, "infection")
    assert before.edition.code == after.edition.code == "lscb-2015"


@pytest.mark.parametrize("category", ["8", "Perinatal or neonatal event", "PERINATAL"])
def test_a_category_is_known_by_number_and_name(category):
    assert one(CLOSED, category=category).found.category == "perinatal"


@pytest.mark.parametrize(
    ("area", "code"),
    [
        ("Cheshire West & Chester", "E06000050"),
        ("cheshire west and chester", "E06000050"),
        ("E06000049", "E06000049"),
        ("Elsewhere", "elsewhere"),
    ],
)
def test_an_area_is_known_by_name_and_code(area, code):
    assert one(CLOSED, area=area).area_code == code


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("yes", "modifiable"),
        ("No", "not_modifiable"),
        ("inadequate", "inadequate"),
        ("There was not enough information to judge", "inadequate"),
    ],
)
def test_the_answer_on_modifiable_factors_is_known_by_short_words_too(answer, code):
    assert one(CLOSED, modifiable=answer).found.modifiable == code


def test_a_word_of_one_guidance_only_is_not_wrong_while_the_day_is_unknown(monkeypatch):
    old = editions.get("lscb-2015")
    renamed = [("old-" + each.code, "Old " + each.label) for each in old.categories]
    monkeypatch.setattr(legacy_words, "_labelled", labelled(old, renamed))

    found = wrong(CLOSED, category="Old Infection", signed_off_on="?")

    assert [column for column, _ in found] == ["Date of sign-off"]


def labelled(old: Edition, renamed):
    real = legacy_words._labelled

    def of(words, edition, areas):
        if words == "categories" and edition.code == old.code:
            return renamed
        return real(words, edition, areas)

    return of
