"""Addresses on which a notification is keyed in, and of the files that came with any."""

from django.urls import path

from notifications import keyed_views as views

urlpatterns = [
    path("key-in/", views.start, name="keyed_start"),
    path("key-in/<uuid:draft>/", views.tasks, name="keyed_tasks"),
    path("key-in/<uuid:draft>/arrival/", views.arrival, name="keyed_arrival"),
    path("key-in/<uuid:draft>/questions/<name:code>/", views.questions, name="keyed_page"),
    path("key-in/<uuid:draft>/files/", views.files, name="keyed_files"),
    path("key-in/<uuid:draft>/files/<uuid:file>/", views.draft_file, name="keyed_file"),
    path("key-in/<uuid:draft>/files/<uuid:file>/remove/", views.remove, name="keyed_remove"),
    path("key-in/<uuid:draft>/check/", views.check, name="keyed_check"),
    path("key-in/<uuid:draft>/kept/", views.kept, name="keyed_kept"),
    path("key-in/<uuid:draft>/another/", views.another, name="keyed_another"),
    path("key-in/<uuid:draft>/delete/", views.discard, name="keyed_discard"),
    path("<reference:reference>/files/<uuid:document>/", views.sent_file, name="file"),
]
