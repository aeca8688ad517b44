"""Addresses of the pages of a meeting. A case goes by its panel serial, never its reference."""

from django.urls import path

from cdop.panel import paper_views, views

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
    path("<number:number>/<reference:serial>/", paper_views.pack, name="pack"),
    path("<number:number>/<reference:serial>/papers.pdf", paper_views.pack_pdf, name="pack_pdf"),
    path("<number:number>/<reference:serial>/prepare/", paper_views.prepare, name="prepare"),
    path(
        "<number:number>/<reference:serial>/prepare/release/", paper_views.release, name="release"
    ),
    path("<number:number>/<reference:serial>/prepare/drop/", paper_views.drop, name="drop"),
    path(
        "<number:number>/<reference:serial>/prepare/place/<name:mark>/",
        paper_views.settle_place,
        name="settle_place",
    ),
    path(
        "<number:number>/<reference:serial>/prepare/<name:code>/",
        paper_views.prepare_part,
        name="prepare_part",
    ),
    path("<number:number>/<reference:serial>/summary/", views.summary, name="summary"),
]
