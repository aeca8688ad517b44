"""Addresses of triage."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.notification_list, name="list"),
    path("<str:reference>/", views.notification_page, name="notification"),
    path("<str:reference>/accept/", views.accept, name="accept"),
    path("<str:reference>/attach/", views.attach, name="attach"),
    path("<str:reference>/decline/", views.decline, name="decline"),
    path("<str:reference>/undo/", views.undo, name="undo"),
]
