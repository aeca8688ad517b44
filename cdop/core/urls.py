"""Addresses of the pages that belong to no stage."""

from django.urls import path

from cdop.core import views

urlpatterns = [
    path("", views.home, name="home"),
    path("hat/", views.hat, name="hat"),
    path("audit/", views.audit_entries, name="audit"),
    path("guidance/", views.guidance, name="guidance"),
    path("guidance/<name:code>/", views.guidance, name="guidance_edition"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
