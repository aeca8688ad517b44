"""Addresses that a link opens for somebody at an agency."""

from django.urls import path

from cdop.agency_reports import public_views as views

app_name = "agency"
urlpatterns = [
    path("", views.without_link, name="without_link"),
    path("link/<key:token>/", views.link, name="link"),
    path("<reference:reference>/code/", views.code, name="code"),
    path("<reference:reference>/", views.tasks, name="tasks"),
    path("<reference:reference>/questions/<name:code>/", views.page, name="page"),
    path("<reference:reference>/files/", views.files, name="files"),
    path("<reference:reference>/files/<uuid:file>/remove/", views.remove, name="remove"),
    path("<reference:reference>/hand-over/", views.hand_over, name="hand_over"),
    path("<reference:reference>/take-back/", views.take_back, name="take_back"),
    path("<reference:reference>/nothing/", views.nothing, name="nothing"),
    path("<reference:reference>/check/", views.check, name="check"),
    path("<reference:reference>/approve/", views.approve, name="approve"),
    path("<reference:reference>/sent/", views.sent, name="sent"),
]
