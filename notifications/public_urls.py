"""Addresses of the public form."""

from django.urls import include, path

from notifications import notice_views, returning_views
from notifications import public_views as views
from notifications.notices import KINDS

app_name = "report"
urlpatterns = [
    path("", views.start, name="start"),
    path("returns/", include("notifications.assurance.public_urls")),
    path("family/", views.family, name="family"),
    path("tasks/", views.tasks, name="tasks"),
    path("questions/<name:code>/", views.questions, name="questions"),
    path("check/", views.check, name="check"),
    path("sent/", views.sent, name="sent"),
    path("another/", views.another, name="another"),
    path("later/", returning_views.later, name="later"),
    path("link/", returning_views.return_, name="return"),
    path("link/<key:token>/", returning_views.open_link, name="open_link"),
    path("discard/", views.discard, name="discard"),
    path("arrangements/", notice_views.arrangements, name="arrangements"),
]
for code in KINDS:
    own = {"code": code}
    urlpatterns += [
        path(f"{code}/", notice_views.notice, own, name=code),
        path(f"{code}/check/", notice_views.check, own, name=f"{code}_check"),
        path(f"{code}/sent/", notice_views.sent, own, name=f"{code}_sent"),
    ]
