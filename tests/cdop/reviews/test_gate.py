"""What the national database would ask: listed, answered or explained before it is too late."""

import pytest

from cdop import editions
from cdop.cases import actions as cases
from cdop.cases.models import Case, CaseFacts
from cdop.core import steps
from cdop.core.refusals import Refused
from cdop.panel import actions as panel
from cdop.reviews import actions, gate, queries, vocabulary
from cdop.reviews.content import FactorLine, Outcome
from cdop.reviews.finding_models import Explained
from tests.cast import TESTS
from tests.cdop.panel.makers import on_agenda, opened, planned_meeting
from tests.cdop.reviews.makers import recorded

LSCB = editions.get("lscb-2015")
TWO = FactorLine(0, "parenting", "", "Supervision and safety / stability of care", "2", True)


@pytest.fixture
def item(chair, member, other_member):
    meeting = planned_meeting(member, other_member, chair=chair)
    row = on_agenda(meeting)
    opened(meeting, chair=chair)
    return row


def codes(finding):
    return [each.code for each in gate.points(finding, queries.content_of(finding.analysis_id))]


@pytest.mark.parametrize(
    ("words", "two"),
    [
        ("", False),
        ("Co-sleeping", False),
        ("Smoking in the household and co-sleeping", True),
        ("smoking in pregnancy, housing", True),
        ("Smoking in pregnancy/co-sleeping", True),
        ("Housing & domestic violence", True),
        ("Epilepsy as well as asthma", True),
        ("Emotional, behavioural or mental health condition", False),
        ("Quality of care and of the service", False),
        ("A long wait, and nobody rang back", False),
        ("Housing and damp", False),
        ("Brandy and lemonade", False),
    ],
)
def test_words_that_join_two_factors_of_the_list_are_seen(db, words, two):
    assert gate.names_two(words, vocabulary.offered(LSCB)) is two


def test_every_label_of_the_list_names_one_factor(db):
    for code in editions.codes():
        terms = vocabulary.offered(editions.get(code))
        assert [term.label for term in terms if gate.names_two(term.label, terms)] == []


def test_missing_demographics_and_combined_factors_are_explained_in_words(item, chair, coordinator):
    steps.edit(CaseFacts.objects.get(), by=TESTS, ethnic_group="", age_days=None)
    finding = recorded(item, chair, factors=(TWO,))
    assert codes(finding) == ["age_days", "ethnic_group", "combined"]
    with pytest.raises(Refused, match="how old the child was.*seems to name two factors"):
        actions.sign_off(finding, version=1, by=chair)

    for code, about, who in (
        ("age_days", "", coordinator),
        ("ethnic_group", "", chair),
        ("combined", TWO.words, chair),
    ):
        gate.explain(finding, code=code, about=about, words="Nobody knows.", by=who)

    signed = actions.sign_off(finding, version=1, by=chair)
    assert (signed.state, Explained.objects.count()) == ("signed_off", 3)
    assert gate.open_sentences(gate.points(signed, queries.content_of(signed.analysis_id))) == []


def test_what_was_explained_is_asked_again_where_the_words_change(item, chair):
    finding = recorded(item, chair, factors=(TWO,))
    gate.explain(finding, code="combined", about=TWO.words, words="It is one.", by=chair)
    other = FactorLine(0, "parenting", "", "Stability of care and basic care", "2", True)

    finding = recorded(item, chair, version=1, factors=(other,))

    with pytest.raises(Refused, match="Stability of care and basic care"):
        actions.sign_off(finding, version=2, by=chair)


def test_what_has_to_be_answered_is_not_explained_away(item, chair):
    finding = recorded(item, chair, outcome=Outcome())

    with pytest.raises(Refused, match="An explanation does not settle it"):
        gate.explain(finding, code="reached", about="", words="It was.", by=chair)
    with pytest.raises(Refused, match="answered meanwhile"):
        gate.explain(finding, code="sex", about="", words="It is.", by=chair)
    with pytest.raises(Refused, match="Say why"):
        gate.explain(finding, code="sex", about="", words=" ", by=chair)


@pytest.mark.parametrize("who", ["member", "doctor", "reader", "stranger"])
def test_only_the_team_and_who_records_explain(request, item, chair, who):
    finding = recorded(item, chair, grades={})

    with pytest.raises(Refused) as refused:
        gate.explain(
            finding, code="grade-child", about="", words="Why", by=request.getfixturevalue(who)
        )

    assert refused.value.status == 403


def test_a_case_is_closed_when_nothing_is_left_open(item, chair, coordinator):
    finding = recorded(item, chair)
    actions.sign_off(finding, version=1, by=chair)
    panel.close_meeting(item.meeting, by=chair)
    facts = CaseFacts.objects.get()
    steps.edit(facts, by=TESTS, ethnic_group="")
    case = Case.objects.get()

    with pytest.raises(Refused, match="Before the case is closed, this must be answered"):
        cases.close(case, by=coordinator)
    gate.explain(finding, code="ethnic_group", about="", words="Nobody asked.", by=coordinator)

    assert cases.close(case, by=coordinator).state == "closed"
    with pytest.raises(Refused, match="The case is closed"):
        gate.explain(finding, code="ethnic_group", about="", words="Later.", by=coordinator)


def test_a_case_with_a_version_that_is_not_signed_is_not_closed(item, chair, coordinator):
    actions.sign_off(recorded(item, chair), version=1, by=chair)
    recorded(item, chair, version=2, why="A slip", cause="Other")

    with pytest.raises(Refused, match="not signed off yet"):
        cases.close(Case.objects.get(), by=coordinator)
