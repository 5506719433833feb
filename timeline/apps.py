from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate, pre_migrate


class TimelineConfig(AppConfig):
    name = "timeline"

    def ready(self):
        from timeline import checks, guard, revision, statistics

        register(checks.ready_to_publish, Tags.security, deploy=True)
        register(checks.guard_in_force, Tags.compatibility)
        # SQLite drops triggers whenever a migration remakes a table: see timeline/guard.py.
        pre_migrate.connect(guard.before_migrate, sender=self)
        post_migrate.connect(guard.after_migrate, sender=self)
        pre_migrate.connect(revision.before_migrate, sender=self)
        post_migrate.connect(revision.after_migrate, sender=self)
        post_migrate.connect(statistics.after_migrate, sender=self)
