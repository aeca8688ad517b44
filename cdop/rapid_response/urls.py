"""Addresses of the first weeks, below those of their case."""

from django.urls import path

from cdop.rapid_response import compliance_views, response_views, views, visit_views

app_name = "rapid_response"
urlpatterns = [
    path("checklists/due-before/", views.passed, name="passed"),
    path("checklists/first-weeks/", compliance_views.first_weeks, name="first_weeks"),
    path(
        "checklists/first-weeks/file/", compliance_views.first_weeks_file, name="first_weeks_file"
    ),
    path("<reference:reference>/checklist/", views.checklist, name="checklist"),
    path(
        "<reference:reference>/checklist/due-before/", views.settle_several, name="settle_several"
    ),
    path("<reference:reference>/checklist/<name:task>/", views.settle, name="settle"),
    path("<reference:reference>/checklist/<name:task>/open/", views.open_again, name="open_again"),
    path("<reference:reference>/response/", response_views.response, name="response"),
    path("<reference:reference>/visit/", visit_views.visit, name="visit"),
    path("<reference:reference>/clocks/", views.clocks, name="clocks"),
]
