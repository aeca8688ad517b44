"""Addresses of the pages that belong to no stage."""

from django.urls import path

from cdop.core import message_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("hat/", views.hat, name="hat"),
    path("audit/", views.audit_entries, name="audit"),
    path("guidance/", views.guidance, name="guidance"),
    path("guidance/<name:code>/", views.guidance, name="guidance_edition"),
    path("messages/", message_views.message_list, name="messages"),
    path("messages/<uuid:pk>/", message_views.message_page, name="message"),
    path("messages/<uuid:pk>/again/", message_views.try_again, name="message_again"),
    path("messages/<uuid:pk>/told/", message_views.told, name="message_told"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
