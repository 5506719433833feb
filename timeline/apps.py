from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate, pre_migrate


class TimelineConfig(AppConfig):
    name = "timeline"

    def ready(self):
        from timeline import checks, migrating

        register(checks.ready_to_publish, Tags.security, deploy=True)
        register(checks.guard_in_force, Tags.compatibility)
        pre_migrate.connect(migrating.before, sender=self)
        post_migrate.connect(migrating.after, sender=self)
