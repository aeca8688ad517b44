"""What the two editions say: complete, consistent, and in force when they should be."""

import subprocess
import sys
from datetime import date, timedelta

import pytest

from cdop import editions
from cdop.editions import BadEdition
from cdop.editions.schema import KINDS_WITH_VOCABULARY, UNSOURCED, WORDS, Item
from tests.cdop.editions.small import write

BOTH = pytest.mark.parametrize("code", ["lscb-2015", "cdr-2018"])

TASKS = [
    "confirm_death",
    "preserve_scene",
    "tell_paediatrician",
    "tell_police",
    "tell_coroner",
    "decide_response",
    "strategy_discussion",
    "check_other_children",
    "care_for_family",
    "take_history",
    "examine_child",
    "take_samples",
    "skeletal_survey",
    "skeletal_survey_older",
    "notify_coordinator",
    "name_health_lead",
    "decide_visit",
    "joint_visit",
    "record_visit",
    "first_meeting",
    "inform_services",
    "report_to_coroner",
    "post_mortem",
    "request_reports",
    "request_supplements",
    "explain_first_result",
    "case_discussion",
    "consider_safeguarding_review",
    "open_health_reviews",
    "reports_returned",
    "chase_reports",
    "full_post_mortem",
    "final_meeting",
    "minutes_to_coroner",
    "family_feedback",
    "send_pack",
    "panel_review",
    "finalise",
    "follow_actions",
    "after_inquest",
]

FORM_A = [
    "notifier_name",
    "notifier_phone",
    "notifier_email",
    "notifier_role",
    "notifier_organisation",
    "given_names",
    "family_name",
    "other_names",
    "date_of_birth",
    "sex",
    "nhs_number",
    "address",
    "postcode",
    "ethnic_group",
    "date_of_death",
    "time_of_death",
    "time_death_confirmed",
    "place_of_death",
    "place_of_death_name",
    "expectedness",
    "place_of_event",
    "circumstances",
    "born_alive",
    "gestation_weeks",
    "termination",
    "mother_name",
    "carers",
    "siblings",
    "agencies_known",
    "known_professionals",
    "other_reviews",
]


def everything(thing):
    """Every item of an edition, however deep."""
    if isinstance(thing, Item):
        yield thing
        thing = vars(thing)
    if hasattr(thing, "values"):
        thing = tuple(thing.values())
    if isinstance(thing, tuple):
        for part in thing:
            yield from everything(part)


def codes(items):
    return [item.code for item in items]


def tasks_for(code, **facts):
    """The tasks on the checklist of a case with these facts."""
    tasks = editions.get(code).checklist
    return {task.code: task for task in tasks if task.when is None or task.when.holds(facts)}


# In force


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (date(2007, 1, 1), "lscb-2015"),
        (date(2008, 4, 1), "lscb-2015"),
        (date(2019, 3, 31), "lscb-2015"),
        (date(2019, 4, 1), "cdr-2018"),
        (date(2100, 1, 1), "cdr-2018"),
    ],
)
def test_the_edition_changes_on_1_april_2019(on, code):
    assert editions.in_force(on).code == code


def test_editions_are_listed_oldest_first_and_follow_without_a_gap():
    first, second = (editions.get(code) for code in editions.codes())

    assert (first.code, second.code) == ("lscb-2015", "cdr-2018")
    assert first.to_date == second.from_date - timedelta(days=1)
    assert second.to_date is None


def test_an_edition_is_read_once():
    assert editions.get("cdr-2018") is editions.get("cdr-2018")


@pytest.mark.parametrize("code", ["", "lscb-2013", "../editions/lscb-2015"])
def test_an_edition_that_does_not_exist_is_not_found(code):
    with pytest.raises(KeyError):
        editions.get(code)


def test_a_new_folder_is_a_new_edition(tmp_path):
    write(tmp_path / "small-2030")
    write(tmp_path / "small-2020", edition=("2030-04-01", "2020-04-01"))

    assert list(editions.first_days(tmp_path).items()) == [
        ("small-2020", date(2020, 4, 1)),
        ("small-2030", date(2030, 4, 1)),
    ]


def test_two_editions_cannot_begin_on_one_day(tmp_path):
    write(tmp_path / "one")
    write(tmp_path / "two")

    with pytest.raises(BadEdition) as refused:
        editions.first_days(tmp_path)

    assert str(refused.value) == (
        'cdop/editions/two/edition.yaml, line 3: another edition is also in force from "2030-04-01"'
    )


def test_reading_the_guidance_needs_no_django():
    program = (
        "import sys; from cdop import editions; [editions.get(c) for c in editions.codes()]; "
        "sys.exit('django' in sys.modules)"
    )

    project = editions.ROOT.parent.parent
    assert subprocess.run([sys.executable, "-c", program], cwd=project).returncode == 0


# Where it comes from


@BOTH
def test_every_item_names_its_source_and_how_certain_it_is(code):
    edition = editions.get(code)

    unfounded = [
        item
        for item in everything(edition)
        if item.certainty == "sourced" and not set(item.source.split(", ")).isdisjoint(UNSOURCED)
    ]
    cited = {part for item in everything(edition) for part in item.source.split(", ")}
    assert unfounded == []
    assert cited == set(edition.sources)


@BOTH
def test_every_word_of_the_screen_is_there(code):
    assert tuple(editions.get(code).words) == WORDS


def test_the_words_of_the_screen_follow_the_edition():
    old, new = (editions.get(code).words for code in editions.codes())

    assert (old["unexpected_response"], new["unexpected_response"]) == (
        "rapid response",
        "Joint Agency Response",
    )
    assert (old["final_meeting_short"], new["final_meeting_short"]) == (
        "final case discussion",
        "CDRM",
    )
    assert (old["safeguarding_body_short"], new["safeguarding_body_short"]) == (
        "LSCB",
        "CDR partners",
    )


# The analysis


@BOTH
def test_the_ten_categories_stand_in_their_order(code):
    edition = editions.get(code)

    assert [(category.rank, category.code) for category in edition.categories] == [
        (1, "inflicted"),
        (2, "self_harm"),
        (3, "trauma"),
        (4, "malignancy"),
        (5, "acute"),
        (6, "chronic"),
        (7, "congenital"),
        (8, "perinatal"),
        (9, "infection"),
        (10, "unexplained"),
    ]


@BOTH
@pytest.mark.parametrize(
    ("category", "says"),
    [("acute", "SUDEP"), ("perinatal", "whatever the age at death"), ("unexplained", "any age")],
)
def test_the_hints_settle_what_is_often_asked(code, category, says):
    assert says in " ".join(editions.one(editions.get(code).categories, category).hints)


def test_grades_are_text_and_belong_to_their_edition():
    assert codes(editions.get("lscb-2015").grades) == ["0", "1", "1*", "2", "3"]
    assert codes(editions.get("cdr-2018").grades) == ["0", "1", "2"]


def test_each_edition_says_which_of_its_grades_lack_information_and_which_contributed():
    said = {
        edition: {grade.code: grade.says for grade in editions.get(edition).grades}
        for edition in ("lscb-2015", "cdr-2018")
    }

    assert said == {
        "lscb-2015": {
            "0": "no_information",
            "1": "no_contribution",
            "1*": "no_contribution",
            "2": "contribution",
            "3": "contribution",
        },
        "cdr-2018": {"0": "no_information", "1": "no_contribution", "2": "contribution"},
    }


@BOTH
def test_three_answers_on_modifiability_of_which_two_count_for_percentages(code):
    answers = [
        (answer.code, answer.enough_information, answer.modifiable)
        for answer in editions.get(code).answers
    ]

    assert answers == [
        ("modifiable", True, True),
        ("not_modifiable", True, False),
        ("inadequate", False, False),
    ]


@pytest.mark.parametrize(
    ("code", "domains"),
    [
        ("lscb-2015", ["child", "family_environment", "parenting", "service"]),
        ("cdr-2018", ["intrinsic", "social", "physical", "service"]),
    ],
)
def test_each_edition_has_its_four_domains_each_with_factors(code, domains):
    edition = editions.get(code)

    assert codes(edition.domains) == domains
    assert all(len(domain.factors) > 5 for domain in edition.domains)


# Ages


@BOTH
@pytest.mark.parametrize("born_on", [date(2000, 2, 29), date(2001, 3, 1), date(2003, 12, 31)])
def test_the_bands_cover_every_day_of_a_childhood_exactly_once(code, born_on):
    def reached(days, years):
        if days is not None:
            return born_on + timedelta(days=days)
        leap_day_in_a_common_year = (born_on.month, born_on.day) == (2, 29) and years % 4
        if leap_day_in_a_common_year:
            return date(born_on.year + years, 3, 1)
        return born_on.replace(year=born_on.year + years)

    childhood = (reached(None, 18) - born_on).days
    found = [
        [
            band.code
            for band in editions.get(code).age_bands
            if reached(band.from_days, band.from_years)
            <= born_on + timedelta(days=day)
            < reached(band.until_days, band.until_years)
        ]
        for day in range(-1, childhood + 1)
    ]

    assert found[0] == found[-1] == []
    assert {len(bands) for bands in found[1:-1]} == {1}
    assert (found[28], found[29]) == (["0-27d"], ["28-364d"])


@BOTH
def test_the_bands_have_the_codes_of_the_published_tables(code):
    bands = [(band.code, band.parent) for band in editions.get(code).age_bands]

    assert bands == [
        ("0-27d", "under-1"),
        ("28-364d", "under-1"),
        ("1-4", None),
        ("5-9", None),
        ("10-14", None),
        ("15-17", None),
    ]


# The checklist


def test_both_editions_hold_every_task_and_only_today_names_a_key_worker():
    old, new = (codes(editions.get(code).checklist) for code in editions.codes())

    assert old == TASKS
    assert [task for task in new if task != "name_key_worker"] == TASKS
    assert "name_key_worker" in new


@BOTH
def test_tasks_stand_in_the_order_of_the_phases(code):
    edition = editions.get(code)
    phases = codes(edition.phases)

    order = [phases.index(task.phase) for task in edition.checklist]

    assert order == sorted(order)
    assert set(order) == set(range(len(phases)))


@BOTH
@pytest.mark.parametrize("facts", [{}, {"expectedness": "not_known"}, {"expectedness": ""}])
def test_when_nobody_is_sure_a_death_has_the_checklist_of_an_unexpected_one(code, facts):
    unexpected = tasks_for(code, expectedness="unexpected")

    assert list(tasks_for(code, **facts)) == list(unexpected)
    assert {"tell_coroner", "decide_visit", "joint_visit", "record_visit"} <= set(unexpected)


def test_after_an_expected_death_only_what_serves_the_family_and_the_review_is_left():
    always = [
        "decide_response",
        "notify_coordinator",
        "name_health_lead",
        "inform_services",
        "request_reports",
        "request_supplements",
        "consider_safeguarding_review",
        "open_health_reviews",
        "reports_returned",
        "chase_reports",
        "family_feedback",
        "send_pack",
        "panel_review",
        "finalise",
        "follow_actions",
        "after_inquest",
    ]

    assert list(tasks_for("lscb-2015", expectedness="expected")) == always
    assert set(tasks_for("cdr-2018", expectedness="expected")) == {
        *always,
        "name_key_worker",
        "final_meeting",
    }


@BOTH
@pytest.mark.parametrize(
    ("years", "tasks"),
    [
        ("", {"take_samples", "skeletal_survey"}),
        ("0", {"take_samples", "skeletal_survey"}),
        ("1", {"take_samples", "skeletal_survey"}),
        ("2", {"skeletal_survey_older"}),
        ("17", {"skeletal_survey_older"}),
    ],
)
def test_samples_and_survey_are_for_children_under_two_or_of_unknown_age(code, years, tasks):
    by_age = {"take_samples", "skeletal_survey", "skeletal_survey_older"}

    listed = tasks_for(code, expectedness="unexpected", completed_years=years)

    assert by_age & set(listed) == tasks


@pytest.mark.parametrize(
    ("code", "task", "due"),
    [
        ("lscb-2015", "tell_police", ("death", 1, "hours")),
        ("lscb-2015", "joint_visit", ("death", 24, "hours")),
        ("lscb-2015", "reports_returned", ("notification", 15, "working_days")),
        ("lscb-2015", "final_meeting", ("death", 84, "days")),
        ("cdr-2018", "final_meeting", ("death", 90, "days")),
        ("cdr-2018", "name_key_worker", ("death", 24, "hours")),
        ("cdr-2018", "send_pack", ("panel", -10, "working_days")),
    ],
)
def test_tasks_fall_due_by_their_clock(code, task, due):
    found = editions.one(editions.get(code).checklist, task).due

    assert (found.clock, found.offset, found.unit) == due


# Lists to choose from


@BOTH
def test_places_lie_within_the_hospital_or_outside_it(code):
    places = editions.get(code).vocabularies["places"]

    inside = [term.code for term in places.choices if term.parent == "acute_hospital"]

    assert inside == [
        "emergency_department",
        "paediatric_ward",
        "neonatal_unit",
        "intensive_care",
        "hospital_other",
    ]
    assert "acute_hospital" not in codes(places.choices)
    assert places.label("hospice") == "Hospice"


@BOTH
def test_ethnic_groups_belong_to_the_five_broad_groups(code):
    groups = editions.get(code).vocabularies["ethnic_group"]

    assert {term.parent for term in groups.choices if term.code != "not_known"} == {
        "white",
        "mixed",
        "asian",
        "black",
        "other",
    }


@BOTH
@pytest.mark.parametrize("name", ["sex", "expectedness", "ethnic_group", "places", "known"])
def test_not_known_can_always_be_chosen(code, name):
    assert "not_known" in codes(editions.get(code).vocabularies[name].choices)


def test_every_supplementary_form_of_the_time_is_opened_by_an_event():
    vocabularies = editions.get("lscb-2015").vocabularies

    opened = [term.opens for term in vocabularies["known_events"].choices if term.opens]

    assert opened == codes(vocabularies["supplementary_forms"].choices)


# The notification


@BOTH
def test_the_notification_asks_what_form_a_asked_section_by_section(code):
    notification = editions.get(code).questionnaires["notification"]
    asked = codes(notification.questions)

    assert codes(notification.sections) == [
        "notifier",
        "child",
        "death",
        "happened",
        "birth",
        "certificate",
        "family",
        "agencies",
        "more",
    ]
    assert [question for question in asked if question in FORM_A] == FORM_A


@BOTH
def test_only_what_triage_cannot_do_without_is_required(code):
    notification = editions.get(code).questionnaires["notification"]

    required = [question.code for question in notification.questions if question.required]
    either = [section.either for section in notification.sections if section.either]

    assert either == [("notifier_phone", "notifier_email")]
    assert required == [
        "notifier_name",
        "family_name",
        "date_of_death",
        "place_of_death",
    ]


@BOTH
def test_a_question_that_may_be_left_out_of_sight_is_never_required(code):
    notification = editions.get(code).questionnaires["notification"]

    assert [
        question for question in notification.questions if question.when and question.required
    ] == []


@BOTH
@pytest.mark.parametrize(
    ("said", "asked"),
    [({}, True), ({"under_one": "not_known"}, True), ({"under_one": "no"}, False)],
)
def test_the_birth_is_asked_about_unless_the_child_was_older(code, said, asked):
    questions = editions.get(code).questionnaires["notification"].questions

    shown = {
        question.code
        for question in questions
        if question.when is None or question.when.holds(said)
    }

    assert ({"born_alive", "gestation_weeks", "termination"} <= shown) is asked


def test_todays_form_adds_its_own_questions():
    old, new = (
        set(codes(editions.get(code).questionnaires["notification"].questions))
        for code in editions.codes()
    )

    assert old - new == set()
    assert new - old == {
        "adult_ward",
        "stillbirth_at_home",
        "response_criteria",
        "joint_response",
        "key_worker",
        "alert_ncmd",
    }


@BOTH
def test_every_choice_of_the_notification_leads_somewhere(code):
    edition = editions.get(code)

    for question in edition.questionnaires["notification"].questions:
        choices = edition.vocabularies[question.vocabulary].choices if question.vocabulary else ()
        assert bool(choices) is (question.kind in KINDS_WITH_VOCABULARY), question.code


# Scope and membership


@pytest.mark.parametrize(("code", "weeks"), [("lscb-2015", 22), ("cdr-2018", 0)])
def test_the_rules_on_which_deaths_are_reviewed(code, weeks):
    rules = [(rule.code, rule.limit) for rule in editions.get(code).scope]

    assert rules == [
        ("live_birth", None),
        ("age", 18),
        ("termination", None),
        ("gestation", weeks),
        ("resident", None),
    ]


@BOTH
def test_the_panel_cannot_decide_without_health_social_care_police_and_public_health(code):
    members = editions.get(code).core_membership

    assert [member.code for member in members if member.quorum] == [
        "chair",
        "public_health",
        "child_health",
        "social_care",
        "police",
    ]
