from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate, pre_migrate


class TimelineConfig(AppConfig):
    name = "timeline"

    def ready(self):
        from timeline import checks, guard, revision, statistics, touched
        from timeline.editing import keeping

        register(checks.ready_to_publish, Tags.security, deploy=True)
        register(checks.guard_in_force, Tags.compatibility)
        # SQLite drops triggers whenever a migration remakes a table: see timeline/guard.py.
        for rule in (guard, revision, touched):
            pre_migrate.connect(rule.before_migrate, sender=self)
            post_migrate.connect(rule.after_migrate, sender=self)
        post_migrate.connect(keeping.after_migrate, sender=self)
        post_migrate.connect(statistics.after_migrate, sender=self)
