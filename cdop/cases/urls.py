"""Addresses of the case record."""

from django.urls import path

from cdop.cases import views

app_name = "cases"
urlpatterns = [
    path("", views.case_list, name="list"),
    path("find/", views.find, name="find"),
    path("<str:reference>/", views.case_page, name="case"),
    path("<str:reference>/identity/", views.identity_page, name="identity"),
    path("<str:reference>/identity/edit/", views.edit_identity, name="edit_identity"),
    path("<str:reference>/facts/", views.edit_facts, name="edit_facts"),
    path("<str:reference>/reported/", views.contradictions, name="contradictions"),
    path("<str:reference>/access/", views.give_access, name="give_access"),
    path("<str:reference>/scope/", views.change_scope, name="change_scope"),
    path("<str:reference>/ready/", views.make_ready, name="make_ready"),
    path("<str:reference>/take-back/", views.take_back, name="take_back"),
    path("<str:reference>/close/", views.close, name="close"),
]
