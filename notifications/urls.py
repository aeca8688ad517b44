"""Addresses of triage."""

from django.urls import path

from notifications import keyed_views, legacy_urls, views

app_name = "notifications"
urlpatterns = [
    *legacy_urls.urlpatterns,  # before the references, among which "import" could be
    path("", views.notification_list, name="list"),
    path("key-in/", keyed_views.start, name="keyed_start"),
    path("key-in/<uuid:draft>/", keyed_views.tasks, name="keyed_tasks"),
    path("key-in/<uuid:draft>/arrival/", keyed_views.arrival, name="keyed_arrival"),
    path("key-in/<uuid:draft>/questions/<name:code>/", keyed_views.questions, name="keyed_page"),
    path("key-in/<uuid:draft>/files/", keyed_views.files, name="keyed_files"),
    path("key-in/<uuid:draft>/files/<uuid:file>/", keyed_views.draft_file, name="keyed_file"),
    path("key-in/<uuid:draft>/files/<uuid:file>/remove/", keyed_views.remove, name="keyed_remove"),
    path("key-in/<uuid:draft>/check/", keyed_views.check, name="keyed_check"),
    path("key-in/<uuid:draft>/kept/", keyed_views.kept, name="keyed_kept"),
    path("key-in/<uuid:draft>/delete/", keyed_views.discard, name="keyed_discard"),
    path("<reference:reference>/", views.notification_page, name="notification"),
    path("<reference:reference>/files/<uuid:file>/", keyed_views.sent_file, name="file"),
    path("<reference:reference>/accept/", views.accept, name="accept"),
    path("<reference:reference>/attach/", views.attach, name="attach"),
    path("<reference:reference>/decline/", views.decline, name="decline"),
    path("<reference:reference>/undo/", views.undo, name="undo"),
]
