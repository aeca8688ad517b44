"""Addresses of triage."""

from django.urls import include, path

from notifications import api_page_urls, keyed_urls, legacy_urls, views

app_name = "notifications"
urlpatterns = [
    *api_page_urls.urlpatterns,
    *legacy_urls.urlpatterns,  # before the references, among which "import" could be
    *keyed_urls.urlpatterns,
    path("", views.notification_list, name="list"),
    path("assurance/", include("notifications.assurance.urls")),
    path("<reference:reference>/", views.notification_page, name="notification"),
    path("<reference:reference>/accept/", views.accept, name="accept"),
    path("<reference:reference>/attach/", views.attach, name="attach"),
    path("<reference:reference>/pass-on/", views.pass_on, name="pass_on"),
    path("<reference:reference>/receipt/", views.receipt, name="receipt"),
    path("<reference:reference>/decline/", views.decline, name="decline"),
    path("<reference:reference>/undo/", views.undo, name="undo"),
]
