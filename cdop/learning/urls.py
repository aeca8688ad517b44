"""Addresses of the pages of recommendations, their actions and their letters."""

from django.urls import path

from cdop.learning import (
    action_views,
    after_meeting_views,
    letter_views,
    views,
    year_views,
)

app_name = "learning"

ONE = "<reference:recommendation>/"
POINT = f"{ONE}actions/<number:point>/"
LETTER = f"{ONE}letters/<reference:letter>/"

urlpatterns = [
    path("", views.recommendation_list, name="list"),
    path("new/", views.new_recommendation, name="new"),
    path("year/", year_views.year_page, name="year"),
    path("year/file/", year_views.year_file, name="year_file"),
    path("year/list/", year_views.year_list, name="year_list"),
    path("after/<number:meeting>/", after_meeting_views.after, name="after_meeting"),
    path("after/<number:meeting>/<number:line>/", after_meeting_views.take_up, name="take_up"),
    path(ONE, views.recommendation_page, name="recommendation"),
    path(f"{ONE}change/", views.change_recommendation, name="change"),
    path(f"{ONE}accepted/", views.accept, name="accept"),
    path(f"{ONE}declined/", views.decline, name="decline"),
    path(f"{ONE}done/", views.done, name="done"),
    path(f"{ONE}superseded/", views.supersede, name="supersede"),
    path(f"{ONE}take-back/", views.take_back, name="take_back"),
    path(f"{ONE}note/", views.note, name="note"),
    path(f"{ONE}later/", views.later_history, name="later"),
    path(f"{ONE}files/<uuid:document>/", views.file, name="file"),
    path(f"{ONE}actions/new/", action_views.new_action, name="new_action"),
    path(POINT, action_views.change_action, name="action"),
    path(f"{POINT}done/", action_views.action_done, name="action_done"),
    path(f"{POINT}drop/", action_views.drop_action, name="drop_action"),
    path(f"{POINT}open/", action_views.open_action, name="open_action"),
    path(f"{POINT}evidence/", action_views.attach, name="attach"),
    path(f"{ONE}letters/new/", letter_views.new_letter, name="new_letter"),
    path(LETTER, letter_views.letter_page, name="letter"),
    path(f"{LETTER}change/", letter_views.change_letter, name="change_letter"),
    path(f"{LETTER}approve/", letter_views.approve_letter, name="approve_letter"),
    path(f"{LETTER}posted/", letter_views.posted_letter, name="posted_letter"),
    path(f"{LETTER}discard/", letter_views.discard_letter, name="discard_letter"),
    path(f"{LETTER}file/", letter_views.letter_file, name="letter_file"),
    path(f"{ONE}answers/new/", letter_views.new_response, name="new_response"),
]
