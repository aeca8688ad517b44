"""Addresses of assurance, within those of triage."""

from django.urls import path

from notifications.assurance import list_views, return_views, views

urlpatterns = [
    path("", views.home, name="assurance"),
    path("promptness/", views.promptness_page, name="promptness"),
    path("promptness/file/", views.promptness_file, name="promptness_file"),
    path("registered/", views.registered_page, name="registered"),
    path("returns/", return_views.monthly_returns, name="monthly_returns"),
    path("returns/add/", return_views.add_organisation, name="add_organisation"),
    path(
        "returns/organisations/<number:organisation>/",
        return_views.change_organisation,
        name="change_organisation",
    ),
    path("returns/<reference:monthly>/", return_views.monthly_return, name="monthly_return"),
    path("returns/<reference:monthly>/key/", return_views.key_return, name="key_return"),
    path("returns/<reference:monthly>/settle/", return_views.settle_return, name="settle_return"),
    path("returns/<reference:monthly>/open/", return_views.open_return, name="open_return"),
    path("returns/<reference:monthly>/ask/", return_views.ask_again, name="ask_again"),
    path("lists/", list_views.death_lists, name="death_lists"),
    path("lists/new/", list_views.new_list, name="new_list"),
    path("lists/preview/", list_views.preview_list, name="preview_list"),
    path("lists/<number:number>/", list_views.death_list, name="death_list"),
    path("lists/<number:number>/confirm/", list_views.confirm_list, name="confirm_list"),
    path(
        "lists/<number:number>/absent/<reference:absent>/",
        list_views.settle_absent,
        name="settle_absent",
    ),
    path("deaths/<number:line>/", list_views.listed_death, name="listed_death"),
    path("deaths/<number:line>/match/", list_views.match_line, name="match_line"),
    path("deaths/<number:line>/explain/", list_views.explain_line, name="explain_line"),
    path("deaths/<number:line>/notify/", list_views.notify_line, name="notify_line"),
    path("deaths/<number:line>/undo/", list_views.undo_line, name="undo_line"),
]
