"""Addresses of the coordinator's pages about reports of agencies."""

from django.urls import path

from cdop.agency_reports import record_views, request_views, views

app_name = "agency_reports"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("contacts/<number:organisation>/", views.contact, name="contact"),
    path("case/<reference:reference>/", views.case_requests, name="case"),
    path("case/<reference:reference>/ask/", views.ask, name="ask"),
    path("case/<reference:reference>/ask/another/", views.another, name="another"),
    path("case/<reference:reference>/record/", record_views.composite, name="record"),
    path("case/<reference:reference>/first-page/", record_views.first_page, name="first_page"),
    path("case/<reference:reference>/record/<name:question>/", record_views.settle, name="settle"),
    path("<reference:asked>/", request_views.request_page, name="request"),
    path("<reference:asked>/chase/", request_views.chase, name="chase"),
    path("<reference:asked>/extend/", request_views.extend, name="extend"),
    path("<reference:asked>/more-forms/", request_views.more_forms, name="more_forms"),
    path("<reference:asked>/set-aside/", request_views.set_aside, name="set_aside"),
    path("<reference:asked>/contact/", request_views.change_contact, name="change_contact"),
    path("<reference:asked>/came/", request_views.came, name="came"),
    path("<reference:asked>/accept/", request_views.accept, name="accept"),
    path("<reference:asked>/files/<uuid:document>/", request_views.file, name="file"),
]
