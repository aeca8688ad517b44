"""The checklist of both editions: every task, for whom, and by when."""

import pytest

from cdop import editions
from tests.cdop.editions.both import BOTH, codes

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


def tasks_for(code, **facts):
    """The tasks on the checklist of a case with these facts."""
    tasks = editions.get(code).checklist
    return {task.code: task for task in tasks if task.when is None or task.when.holds(facts)}


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
