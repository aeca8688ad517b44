"""What people really type: each answered by a whole sentence beside its box, and nothing lost."""

from datetime import date, timedelta
from unicodedata import category

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from hypothesis import HealthCheck, given
from hypothesis import settings as examined
from hypothesis import strategies as st

from cdop import editions
from cdop.cases import facts
from notifications import rules
from notifications.models import Notification
from notifications.unfinished import Report, first_section, other_sections
from tests.client import Client
from tests.notifications.filling import (
    CHILD,
    SHORTEST,
    YESTERDAY,
    address,
    begin,
    boxes,
    fill,
    fill_all,
    press_send,
    send,
    text_of,
    typed_on,
)

pytestmark = pytest.mark.django_db
CHECK = reverse("report:check")
DECIDES = "You may send it as it is: the coordinator looks at each one and decides."
TOMORROW = localdate() + timedelta(days=2)  # ahead also when the run passes midnight
LONG = "Invented-" * 1_112
RIGHT_TO_LEFT = "ילד בדוי"  # "invented child"
EMOJI = "Aaaa 👶🏽 “Bbbb”"


def said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


@pytest.mark.parametrize(
    ("day", "month", "year", "sentence"),
    [
        ("31", "2", "2026", "There is no 31 February"),
        ("29", "feb", "2025", "There is no 29 February in 2025"),
        ("0", "5", "2026", "Date of death must have a day from 1 to 31"),
        ("5", "13", "2026", "Date of death must have a month from 1 to 12, or its name"),
        ("5", "5", "26", "Date of death must have a year of four numbers, like 2026"),
        ("", "5", "2026", "Date of death must include a day"),
        ("5", "", "", "Date of death must include a month and year"),
        ("", "", "", "Enter the date of death"),
        ("x", "y", "z", "Date of death must have a day from 1 to 31"),
    ],
)
def test_an_impossible_date_is_refused_and_stands_in_its_boxes(client, day, month, year, sentence):
    typed = {f"date_of_death-{k}": v for k, v in [("day", day), ("month", month), ("year", year)]}

    page = fill(client, "when", typed, follow=True)

    assert page.status_code == 200
    assert f"There is a problem {sentence} Date of death" in text_of(page)
    again = typed_on(client.get(address("when")))
    for value in filter(None, (day, month, year)):
        assert f'value="{value}"' in typed_on(page)
        assert f'value="{value}"' in again


def test_a_death_in_the_future_is_refused(client):
    page = begin(client, TOMORROW, follow=True)

    assert "There is a problem The date of death must be today or in the past" in text_of(page)


def test_a_death_before_birth_is_refused_on_either_page(client):
    begin(client)
    born = localdate()
    sentence = (
        f"The date of birth, {said(born)}, is after the date of death, {said(YESTERDAY)}. "
        "Correct whichever of the two is wrong."
    )

    typed = CHILD | boxes("date_of_birth", born)
    on_birth = fill(client, "child", typed, follow=True)
    on_death = client.get(address("when"))

    assert f"There is a problem {sentence} About the child" in text_of(on_birth)
    assert f"There is a problem {sentence} Date of death" in text_of(on_death)
    assert 'value="Invented-Child"' in typed_on(on_birth)


def test_a_death_before_birth_is_put_right_by_correcting_either_date(client):
    fill_all(client, child=CHILD | boxes("date_of_birth", localdate()))
    assert client.get(CHECK).status_code == 302

    begin(client, localdate())

    assert press_send(client).url == reverse("report:sent")


@pytest.mark.parametrize(
    ("page", "typed", "died_on", "field", "sentence"),
    [
        pytest.param(
            "child",
            boxes("date_of_birth", date(2008, 1, 10)),
            date(2026, 1, 10),
            "Date of birth 10 January 2008",
            f"The panel reviews deaths up to the day before the 18th birthday. {DECIDES}",
            id="apparent 18th birthday",
        ),
        pytest.param(
            "birth",
            {"born_alive": "no"},
            date(2026, 1, 10),
            "Did the baby show signs of life after birth? No",
            "The panel reviews the deaths of children who showed signs of life after birth. It "
            "does not review stillbirths, nor the loss of a pregnancy before 24 weeks without "
            f"signs of life. The hospital has its own review for those families. {DECIDES}",
            id="stillbirth",
        ),
        pytest.param(
            "birth",
            {"gestation_weeks": "19"},
            date(2014, 5, 6),
            "At how many completed weeks of pregnancy was the baby born? 19",
            "The panel does not review the deaths of babies born before 22 completed weeks of "
            f"pregnancy. Thank you for telling us all the same. {DECIDES}",
            id="low gestation then",
        ),
        pytest.param(
            "birth",
            {"gestation_weeks": "19"},
            date(2026, 1, 10),
            "At how many completed weeks of pregnancy was the baby born? 19",
            "The panel reviews the death of every baby who was born alive, however early. Thank "
            f"you for telling us. {DECIDES}",
            id="low gestation now",
        ),
        pytest.param(
            "child",
            {"nhs_number": "999 000 0124"},
            date(2026, 1, 10),
            "NHS number 999\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}0124",
            "The last digit does not fit the others, so at least one digit is mistyped. It is kept "
            "as it was typed. You may send it as it is.",
            id="wrong check digit",
        ),
        pytest.param(
            "child",
            {"postcode": "ec1a1bb"},
            date(2026, 1, 10),
            "Postcode EC1A 1BB",
            "A death is reviewed where the child normally lived, wherever it happened. For a "
            "newborn baby that is where the mother lives. We pass what you told us to the panel "
            f"for that area. {DECIDES}",
            id="postcode outside the four areas",
        ),
    ],
)
def test_what_looks_wrong_is_said_and_sent(client, page, typed, died_on, field, sentence):
    fill_all(client, died_on, **{page: SHORTEST.get(page, {}) | typed})

    assert " ".join(f"{field} {sentence} Change".split()) in text_of(client.get(CHECK))
    assert sentence in text_of(client.get(address(page)))
    press_send(client)
    assert Notification.objects.get().state == "received"


def test_a_name_of_ten_thousand_characters_is_refused_whole_and_kept(client):
    begin(client)
    name = LONG[:10_000]

    page = fill(client, "child", {"family_name": name}, follow=True)

    sentence = "The name must be 200 characters or fewer. You typed 10,000."
    assert f"There is a problem {sentence} About the child" in text_of(page)
    assert f'value="{name}"' in typed_on(page)
    assert f'value="{name}"' in typed_on(client.get(address("child")))


@pytest.mark.parametrize("name", [RIGHT_TO_LEFT, EMOJI, "O’Brien-Núñez", "<b>Aaaa</b> & {{ 1 }}"])
def test_names_of_every_script_arrive_as_they_were_typed(client, name):
    sent = send(client, child={"family_name": name})

    assert sent.answers["family_name"] == name


def test_a_name_is_shown_and_never_run(client):
    fill_all(client, child={"family_name": "<script>alert(1)</script>"})

    page = client.get(CHECK).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"notifier_name": ""}, "Enter your name"),
        ({"notifier_phone": "none"}, "Enter a telephone number in figures, such as 01632 960001"),
        (
            {"notifier_email": "me at work"},
            "Enter an email address in the usual form, such as name@example.org",
        ),
        ({"notifier_role": "wizard"}, "Choose one of the answers on the page"),
    ],
)
def test_what_the_coordinator_cannot_use_is_said_beside_its_box(client, typed, sentence):
    begin(client)

    page = fill(client, "notifier", SHORTEST["notifier"] | typed, follow=True)

    assert f"There is a problem {sentence} About you" in text_of(page)


def test_a_time_of_death_that_has_not_come_is_refused(client):
    begin(client, localdate())

    typed = SHORTEST["death"] | {"time_of_death": "23:59"}
    page = fill(client, "death", typed, follow=True)

    sentence = "This time today has not come yet. Check the time and the date of death."
    assert f"There is a problem {sentence} About the death" in text_of(page)
    assert 'value="23:59"' in typed_on(page)


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 400, "²", "0\x00", "1e9"])
def test_a_strange_version_loses_nothing(client, version):
    begin(client)
    fill(client, "child", CHILD)

    stale = client.post(address("child"), {"family_name": "Typed", "version": version})

    assert stale.status_code == 409
    assert 'value="Typed"' in typed_on(stale)
    assert "What was saved there" in text_of(stale)


NEW = editions.get("cdr-2018")
PAGES = {section.code: section for section in (first_section(NEW), *other_sections(NEW))}
ENDINGS = {
    "date": ("-day", "-month", "-year"),
    "people": ("-0-name", "-0-relationship", "-5-details"),
    "professionals": ("-0-name", "-3-role", "-5-telephone"),
}
BOXES = [
    (code, f"{question.code}{ending}")
    for code, section in PAGES.items()
    for question in section.questions
    for ending in ENDINGS.get(question.kind, ("",))
]
FREE = {"text", "name", "long_text", "phone", "email", "nhs_number", "postcode", "weeks", "time"}


@pytest.fixture(scope="module")
def free_boxes() -> set[str]:
    """The boxes into which anything can be typed, rather than chosen."""
    free = {q.code for s in PAGES.values() for q in s.questions if q.kind in FREE}
    return free | {box for _, box in BOXES if "-" in box}


@examined(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(where=st.sampled_from(BOXES), text=st.text(max_size=300))
def test_no_text_in_any_box_breaks_the_form_or_is_lost(db, free_boxes, where, text):
    """The page answers, and opened again it shows what was typed, but for what nobody can see."""
    code, box = where
    browser = Client()
    begin(browser)

    answer = fill(browser, code, {**SHORTEST.get(code, {}), box: text})
    again = browser.get(address(code))

    assert answer.status_code in (200, 302)
    assert again.status_code == 200
    if box in free_boxes:
        assert visible(text) in visible(typed_on(again))


FIGURES = st.integers(0, 2200).map(str) | st.sampled_from(["", "feb", "31", "x", "\u0663"])
TYPED = (
    st.text(max_size=40) | FIGURES | st.sampled_from(["yes", "no", "not_known", "14:30", "home"])
)
DATES = st.dates(date(1890, 1, 1), date(2110, 1, 1))


@examined(max_examples=100, deadline=None)
@given(
    died_on=DATES,
    born_on=DATES | st.none(),
    more=st.dictionaries(st.sampled_from(BOXES), TYPED, max_size=12),
)
def test_whatever_is_typed_either_says_what_is_wrong_or_can_be_triaged(died_on, born_on, more):
    """Without a browser: many boxes at once, all the way to the facts of a case."""
    pages = {"when": boxes("date_of_death", died_on)} | {
        code: dict(typed) for code, typed in SHORTEST.items()
    }
    if born_on:
        pages["child"] |= boxes("date_of_birth", born_on)
    for (code, box), text in more.items():
        pages.setdefault(code, {})[box] = text
    typed = {code: {box: [text] for box, text in page.items()} for code, page in pages.items()}

    report = Report(typed, timezone.now())

    if report.missing:
        assert all(page.form.errors for page in report.missing)
        return
    times = rules.times_of(report.answers)
    rules.why_out_of_scope(report.answers, report.edition)
    assert facts.from_answers(report.answers, report.edition, times.died_on)["age_band"]
    assert facts.times(*times, notified_at=report.now)["hours_to_notification"] >= 0


def visible(text: str) -> str:
    """The characters that can be seen, in their composed form, without any space."""
    return "".join(char for char in text if category(char)[0] not in "CZ" and char != "\ufffd")
