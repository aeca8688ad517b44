"""The root of every address. Apps are named by strings; none is imported here."""

from django.urls import include, path, register_converter

from cdop.core.converters import CONVERTERS

for name, converter in CONVERTERS.items():
    register_converter(converter, name)

urlpatterns = [
    path("", include("cdop.core.urls")),
    path("account/", include("cdop.core.account_urls")),
    path("report/agency/", include("cdop.agency_reports.public_urls")),
    path("report/", include("notifications.public_urls")),
    path("api/v1/", include("notifications.api_urls")),
    path("notifications/", include("notifications.urls")),
    path("cases/", include("cdop.cases.urls")),
    path("cases/", include("cdop.rapid_response.urls")),
    path("cases/", include("notifications.withdrawal_urls")),
    path("agency-reports/", include("cdop.agency_reports.urls")),
    path("meetings/", include("cdop.panel.urls")),
    path("meetings/", include("cdop.reviews.urls")),
    path("themes/", include("cdop.learning.theme_urls")),
    path("briefings/", include("cdop.learning.briefing_urls")),
    path("learning/recommendations/", include("cdop.learning.urls")),
    path("statistics/", include("analytics.urls")),
]

handler400 = "cdop.core.errors.bad_request"
handler403 = "cdop.core.errors.forbidden"
handler404 = "cdop.core.errors.not_found"
handler500 = "cdop.core.errors.server_error"
