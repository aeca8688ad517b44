"""Addresses of the case record."""

from django.urls import path

from cdop.cases import placement_views, views

app_name = "cases"
urlpatterns = [
    path("", views.case_list, name="list"),
    path("find/", views.find, name="find"),
    path("<reference:reference>/", views.case_page, name="case"),
    path("<reference:reference>/identity/", views.identity_page, name="identity"),
    path("<reference:reference>/identity/edit/", views.edit_identity, name="edit_identity"),
    path("<reference:reference>/facts/", views.edit_facts, name="edit_facts"),
    path("<reference:reference>/reported/", views.contradictions, name="contradictions"),
    path("<reference:reference>/access/", views.give_access, name="give_access"),
    path("<reference:reference>/access/<number:access>/end/", views.end_access, name="end_access"),
    path("<reference:reference>/scope/", views.change_scope, name="change_scope"),
    path("<reference:reference>/places/", placement_views.places, name="places"),
    path("<reference:reference>/agreement/", placement_views.agreement, name="agreement"),
    path("<reference:reference>/confirm/", placement_views.confirm, name="confirm"),
    path("<reference:reference>/ready/", views.make_ready, name="make_ready"),
    path("<reference:reference>/take-back/", views.take_back, name="take_back"),
    path("<reference:reference>/close/", views.close, name="close"),
]
