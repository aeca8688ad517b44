"""Addresses of the first weeks, below those of their case."""

from django.urls import path

from cdop.rapid_response import (
    care_views,
    compliance_views,
    discussion_views,
    letter_views,
    response_views,
    views,
    visit_views,
)

app_name = "rapid_response"
TASK = "<reference:reference>/checklist/<name:task>"
MEETING = "<reference:reference>/meetings/<number:number>"
ACTION = f"{MEETING}/action/<number:action>"
urlpatterns = [
    path("checklists/due-before/", views.passed, name="passed"),
    path("checklists/first-weeks/", compliance_views.first_weeks, name="first_weeks"),
    path(
        "checklists/first-weeks/file/", compliance_views.first_weeks_file, name="first_weeks_file"
    ),
    path("checklists/letters/", letter_views.letter_list, name="letters"),
    path("checklists/letters/write/", letter_views.write_letter, name="write_letter"),
    path("checklists/letters/<reference:letter>/", letter_views.letter, name="letter"),
    path(
        "checklists/letters/<reference:letter>/pdf/", letter_views.letter_file, name="letter_file"
    ),
    path("checklists/mine/", views.mine, name="mine"),
    path("<reference:reference>/checklist/", views.checklist, name="checklist"),
    path(
        "<reference:reference>/checklist/due-before/", views.settle_several, name="settle_several"
    ),
    path("<reference:reference>/checklist/<name:task>/", views.settle, name="settle"),
    path("<reference:reference>/checklist/<name:task>/open/", views.open_again, name="open_again"),
    path(f"{TASK}/files/", views.attach, name="attach"),
    path(f"{TASK}/files/<uuid:document>/", views.file, name="file"),
    path("<reference:reference>/response/", response_views.response, name="response"),
    path("<reference:reference>/first-hours/", care_views.care, name="care"),
    path("<reference:reference>/visit/", visit_views.visit, name="visit"),
    path("<reference:reference>/meetings/", discussion_views.meetings, name="meetings"),
    path("<reference:reference>/meetings/add/", discussion_views.add_meeting, name="add_meeting"),
    path(f"{MEETING}/", discussion_views.meeting, name="meeting"),
    path(f"{MEETING}/change/", discussion_views.change_meeting, name="change_meeting"),
    path(f"{MEETING}/minutes/", discussion_views.minutes, name="minutes"),
    path(f"{MEETING}/minutes/file/", discussion_views.minutes_file, name="minutes_file"),
    path(f"{MEETING}/coroner/", discussion_views.coroner, name="coroner"),
    path(f"{MEETING}/action/", discussion_views.add_action, name="add_action"),
    path(
        f"{MEETING}/action/<number:action>/", discussion_views.settle_action, name="settle_action"
    ),
    path(
        f"{MEETING}/action/<number:action>/open/", discussion_views.open_action, name="open_action"
    ),
    path("<reference:reference>/clocks/", views.clocks, name="clocks"),
]
