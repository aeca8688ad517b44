"""Addresses of the pages of a meeting. A case goes by its panel serial, never its reference."""

from django.urls import path

from cdop.panel import (
    agenda_views,
    declaration_views,
    invitation_views,
    minutes_views,
    paper_views,
    term_views,
    views,
)

app_name = "panel"

ITEM = "<number:number>/<reference:serial>/"
PREPARE = f"{ITEM}prepare/"
MINUTES = "<number:number>/minutes/"
DECLARATIONS = "<number:number>/declarations/"
TERM = "terms/<number:term>/"

urlpatterns = [
    path("", views.meetings, name="meetings"),
    path("plan/", views.plan, name="plan"),
    path("terms/", term_views.term_list, name="terms"),
    path("terms/new/", term_views.new_term, name="new_term"),
    path(TERM, term_views.one_term, name="term"),
    path(f"{TERM}cover/", term_views.new_cover, name="new_cover"),
    path(f"{TERM}cover/<number:cover>/", term_views.one_cover, name="cover"),
    path("<number:number>/", views.meeting, name="meeting"),
    path("<number:number>/change/", views.change, name="change"),
    path("<number:number>/invite/", views.invite, name="invite"),
    path("<number:number>/invite/terms/", views.invite_by_terms, name="invite_by_terms"),
    path("<number:number>/reply/", invitation_views.reply, name="reply"),
    path("<number:number>/statement/", invitation_views.statement, name="statement"),
    path("<number:number>/statement/accepted/", invitation_views.accepted, name="accepted"),
    path("<number:number>/countdown/", invitation_views.countdown, name="countdown"),
    path("<number:number>/agenda/", views.agenda, name="agenda"),
    path("<number:number>/order/", agenda_views.order, name="order"),
    path("<number:number>/attendance/", views.attendance, name="attendance"),
    path("<number:number>/close/", views.close, name="close"),
    path(DECLARATIONS, declaration_views.all_of_meeting, name="declarations"),
    path(f"{DECLARATIONS}<number:declaration>/", declaration_views.decide, name="decide"),
    path(
        f"{DECLARATIONS}<number:declaration>/withdraw/",
        declaration_views.withdraw,
        name="withdraw",
    ),
    path(MINUTES, minutes_views.read, name="minutes"),
    path(f"{MINUTES}edit/", minutes_views.edit, name="edit_minutes"),
    path(f"{MINUTES}draft/", minutes_views.draft_anew, name="draft_minutes"),
    path(f"{MINUTES}chair/", minutes_views.put_to_chair, name="put_minutes"),
    path(f"{MINUTES}back/", minutes_views.give_back, name="give_back_minutes"),
    path(f"{MINUTES}approve/", minutes_views.approve, name="approve_minutes"),
    path(f"{MINUTES}file/", minutes_views.file, name="minutes_file"),
    path(ITEM, paper_views.pack, name="pack"),
    path(f"{ITEM}papers.pdf", paper_views.pack_pdf, name="pack_pdf"),
    path(PREPARE, paper_views.prepare, name="prepare"),
    path(f"{PREPARE}release/", paper_views.release, name="release"),
    path(f"{PREPARE}drop/", paper_views.drop, name="drop"),
    path(f"{PREPARE}place/<name:mark>/", paper_views.settle_place, name="settle_place"),
    path(f"{PREPARE}<name:code>/", paper_views.prepare_part, name="prepare_part"),
    path(f"{ITEM}plan/", agenda_views.plan_item, name="plan_item"),
    path(f"{ITEM}defer/", agenda_views.defer, name="defer"),
    path(f"{ITEM}take-up/", agenda_views.take_up, name="take_up"),
    path(f"{ITEM}declare/", declaration_views.declare, name="declare"),
]
