"""Addresses of the pages of a meeting. A case goes by its panel serial, never its reference."""

from django.urls import path

from cdop.panel import views

app_name = "panel"

urlpatterns = [
    path("", views.meetings, name="meetings"),
    path("plan/", views.plan, name="plan"),
    path("<int:number>/", views.meeting, name="meeting"),
    path("<int:number>/change/", views.change, name="change"),
    path("<int:number>/invite/", views.invite, name="invite"),
    path("<int:number>/agenda/", views.agenda, name="agenda"),
    path("<int:number>/attendance/", views.attendance, name="attendance"),
    path("<int:number>/close/", views.close, name="close"),
    path("<int:number>/<str:serial>/", views.pack, name="pack"),
    path("<int:number>/<str:serial>/summary/", views.summary, name="summary"),
]
