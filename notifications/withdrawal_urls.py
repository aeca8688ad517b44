"""Addresses of withdrawing a case, below those of the case."""

from django.urls import path

from notifications import withdrawal_views as views

app_name = "withdrawal"
urlpatterns = [
    path("<reference:reference>/withdraw/", views.withdraw, name="withdraw"),
    path("<reference:reference>/take-up/", views.take_up, name="take_up"),
]
