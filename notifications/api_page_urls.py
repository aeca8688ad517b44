"""Addresses of the pages about systems that report."""

from django.urls import path

from notifications import api_pages

urlpatterns = [
    path("systems/", api_pages.systems, name="systems"),
    path("systems/register/", api_pages.register, name="register_system"),
    path("systems/<reference:client>/", api_pages.system, name="system"),
    path("systems/<reference:client>/renew/", api_pages.renew, name="renew_secret"),
    path("systems/<reference:client>/end/", api_pages.end, name="end_system"),
    path("systems/<reference:client>/secret/", api_pages.end_secret, name="end_secret"),
]
