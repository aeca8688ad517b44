"""Addresses of reviews and findings: below the agenda of a meeting, and of all of them."""

from django.urls import path

from cdop.reviews import (
    counting_views,
    draft_views,
    finding_views,
    screen_views,
    together_views,
    views,
    vocabulary_views,
)

app_name = "reviews"

CASE = "<number:number>/<reference:serial>/"
FINDING = f"{CASE}finding/"
FACTOR = "factors/own/<number:own>/"

SCREEN = "screen/<number:number>/"

urlpatterns = [
    path(SCREEN, screen_views.meeting_screen, name="screen"),
    path(f"{SCREEN}<reference:serial>/", screen_views.screen_case, name="screen_case"),
    path("agreement/", counting_views.agreement, name="agreement"),
    path("agreement/file/", counting_views.agreement_file, name="agreement_file"),
    path("factors/", vocabulary_views.factors, name="factors"),
    path("factors/count/", counting_views.factor_count, name="factor_count"),
    path("factors/count/file/", counting_views.factor_count_file, name="factor_count_file"),
    path("factors/words/", vocabulary_views.free_words, name="free_words"),
    path("factors/words/<number:words>/undo/", vocabulary_views.unfold_words, name="unfold_words"),
    path(
        "factors/words/<name:guidance>/<name:part>/",
        vocabulary_views.fold_words,
        name="fold_words",
    ),
    path(FACTOR, vocabulary_views.factor, name="factor"),
    path(f"{FACTOR}end/", vocabulary_views.end_factor, name="end_factor"),
    path(f"{FACTOR}take-up/", vocabulary_views.take_up_factor, name="take_up_factor"),
    path(f"{FACTOR}by-itself/", vocabulary_views.unmerge_factor, name="unmerge_factor"),
    path("factors/in/<name:guidance>/new/", vocabulary_views.new_factor, name="new_factor"),
    path(
        "factors/in/<name:guidance>/<name:part>/<name:factor>/",
        vocabulary_views.merge_factor,
        name="merge_factor",
    ),
    path("<number:number>/findings/national.csv", screen_views.national_lines, name="national"),
    path("<number:number>/findings/together/", together_views.together_page, name="together"),
    path(f"{CASE}review/", views.review, name="review"),
    path(f"{CASE}review/sent/", views.sent, name="sent"),
    path(f"{CASE}review/draft/", draft_views.draft, name="draft"),
    path(f"{CASE}reviews/", views.compare, name="compare"),
    path(f"{CASE}finding/draft/", draft_views.prepare, name="prepare"),
    path(FINDING, views.finding, name="finding"),
    path(f"{FINDING}record/", views.record_finding, name="record"),
    path(f"{FINDING}sign-off/", views.sign_off, name="sign_off"),
    path(f"{FINDING}versions/<number:which>/", finding_views.version, name="version"),
    path(f"{FINDING}open/<number:place>/", finding_views.explain, name="explain"),
    path(f"{FINDING}queries/new/", finding_views.ask, name="ask"),
    path(f"{FINDING}queries/<number:query>/", finding_views.answered, name="answered"),
]
