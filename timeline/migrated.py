"""Whether the database stands as this code has it.

`migrate` can stop at an older migration, or go back to one; what is installed and worked out after
it names tables and columns of the newest.
"""

from django.db.migrations.executor import MigrationExecutor

ROOMS = ("people", "timeline")


def is_current(connection):
    executor = MigrationExecutor(connection)
    newest = [node for node in executor.loader.graph.leaf_nodes() if node[0] in ROOMS]
    return not executor.migration_plan(newest)
