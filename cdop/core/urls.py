"""Addresses of the pages that belong to no stage."""

from django.urls import path

from cdop.core import message_views, organisation_views, people_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("hat/", views.hat, name="hat"),
    path("still-there/", views.stay, name="stay"),
    path("sent-too-late/", views.sent_too_late, name="sent_too_late"),
    path("sent-too-late/discard/", views.discard_sent_too_late, name="discard_sent_too_late"),
    path("audit/", views.audit_entries, name="audit"),
    path("guidance/", views.guidance, name="guidance"),
    path("guidance/<name:code>/", views.guidance, name="guidance_edition"),
    path("messages/", message_views.message_list, name="messages"),
    path("messages/<uuid:pk>/", message_views.message_page, name="message"),
    path("messages/<uuid:pk>/again/", message_views.try_again, name="message_again"),
    path("messages/<uuid:pk>/told/", message_views.told, name="message_told"),
    path("organisations/", organisation_views.organisation_list, name="organisations"),
    path("organisations/add/", organisation_views.add, name="add_organisation"),
    path("organisations/<number:organisation>/", organisation_views.change, name="organisation"),
    path(
        "organisations/<number:organisation>/end/",
        organisation_views.end,
        name="end_organisation",
    ),
    path(
        "organisations/<number:organisation>/take-up/",
        organisation_views.take_up,
        name="take_up_organisation",
    ),
    path("people/", people_views.people, name="people"),
    path("people/invite/", people_views.invite, name="invite"),
    path("people/<number:person>/", people_views.person, name="person"),
    path("people/<number:person>/role/", people_views.give, name="give_role"),
    path("people/<number:person>/close/", people_views.close, name="close_account"),
    path(
        "people/<number:person>/second-lock/",
        people_views.reset_second_lock,
        name="reset_second_lock",
    ),
    path("people/roles/<number:holding>/approve/", people_views.approve, name="approve_role"),
    path("people/roles/<number:holding>/decline/", people_views.decline, name="decline_role"),
    path("people/roles/<number:holding>/end/", people_views.end_role, name="end_role"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
