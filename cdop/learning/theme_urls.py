"""Addresses of themes, thematic reviews, briefings, training and exchange."""

from django.urls import path

from cdop.learning import (
    briefing_views,
    exchange_views,
    theme_review_views,
    theme_views,
    training_views,
)

app_name = "themes"

urlpatterns = [
    path("", theme_views.theme_list, name="list"),
    path("new/", theme_views.new_theme, name="new"),
    path("training/", training_views.year, name="training"),
    path("training/file/", training_views.file, name="training_file"),
    path("training/new/", training_views.new_training, name="new_training"),
    path("training/<number:held>/", training_views.edit_training, name="edit_training"),
    path("training/<number:held>/strike-out/", training_views.strike_out, name="strike_out"),
    path("exchange/", exchange_views.exchange_list, name="exchange"),
    path("exchange/file/", exchange_views.file, name="exchange_file"),
    path("exchange/new/", exchange_views.new_exchange, name="new_exchange"),
    path("exchange/<number:exchange>/", exchange_views.edit_exchange, name="edit_exchange"),
    path("briefings/<number:briefing>/", briefing_views.workspace, name="briefing"),
    path("briefings/<number:briefing>/edit/", briefing_views.edit_briefing, name="edit_briefing"),
    path("briefings/<number:briefing>/pdf/", briefing_views.draft_file, name="draft_file"),
    path("briefings/<number:briefing>/check/", briefing_views.check, name="check_briefing"),
    path("briefings/<number:briefing>/publish/", briefing_views.publish, name="publish_briefing"),
    path("briefings/<number:briefing>/change/", briefing_views.begin_change, name="renew_briefing"),
    path(
        "briefings/<number:briefing>/withdraw/", briefing_views.withdraw, name="withdraw_briefing"
    ),
    path(
        "briefings/<number:briefing>/places/<name:mark>/",
        briefing_views.keep_place,
        name="keep_place",
    ),
    path("<number:theme>/", theme_views.theme, name="theme"),
    path("<number:theme>/edit/", theme_views.edit_theme, name="edit"),
    path("<number:theme>/end/", theme_views.end_theme, name="end"),
    path("<number:theme>/take-up/", theme_views.take_up_theme, name="take_up"),
    path("<number:theme>/cases/", theme_views.cases, name="cases"),
    path("<number:theme>/cases/add/", theme_views.add_case, name="add_case"),
    path(
        "<number:theme>/cases/<reference:reference>/", theme_views.settle_case, name="settle_case"
    ),
    path("<number:theme>/briefings/new/", briefing_views.new_briefing, name="new_briefing"),
    path("<number:theme>/reviews/new/", theme_review_views.begin, name="new_review"),
    path("<number:theme>/reviews/<number:number>/", theme_review_views.read, name="review"),
    path(
        "<number:theme>/reviews/<number:number>/edit/", theme_review_views.edit, name="edit_review"
    ),
    path(
        "<number:theme>/reviews/<number:number>/put/",
        theme_review_views.put_to_chair,
        name="put_review",
    ),
    path(
        "<number:theme>/reviews/<number:number>/give-back/",
        theme_review_views.give_back,
        name="give_back_review",
    ),
    path(
        "<number:theme>/reviews/<number:number>/approve/",
        theme_review_views.approve,
        name="approve_review",
    ),
]
