"""Addresses of the case record."""

from django.urls import path

from cdop.cases import (
    family_views,
    hold_views,
    linked_views,
    placement_views,
    signal_views,
    urgent_views,
    views,
)

app_name = "cases"
urlpatterns = [
    path("", views.case_list, name="list"),
    path("find/", views.find, name="find"),
    path("call/", family_views.call, name="call"),
    path("signals/", signal_views.signal_list, name="signals"),
    path("signals/<number:signal>/", signal_views.signal_page, name="signal"),
    path("signals/<number:signal>/edit/", signal_views.edit_signal, name="edit_signal"),
    path("signals/<number:signal>/decide/", signal_views.decide_signal, name="decide_signal"),
    path("signals/<number:signal>/escalate/", signal_views.escalate_signal, name="escalate_signal"),
    path("signals/<number:signal>/close/", signal_views.close_signal, name="close_signal"),
    path("signals/<number:signal>/open/", signal_views.take_up_signal, name="take_up_signal"),
    path(
        "signals/<number:signal>/remove/",
        signal_views.remove_from_signal,
        name="remove_from_signal",
    ),
    path("<reference:reference>/", views.case_page, name="case"),
    path("<reference:reference>/identity/", views.identity_page, name="identity"),
    path("<reference:reference>/identity/edit/", views.edit_identity, name="edit_identity"),
    path("<reference:reference>/facts/", views.edit_facts, name="edit_facts"),
    path("<reference:reference>/reported/", views.contradictions, name="contradictions"),
    path("<reference:reference>/access/", views.give_access, name="give_access"),
    path("<reference:reference>/scope/", views.change_scope, name="change_scope"),
    path("<reference:reference>/places/", placement_views.places, name="places"),
    path("<reference:reference>/agreement/", placement_views.agreement, name="agreement"),
    path("<reference:reference>/confirm/", placement_views.confirm, name="confirm"),
    path("<reference:reference>/holds/", hold_views.hold_list, name="holds"),
    path("<reference:reference>/holds/new/", hold_views.new_hold, name="new_hold"),
    path("<reference:reference>/holds/<number:hold>/", hold_views.one_hold, name="hold"),
    path(
        "<reference:reference>/holds/<number:hold>/check/",
        hold_views.check_hold,
        name="check_hold",
    ),
    path("<reference:reference>/holds/<number:hold>/end/", hold_views.end_hold, name="end_hold"),
    path(
        "<reference:reference>/holds/<number:hold>/again/",
        hold_views.run_hold_again,
        name="run_hold_again",
    ),
    path("<reference:reference>/reviews/", linked_views.linked_list, name="linked"),
    path("<reference:reference>/reviews/new/", linked_views.new_linked, name="new_linked"),
    path(
        "<reference:reference>/reviews/<number:review>/",
        linked_views.linked_review,
        name="linked_review",
    ),
    path(
        "<reference:reference>/reviews/<number:review>/held/",
        linked_views.linked_started,
        name="linked_started",
    ),
    path(
        "<reference:reference>/reviews/<number:review>/declined/",
        linked_views.linked_declined,
        name="linked_declined",
    ),
    path(
        "<reference:reference>/reviews/<number:review>/ended/",
        linked_views.linked_ended,
        name="linked_ended",
    ),
    path(
        "<reference:reference>/reviews/<number:review>/back/",
        linked_views.linked_back,
        name="linked_back",
    ),
    path("<reference:reference>/call/", family_views.called, name="called"),
    path("<reference:reference>/family/", family_views.family, name="family"),
    path("<reference:reference>/family/begin/", family_views.begin_family, name="begin_family"),
    path("<reference:reference>/signals/new/", signal_views.new_signal, name="new_signal"),
    path("<reference:reference>/urgent/", urgent_views.urgent_list, name="urgent"),
    path("<reference:reference>/urgent/new/", urgent_views.new_urgent, name="new_urgent"),
    path(
        "<reference:reference>/urgent/<number:notice>/given/",
        urgent_views.urgent_given,
        name="urgent_given",
    ),
    path(
        "<reference:reference>/urgent/<number:notice>/not-needed/",
        urgent_views.urgent_not_needed,
        name="urgent_not_needed",
    ),
    path(
        "<reference:reference>/urgent/<number:notice>/back/",
        urgent_views.urgent_back,
        name="urgent_back",
    ),
    path("<reference:reference>/ready/", views.make_ready, name="make_ready"),
    path("<reference:reference>/take-back/", views.take_back, name="take_back"),
    path("<reference:reference>/close/", views.close, name="close"),
]
