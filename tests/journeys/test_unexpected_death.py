"""The sudden death of an infant in a browser, under each guidance: from the notification through
the first weeks and the reports of the agencies until the panel can review it.

The demonstration sends nothing, so it shows the links and the codes that letters would carry.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from cdop import editions
from cdop.core.identifiers import synthetic_nhs_number
from cdop.editions.schema import Edition
from tests.journeys.conftest import Journey
from tests.journeys.letters import link_in_the_last_letter
from tests.journeys.pages import choose, follow, pick, press, row_of, write, write_date

pytestmark = pytest.mark.pages

POLICE = "Invented Police"
CONTACT, COLLEAGUE = "police-contact@example.org", "police-colleague@example.org"
PLANNING = {"lscb-2015": "First meeting of the agencies", "cdr-2018": "Information-sharing"}
FINAL = {"lscb-2015": "Final case discussion", "cdr-2018": "Child Death Review Meeting"}
CRITERION = {
    "lscb-2015": "Nobody saw the death as a real possibility a day before",
    "cdr-2018": "The death is sudden, with no cause that is clear at once",
}


@dataclass(frozen=True)
class Death:
    """The invented death of one journey."""

    code: str
    died_on: date
    nhs_number: str

    @property
    def edition(self) -> Edition:
        return editions.get(self.code)

    @property
    def response(self) -> str:
        return self.edition.words["unexpected_response"]

    def after(self, days: int) -> date:
        return self.died_on + timedelta(days=days)


def deaths() -> dict[str, Death]:
    """A death of each guidance, long enough ago for a final discussion to have been held."""
    return {
        "lscb-2015": Death("lscb-2015", date(2014, 12, 5), synthetic_nhs_number(5201)),
        "cdr-2018": Death("cdr-2018", localdate() - timedelta(days=30), synthetic_nhs_number(5202)),
    }


@pytest.mark.parametrize("guidance", ["lscb-2015", "cdr-2018"])
def test_an_unexpected_death_from_the_notification_to_the_panel(journey: Journey, guidance: str):
    death = deaths()[guidance]
    notification = when_the_death_is_notified(journey, death)
    coordinator = journey.person("Cora Coordinator")
    case = when_it_becomes_a_case(journey, coordinator, notification)

    when_the_response_is_decided(journey, coordinator, death)
    when_the_first_hours_are_recorded(journey, coordinator)
    when_a_police_officer_gets_access(journey, coordinator, case)
    when_the_officer_does_their_tasks(journey, journey.person("Rob Responder"), case, death)
    when_the_agencies_meet(journey, coordinator, case, death)

    when_the_agencies_are_asked(journey, coordinator, case)
    when_the_contact_gives_it_to_a_colleague(journey)
    when_the_colleague_answers(journey)
    when_the_contact_approves_it(journey)
    then_the_report_is_there(journey, coordinator, case)

    when_the_agencies_meet_for_the_last_time(journey, coordinator, case, death)
    then_it_is_ready_for_the_panel(journey, coordinator, case, death)


def when_the_death_is_notified(journey: Journey, death: Death) -> str:
    """The reference of the notification."""
    page = journey.somebody()
    follow(page, "Tell us that a child has died")
    choose(page, "Are you telling us as a professional?", "Yes, through my work")
    press(page, "Continue")
    write_date(page, "Date of death", death.died_on)
    press(page, "Continue")
    journey.look(page, "list of tasks")
    _tell_what_must_be_told(page, death)
    page.goto(f"{journey.site.address}/report/questions/agencies/")
    services = page.get_by_role("group", name="Which services knew the child or the family?")
    services.get_by_label("Police", exact=True).check()
    journey.look(page, "who knew the child")
    press(page, "Continue")
    page.goto(f"{journey.site.address}/report/check/")
    journey.look(page, "check your answers")
    press(page, "Send")
    return page.get_by_text(re.compile("^N-")).inner_text()


def _tell_what_must_be_told(page: Page, death: Death) -> None:
    follow(page, "About you")
    write(page, "Your name", "Notifier Invented")
    write(page, "Your telephone number", "01632 960001")
    press(page, "Continue")
    write(page, "Given names", "Bbbb")
    write(page, "Family name", f"Invented-{death.code.title()}")
    write_date(page, "Date of birth", death.after(-100))
    choose(page, "Was the child under 1 year old?", "Yes")
    choose(page, "Sex", "Male")
    write(page, "NHS number", death.nhs_number)
    press(page, "Continue")
    write(page, "Time of death", "04:30")
    pick(page, "Where did the child die?", "The child's home")
    choose(page, "Was the death expected?", "Unexpected")
    press(page, "Continue")


def when_it_becomes_a_case(journey: Journey, page: Page, notification: str) -> str:
    """The reference of the case."""
    follow(page, "Notifications")
    follow(page, notification)
    journey.look(page, "the notification")
    press(page, "Accept into a new case")
    choose(page, "Where did the child normally live?", "Warrington")
    choose(page, "Does the panel review this death?", "Yes")
    press(page, "Open the case")
    journey.look(page, "the case")
    return page.get_by_role("heading", level=1).inner_text().split()[-1]


def when_the_response_is_decided(journey: Journey, page: Page, death: Death) -> None:
    follow(page, "Checklist")
    journey.look(page, "checklist")
    follow(page, "Say whether it is started")
    press(page, "Record")
    journey.look(page, "the response with what is missing")
    choose(page, "Which of these apply?", CRITERION[death.code])
    choose(page, "What was decided?", f"A {death.response} was started")
    write(page, "Who decided it?", "Consultant with detective sergeant")
    write_date(page, "On which day?", death.died_on)
    write(page, "At what time?", "06:00")
    journey.look(page, "the response")
    press(page, "Record")
    expect(page.get_by_text("Put the decision right")).to_be_visible()


def when_the_first_hours_are_recorded(journey: Journey, page: Page) -> None:
    follow(page, "What was done in the first hours")
    choose(page, "Did the ambulance service follow its protocol?", "No")
    choose(page, "Was a full history taken from the family?", "Yes")
    choose(page, "Was the child examined fully?", "Yes")
    choose(page, "Were the laboratory samples taken?", "Yes")
    choose(page, "Was a skeletal survey made?", "Not known")
    press(page, "Record")
    expect(page.get_by_role("alert")).to_be_visible()
    journey.look(page, "the first hours with what is missing")
    write(page, "If not, or if it does not apply: why?", "The child was taken to the wrong place")
    press(page, "Record")
    journey.look(page, "checklist after the first hours")


def when_a_police_officer_gets_access(journey: Journey, page: Page, case: str) -> None:
    page.goto(f"{journey.site.address}/cases/{case}/access/")
    pick(page, "Who may see and work on this case?", "Rob Responder")
    choose(page, "Which tasks are theirs?", "Police senior investigating officer")
    write_date(page, "Last day on which they need it", localdate() + timedelta(days=90))
    journey.look(page, "giving access")
    press(page, "Give access")
    expect(page.get_by_role("main").get_by_text("Rob Responder").first).to_be_visible()


def when_the_officer_does_their_tasks(
    journey: Journey, page: Page, case: str, death: Death
) -> None:
    """One task by its own page, the visit as the fact that it is."""
    journey.look(page, "home of the officer")
    follow(page, "My tasks")
    journey.look(page, "tasks of the officer")
    mine = page.get_by_role("listitem").filter(has_text=f"Case {case}")
    mine.get_by_role("link", name="Decide whether to visit the home or the place").click()
    choose(page, "What happened?", "It was done")
    write_date(page, "On which day was it done?", death.died_on)
    write(page, "At what time?", "08:00")
    write(page, "Who was there?", "Detective sergeant")
    journey.look(page, "one task of the officer")
    press(page, "Record")
    page.goto(f"{journey.site.address}/cases/{case}/visit/")
    choose(
        page,
        "Who visited the home, or the place where the child died?",
        "Police and a health professional together",
    )
    write_date(page, "On which day was the visit?", death.died_on)
    write(page, "At what time?", "15:00")
    write(page, "Who was there?", "Detective sergeant, lead health professional")
    journey.look(page, "the visit")
    press(page, "Record")
    expect(page.get_by_text("police and a health professional together").first).to_be_visible()
    follow(page, "My tasks")
    journey.look(page, "tasks of the officer afterwards")


def when_the_agencies_meet(journey: Journey, page: Page, case: str, death: Death) -> None:
    page.goto(f"{journey.site.address}/cases/{case}/meetings/")
    journey.look(page, "no meeting yet")
    _record_a_meeting(journey, page, PLANNING[death.code], death.after(1))
    follow(page, "Add an action")
    write(page, "What is to be done?", "Ask the general practice for its records")
    pick(page, "Which agency does it?", "Police")
    write_date(page, "By which day?", death.after(8))
    journey.look(page, "an action")
    press(page, "Record")
    expect(page.get_by_text("Ask the general practice for its records").first).to_be_visible()
    journey.look(page, "a meeting with its action")


def _record_a_meeting(journey: Journey, page: Page, kind: str, day: date) -> None:
    follow(page, "Plan a meeting, or record one that was held")
    page.get_by_role("group", name="What kind of meeting?").get_by_label(kind).check()
    write_date(page, "On which day?", day)
    write(page, "At what time?", "10:00")
    choose(page, "Where does it stand?", "It was held")
    write(page, "Who led it?", "Designated doctor")
    choose(page, "Which agencies were there?", "Police", "Children's social care")
    write(page, "Who was there, by role?", "Detective sergeant, social worker")
    write(page, "What was decided?", "The family has a key worker.")
    journey.look(page, "recording a meeting")
    press(page, "Record")


def when_the_agencies_are_asked(journey: Journey, page: Page, case: str) -> None:
    page.goto(f"{journey.site.address}/agency-reports/case/{case}/")
    journey.look(page, "agencies still to be asked")
    press(page, "Ask these agencies")
    pick(page, "Organisation", POLICE)
    write(page, "Name or team of its single point of contact", "Contact Invented")
    write(page, "Their email address", CONTACT)
    page.get_by_label("The contact reads the report before it is returned").check()
    journey.look(page, "whom to ask")
    press(page, "Ask these agencies")
    expect(page.get_by_text("1 agency is asked")).to_be_visible()
    journey.look(page, "asked")


def when_the_contact_gives_it_to_a_colleague(journey: Journey) -> None:
    page = _opened_by_link_and_code(journey, CONTACT)
    follow(page, "Give it to a colleague")
    write(page, "Name of your colleague", "Colleague Invented")
    write(page, "Their work email address", COLLEAGUE)
    journey.look(page, "giving it to a colleague")
    press(page, "Give it to them")
    journey.look(page, "given to a colleague")


def _opened_by_link_and_code(journey: Journey, address: str) -> Page:
    page = journey.somebody()
    page.goto(link_in_the_last_letter(journey.site, address))
    press(page, "Send me the code")
    shown = re.search(r"the code stands here: (\d{6})", page.inner_text("main"))
    assert shown
    write(page, "Your code", shown[1])
    press(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your agency's report")
    journey.look(page, f"report opened by {address.split('@')[0]}")
    return page


def when_the_colleague_answers(journey: Journey) -> None:
    """Every page of every form that the death calls for, the rest of each with "not known"."""
    page = _opened_by_link_and_code(journey, COLLEAGUE)
    page.locator(".nhsuk-task-list__link").first.click()
    while page.get_by_role("button", name="Answer the rest of this page").count():
        journey.look(page, page.get_by_role("heading", level=1).inner_text().split("\n")[-1])
        press(page, "Answer the rest of this page with “Not known”")
    journey.look(page, "all answers of the colleague")
    press(page, "Send")
    journey.look(page, "sent to the contact")


def when_the_contact_approves_it(journey: Journey) -> None:
    page = _opened_by_link_and_code(journey, CONTACT)
    press(page, "Read it")
    journey.look(page, "the contact reads it")
    press(page, "Return the report")
    expect(page.get_by_role("heading", level=1)).to_contain_text("the report has reached us")
    journey.look(page, "returned")


def then_the_report_is_there(journey: Journey, page: Page, case: str) -> None:
    page.goto(f"{journey.site.address}/agency-reports/case/{case}/")
    expect(row_of(page, POLICE)).to_contain_text("Returned")
    journey.look(page, "returned by the police")
    follow(page, "What the agencies say, question by question")
    journey.look(page, "side by side")


def when_the_agencies_meet_for_the_last_time(
    journey: Journey, page: Page, case: str, death: Death
) -> None:
    page.goto(f"{journey.site.address}/cases/{case}/meetings/")
    _record_a_meeting(journey, page, FINAL[death.code], death.after(20))
    follow(page, "Say when they were sent")
    write_date(page, "On which day were the minutes sent to the coroner?", death.after(22))
    journey.look(page, "minutes to the coroner")
    press(page, "Record")
    journey.look(page, "the final discussion")


def then_it_is_ready_for_the_panel(journey: Journey, page: Page, case: str, death: Death) -> None:
    page.goto(f"{journey.site.address}/cases/{case}/")
    journey.look(page, "the case before the panel")
    press(page, "Ready for panel")
    expect(page.get_by_text("This case is ready for panel.")).to_be_visible()
    journey.look(page, "ready for panel")
    for name in ("checklist", "timeline"):
        page.goto(f"{journey.site.address}/cases/{case}/{name}/")
        journey.look(page, f"{name} in the end")
