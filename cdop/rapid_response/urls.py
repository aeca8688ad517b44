"""Addresses of the checklist, below those of its case."""

from django.urls import path

from cdop.rapid_response import views

app_name = "rapid_response"
urlpatterns = [
    path("<str:reference>/checklist/", views.checklist, name="checklist"),
    path("<str:reference>/checklist/<str:task>/", views.settle, name="settle"),
    path("<str:reference>/checklist/<str:task>/open/", views.open_again, name="open_again"),
    path("<str:reference>/clocks/", views.clocks, name="clocks"),
]
