from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "eventsite.reports"
    verbose_name = "Reports from readers"
    default_auto_field = "django.db.models.BigAutoField"
