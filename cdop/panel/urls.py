"""Addresses of the pages of a meeting. A case goes by its panel serial, never its reference."""

from django.urls import path

from cdop.panel import views

app_name = "panel"

urlpatterns = [
    path("", views.meetings, name="meetings"),
    path("plan/", views.plan, name="plan"),
    path("<number:number>/", views.meeting, name="meeting"),
    path("<number:number>/change/", views.change, name="change"),
    path("<number:number>/invite/", views.invite, name="invite"),
    path("<number:number>/agenda/", views.agenda, name="agenda"),
    path("<number:number>/attendance/", views.attendance, name="attendance"),
    path("<number:number>/close/", views.close, name="close"),
    path("<number:number>/<reference:serial>/", views.pack, name="pack"),
    path("<number:number>/<reference:serial>/summary/", views.summary, name="summary"),
]
