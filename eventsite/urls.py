from django.contrib import admin
from django.urls import include, path

from eventsite.reports.views import report

admin.site.site_header = admin.site.site_title = "The sourced record: curators"
admin.site.index_title = "The record"
urlpatterns = [
    path("admin/", admin.site.urls),
    path("report/", report, name="report"),
    path("", include("timeline.urls")),
]
handler404 = "timeline.views.answers.not_found"
handler500 = "timeline.views.answers.failed"
