"""Addresses of the public form."""

from django.urls import path

from notifications import public_views as views

app_name = "report"
urlpatterns = [
    path("", views.start, name="start"),
    path("family/", views.family, name="family"),
    path("tasks/", views.tasks, name="tasks"),
    path("questions/<name:code>/", views.questions, name="questions"),
    path("check/", views.check, name="check"),
    path("sent/", views.sent, name="sent"),
    path("discard/", views.discard, name="discard"),
]
