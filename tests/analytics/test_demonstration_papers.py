"""What members and the public can read in the demonstration names no child."""

from datetime import date

import pypdfium2
import pytest

from cdop.cases import identity
from cdop.cases.models import Clocks
from cdop.core.jinja import day
from cdop.core.periods import Period
from cdop.core.users import User
from cdop.learning import themes, training
from cdop.learning.briefing_models import Briefing, PublishedBriefing
from cdop.learning.briefing_pdf import briefing_pdf
from cdop.learning.briefing_text import Said
from cdop.learning.theme_models import Theme
from cdop.panel import paper_reading
from cdop.panel.identifying import folded
from cdop.panel.models import AgendaItem
from cdop.panel.paper_models import Paper, PaperDraft
from cdop.panel.paper_pdf import papers_pdf
from cdop.panel.paper_states import DraftState
from tests.databases import fresh_database, in_use

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("site 1")]


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    """A database with the demonstration, which the test works on."""
    with django_db_blocker.unblock(), fresh_database(filled=True) as url, in_use(url):
        yield url


def words_of(pdf: bytes) -> str:
    """The words of a PDF, on one line, as ``pdftotext`` gives them."""
    file = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in file).split())


def identifiers(item: AgendaItem, by: User) -> list[str]:
    """What says who the child of a case was, in the ways in which the records write it."""
    known = identity.read(item.case, by=by, purpose="tests")
    died_on = Clocks.objects.get(case=item.case_id).died_on
    days = [died_on, *([date.fromisoformat(known.date_of_birth)] if known.date_of_birth else [])]
    people = [*known.carers, *known.siblings]
    written = [
        item.case.reference,
        known.full_name,
        known.given_names,
        known.family_name,
        known.mother_name,
        known.nhs_number,
        known.postcode,
        *known.address.splitlines(),
        *(person["name"] for person in people),
        *(form for each in days for form in (day(each), f"{each:%d/%m/%Y}", each.isoformat())),
    ]
    return [each for each in written if each]


def test_the_pdf_of_every_paper_holds_none_of_its_cases_identifiers(filled):
    coordinator = User.objects.get(email="cora.coordinator@example.org")
    items = AgendaItem.objects.filter(pk__in=Paper.objects.values("item"))
    read = [
        (item, words_of(papers_pdf(paper_reading.opened(item, by=coordinator, purpose="tests"))))
        for item in items.select_related("meeting", "case__data_key")
    ]

    assert len(read) >= 3
    for item, said in read:
        said = said.replace("Synthetic: no real child", "")
        assert item.serial in said and "On the day of the death" in said
        found = [
            each for each in identifiers(item, coordinator) if f" {folded(each)} " in folded(said)
        ]
        assert found == []


def test_one_draft_waits_with_places_of_several_kinds_and_one_case_has_a_supplement(filled):
    [draft] = PaperDraft.objects.filter(state=DraftState.OPEN)

    assert len({place.kind for place in draft.found}) >= 5
    assert list(draft.item.papers.all()) == []
    assert Paper.objects.filter(number=2).count() == 1


def test_the_public_briefing_holds_no_name_and_no_date_of_its_themes_children(filled):
    coordinator = User.objects.get(email="cora.coordinator@example.org")
    [version] = PublishedBriefing.objects.filter(briefing__in=Briefing.objects.public())
    words = folded(words_of(briefing_pdf(Said(**version.said), None)))
    cases = themes.cases_of(version.briefing.theme)
    known = [identity.read(case, by=coordinator, purpose="tests") for case in cases]

    assert known
    for each in known:
        for hidden in (each.full_name, each.mother_name, each.nhs_number, each.date_of_birth):
            assert hidden and folded(hidden) not in words


def test_the_themes_have_deaths_and_the_year_says_four_sessions_and_130_professionals(filled):
    assert all(themes.belonging(theme).exists() for theme in Theme.objects.all())
    assert training.year(Period.parse("2014-15")).sentence == "four sessions, 130 professionals"
