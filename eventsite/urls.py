from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("timeline.urls")),
]
handler404 = "timeline.views.about.not_found"
handler500 = "timeline.views.about.failed"
