"""Addresses of reviews and findings, below the case's place on the agenda."""

from django.urls import path

from cdop.reviews import screen_views, views

app_name = "reviews"

CASE = "<number:number>/<reference:serial>/"

SCREEN = "screen/<number:number>/"

urlpatterns = [
    path(SCREEN, screen_views.meeting_screen, name="screen"),
    path(f"{SCREEN}<reference:serial>/", screen_views.screen_case, name="screen_case"),
    path(f"{CASE}review/", views.review, name="review"),
    path(f"{CASE}review/sent/", views.sent, name="sent"),
    path(f"{CASE}reviews/", views.compare, name="compare"),
    path(f"{CASE}finding/", views.finding, name="finding"),
    path(f"{CASE}finding/record/", views.record_finding, name="record"),
    path(f"{CASE}finding/sign-off/", views.sign_off, name="sign_off"),
]
