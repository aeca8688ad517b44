"""Public addresses of the briefings, for which no account is asked."""

from django.urls import path

from cdop.learning import briefing_views

app_name = "briefings"

urlpatterns = [
    path("", briefing_views.index, name="index"),
    path("<name:address>/", briefing_views.read, name="briefing"),
    path("<name:address>/pdf/", briefing_views.file, name="file"),
]
