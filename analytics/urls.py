"""Addresses of statistics and releases."""

from django.urls import URLPattern

app_name = "analytics"
urlpatterns: list[URLPattern] = []
