"""Addresses of imports of earlier cases, under those of notifications."""

from django.urls import path

from notifications import legacy_views as views

urlpatterns = [
    path("import/", views.import_list, name="imports"),
    path("import/template/<name:name>", views.import_template, name="import_template"),
    path("import/<reference:batch>/", views.import_page, name="import"),
    path("import/<reference:batch>/alike/", views.import_alike, name="import_alike"),
    path("import/<reference:batch>/bring-in/", views.import_bring_in, name="import_bring_in"),
    path("import/<reference:batch>/leave/", views.import_leave, name="import_leave"),
    path("import/<reference:batch>/undo/", views.import_undo, name="import_undo"),
    path("import/<reference:batch>/report/", views.import_report, name="import_report"),
    path("import/<reference:batch>/totals/<name:year>/", views.import_totals, name="import_totals"),
]
