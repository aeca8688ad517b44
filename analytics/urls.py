"""Addresses of statistics and releases."""

from django.urls import path

from analytics import views

app_name = "analytics"
urlpatterns = [
    path("exact/", views.internal, name="internal"),
    path("releases/", views.releases, name="releases"),
    path("releases/new/", views.draft, name="draft"),
    path("releases/<reference:reference>/", views.release, name="release"),
    path("releases/<reference:reference>/approve/", views.approve, name="approve"),
    path("releases/<reference:reference>/publish/", views.publish, name="publish"),
    path("releases/<reference:reference>/withdraw/", views.withdraw, name="withdraw"),
    path("releases/<reference:reference>/<name:name>", views.download, name="download"),
]
