from django.contrib.admin.apps import AdminConfig


class RecordAdminConfig(AdminConfig):
    default_site = "timeline.admin_site.RecordAdminSite"
