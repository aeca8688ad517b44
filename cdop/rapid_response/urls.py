"""Addresses of the checklist, below those of its case."""

from django.urls import path

from cdop.rapid_response import views

app_name = "rapid_response"
urlpatterns = [
    path("checklists/due-before/", views.passed, name="passed"),
    path("<reference:reference>/checklist/", views.checklist, name="checklist"),
    path(
        "<reference:reference>/checklist/due-before/", views.settle_several, name="settle_several"
    ),
    path("<reference:reference>/checklist/<name:task>/", views.settle, name="settle"),
    path("<reference:reference>/checklist/<name:task>/open/", views.open_again, name="open_again"),
    path("<reference:reference>/clocks/", views.clocks, name="clocks"),
]
