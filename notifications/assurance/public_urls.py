"""Addresses that the link of a monthly return opens, within those of the public form."""

from django.urls import path

from notifications.assurance import public_views as views

urlpatterns = [
    path("", views.without_link, name="without_link"),
    path("answer/", views.return_answer, name="return_answer"),
    path("sent/", views.return_sent, name="return_sent"),
    path("<key:token>/", views.return_link, name="return_link"),
]
