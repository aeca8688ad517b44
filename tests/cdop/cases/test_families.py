"""A family: one sealed record for the cases of all its children, found by a name or a number."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from cdop.cases import actions, conversations, families, family_search, links
from cdop.cases.conversations import Conversation, Verified
from cdop.cases.families import Family, FamilyToken
from cdop.cases.models import Case
from cdop.core import sealing
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused, Stale
from tests.cast import TESTS
from tests.cdop.cases.holding_up import in_days
from tests.cdop.cases.speaking import (
    FATHER,
    MOTHER,
    NUMBER,
    PEOPLE,
    known_family,
    spoke,
    without_family,
)
from tests.makers import opened_case

SECOND = {"given_names": "Eeee", "nhs_number": "9990000999"}


def opened(case, by=TESTS):
    return families.read(families.of(case), case, by=by, purpose="test")


def found(typed, by) -> list[tuple[list[str], list[str]]]:
    """The names that fit, and the references, of each family that was found."""
    return [
        ([person["name"] for person in each.people], [str(case) for case in each.cases])
        for each in family_search.search(typed, by=by)
    ]


def test_the_record_begins_with_what_the_notifier_said_of_the_parents(db):
    father = {"name": FATHER, "relationship": "Father", "details": NUMBER}
    case = opened_case({"carers": [father]})

    assert [person["name"] for person in opened(case).people] == [MOTHER, FATHER]


def test_a_mother_who_is_named_twice_stands_there_once(db):
    mother = {"name": "Bbbb  Invented Child", "relationship": "Mother", "details": "At home"}
    case = opened_case({"carers": [mother]})

    assert opened(case).people == [mother]


@pytest.mark.parametrize(
    "typed",
    [
        MOTHER,
        "bbbb",
        "Mrs Invented-Child",
        "Dddd",
        "DDDD INVENTED FATHER",
        "01632 960123",
        "+44 1632 960123",
        "0044 (0)1632 960 123",
        "Aaaa",  # the child: a parent may say that name first
    ],
)
def test_a_family_is_found_in_one_step(coordinator, case, typed):
    known_family(case, coordinator)
    opened_case({"given_names": "Zzzz", "family_name": "Other", "mother_name": "Yyyy Other"})

    assert [references for _, references in found(typed, coordinator)] == [[str(case)]]


def test_what_fits_best_stands_first_and_says_whom_it_fits(coordinator, case):
    known_family(case, coordinator)
    other = opened_case({"given_names": "Ffff", "mother_name": "Dddd Elsewhere"})

    assert found("Dddd Invented-Father", coordinator) == [
        ([MOTHER, FATHER], [str(case)]),
        (["Dddd Elsewhere"], [str(other)]),
    ]


@pytest.mark.parametrize("typed", ["Nobody At-All", "01632 000000", "...", "12"])
def test_nobody_is_found_who_is_not_there(coordinator, case, typed):
    assert found(typed, coordinator) == []


def test_a_number_that_is_taken_out_finds_nobody_any_more(coordinator, case):
    known_family(case, coordinator)
    known_family(case, coordinator, people=PEOPLE[:1])

    assert found(NUMBER, coordinator) == []


def test_a_case_without_a_record_is_found_by_its_child_and_gets_one(coordinator, case):
    without_family(case)
    assert found(MOTHER, coordinator) == [([], [str(case)])]

    families.begin(case, by=coordinator)

    assert found(MOTHER, coordinator) == [([MOTHER], [str(case)])]


def test_a_search_is_recorded_without_what_was_looked_for(coordinator, case):
    family_search.search(MOTHER, by=coordinator)

    entry = AuditEntry.objects.get(action="family.searched")
    assert (entry.actor, json.loads(entry.detail)) == (coordinator, {"after": {"families": 1}})
    assert "Bbbb" not in entry.detail + entry.purpose + entry.subject


@pytest.mark.parametrize("who", ["chair", "member", "reader", "stranger"])
def test_nobody_else_finds_or_opens_a_family(request, case, who):
    by, before = request.getfixturevalue(who), AuditEntry.objects.count()

    for attempt in (
        lambda: family_search.search(MOTHER, by=by),
        lambda: opened(case, by),
        lambda: known_family(case, by),
        lambda: spoke(case, by),
    ):
        with pytest.raises(Refused, match="does not open who a child was"):
            attempt()
    assert AuditEntry.objects.count() == before


def test_a_professional_finds_only_the_cases_they_were_given(doctor, coordinator, case):
    opened_case({"given_names": "Gggg"})
    actions.give_access(case, doctor, by=coordinator, ends_on=None)

    assert [references for _, references in found(MOTHER, doctor)] == [[str(case)]]


def test_two_who_write_at_once_are_not_written_over(coordinator, case):
    first = families.of(case)
    known_family(case, coordinator)

    with pytest.raises(Stale):
        known_family(case, coordinator, version=first.version, key_worker="Other")
    assert families.of(case).key_worker == "Kay Worker"


# Brothers and sisters


def test_twins_have_one_record_and_stay_two_cases(coordinator, case):
    known_family(case, coordinator)
    twin = opened_case(SECOND)
    links.link(case, twin, links.Kind.TWIN, by=coordinator)

    assert families.of(case) == families.of(twin)
    assert [str(each) for each in families.cases_of(families.of(case))] == [str(case), str(twin)]
    assert [person["name"] for person in opened(twin).people] == [MOTHER, FATHER]
    assert [references for _, references in found("Dddd", coordinator)] == [[str(case), str(twin)]]
    assert [r for _, r in found("Eeee", coordinator)] == [[str(twin)]], "each by its own name"


def test_what_was_said_in_both_records_is_there_in_the_one(coordinator, case):
    twin = opened_case(SECOND | {"mother_name": "", "carers": [PEOPLE[1]]})
    known_family(case, coordinator, people=PEOPLE[:1], limits="Not the post-mortem.", key_worker="")
    spoke(twin, coordinator, spoken_with=FATHER, told="About the twin.", next_on=in_days(5))
    spoke(case, coordinator)
    links.link(case, twin, links.Kind.SIBLING, by=coordinator)

    known, family = opened(twin), families.of(twin)
    assert [person["name"] for person in known.people] == [MOTHER, FATHER]
    assert known.limits == "Not the post-mortem."
    assert family.next_on == in_days(5)
    told = conversations.read(family, case, by=coordinator, purpose="test")
    assert {each.said.spoken_with for each in told} == {MOTHER, FATHER}


def test_a_third_child_brings_no_conversation_out_of_sight(coordinator, case):
    second, third = opened_case(SECOND), opened_case({"given_names": "Hhhh"})
    spoke(third, coordinator, told="To the third.")
    links.link(second, third, links.Kind.TWIN, by=coordinator)
    links.link(case, second, links.Kind.SIBLING, by=coordinator)

    told = conversations.read(families.of(case), case, by=coordinator, purpose="test")
    assert [each.said.told for each in told] == ["To the third."]
    assert Family.objects.filter(joined_to=None).count() == 1


def test_the_record_of_the_family_has_a_key_of_its_own(coordinator, case):
    twin = opened_case(SECOND)
    links.link(case, twin, links.Kind.TWIN, by=coordinator)

    sealing.destroy(case.data_key)  # one twin's case is disposed of before the other's

    assert [person["name"] for person in opened(twin).people] == [MOTHER]
    assert sealing.in_use(families.of(twin).data_key)


# Conversations


def test_what_was_said_is_kept_as_it_was_said(coordinator, case):
    row = spoke(case, coordinator, asked="Why so late?", next_on=in_days(14))

    [spoken] = conversations.read(families.of(case), case, by=coordinator, purpose="test")
    assert (spoken.said.told, spoken.said.asked) == (
        "That the panel meets in June.",
        "Why so late?",
    )
    assert (row.asks, row.kept_by) == (True, coordinator)
    family = families.of(case)
    assert (family.last_on, family.next_on) == (in_days(0), in_days(14))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"spoken_with": ""}, "Say who it was"),
        ({"told": ""}, "Say what they were told"),
        ({"verified": Verified.NOT}, "Nothing is told to somebody whom we did not recognise"),
        ({"at": timezone.now() + timedelta(hours=1)}, "today or in the past"),
    ],
    ids=["who", "nothing", "not recognised", "future"],
)
def test_what_does_not_fit_is_not_kept(coordinator, case, said, sentence):
    before = AuditEntry.objects.count()

    with pytest.raises(Refused, match=sentence):
        spoke(case, coordinator, **said)
    assert AuditEntry.objects.count() == before and not Conversation.objects.exists()


def test_somebody_who_was_not_recognised_is_kept_but_counts_as_no_word_to_the_family(
    coordinator, case
):
    spoke(case, coordinator, verified=Verified.NOT, told="", asked="Where the review stands.")

    assert Conversation.objects.get().verified == "not"
    assert families.of(case).last_on is None


def test_every_reading_of_conversations_is_recorded_with_its_purpose(coordinator, case):
    spoke(case, coordinator)
    conversations.read(families.of(case), case, by=coordinator, purpose="a parent rings")

    entry = AuditEntry.objects.get(action="conversation.read")
    assert (entry.case_number, entry.purpose) == (case.pk, "a parent rings")


def test_nothing_of_a_family_stands_in_the_clear(coordinator, case):
    known_family(case, coordinator, limits="Limit Zzword", wishes="Wish Zzword")
    spoke(case, coordinator, asked="Asked Zzword", not_said="Kept Zzword")
    links.link(case, opened_case(SECOND), links.Kind.TWIN, by=coordinator)

    for model in apps.get_models():
        for row in model._base_manager.values():
            written = " ".join(map(shown, row.values()))
            told = [word for word in ("Zzword", FATHER, "960123", "June") if word in written]
            assert told == [], model.__name__


def shown(value) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1")
    return str(value)


def test_traces_are_of_names_and_numbers_and_of_nothing_else(coordinator, case):
    known_family(case, coordinator)

    kinds = set(FamilyToken.objects.values_list("kind", flat=True))
    assert kinds == {"name", "name_sound", "telephone"}
    assert Case.objects.count() == 1
