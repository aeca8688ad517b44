"""Addresses of statistics and releases."""

from django.urls import path

from analytics import views

app_name = "analytics"
urlpatterns = [
    path("exact/", views.internal, name="internal"),
    path("releases/", views.releases, name="releases"),
    path("releases/new/", views.draft, name="draft"),
    path("releases/<str:reference>/", views.release, name="release"),
    path("releases/<str:reference>/approve/", views.approve, name="approve"),
    path("releases/<str:reference>/publish/", views.publish, name="publish"),
    path("releases/<str:reference>/withdraw/", views.withdraw, name="withdraw"),
    path("releases/<str:reference>/<str:name>", views.download, name="download"),
]
