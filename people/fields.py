"""Text that is compared and sorted byte by byte, so that both databases agree on the order."""

from django.db import models


class ByteOrder:
    def db_parameters(self, connection):
        collation = "C" if connection.vendor == "postgresql" else None
        return {**super().db_parameters(connection), "collation": collation}


class KeyField(ByteOrder, models.CharField):
    pass


class KeyTextField(ByteOrder, models.TextField):
    pass
