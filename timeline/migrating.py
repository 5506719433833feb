"""What is taken off before a migration, and put back and brought up to date after it.

`migrate` can stop at an older migration, or go back to one. What is installed and worked out names
tables and columns of the newest, so that it waits for that.
"""

from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor

from timeline import statistics
from timeline.checks import RULES
from timeline.editing import keeping, roles
from timeline.revision import ROOMS


def before(sender, using, plan=(), **kwargs):
    """On SQLite a table that a migration remakes loses its triggers: off they go, for all alike."""
    if plan:
        with transaction.atomic(using=using):
            for rule in RULES:
                rule.remove(connections[using])


def after(sender, using, **kwargs):
    connection = connections[using]
    if is_current(connection):
        for rule in RULES:
            rule.install(connection)
        keeping.catch_up(connection)
        roles.install()
        statistics.gather_where_there_are_rows(connection)


def is_current(connection):
    """Whether the database stands as this code has it."""
    executor = MigrationExecutor(connection)
    newest = [node for node in executor.loader.graph.leaf_nodes() if node[0] in ROOMS]
    return not executor.migration_plan(newest)
