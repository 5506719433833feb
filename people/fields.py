from django.db import models


class KeyField(models.CharField):
    """Text that is compared and sorted byte by byte, so that both databases agree on the order."""

    def db_parameters(self, connection):
        collation = "C" if connection.vendor == "postgresql" else None
        return {**super().db_parameters(connection), "collation": collation}
