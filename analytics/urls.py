"""Addresses of statistics and releases."""

from django.urls import path

from analytics import population_views, views

app_name = "analytics"
urlpatterns = [
    path("exact/", views.internal, name="internal"),
    path("populations/", population_views.populations, name="populations"),
    path("populations/new/", population_views.bring_in, name="bring_in_population"),
    path("populations/<name:kind>/<number:year>/", population_views.year, name="population"),
    path("releases/", views.releases, name="releases"),
    path("releases/new/", views.draft, name="draft"),
    path("releases/<reference:reference>/", views.release, name="release"),
    path("releases/<reference:reference>/approve/", views.approve, name="approve"),
    path("releases/<reference:reference>/publish/", views.publish, name="publish"),
    path("releases/<reference:reference>/withdraw/", views.withdraw, name="withdraw"),
    path("releases/<reference:reference>/<name:name>", views.download, name="download"),
]
