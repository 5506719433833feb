from . import claims, disputes, people, sources

__all__ = ["claims", "disputes", "people", "sources"]
