from . import claims, disputes, people, site, sources

__all__ = ["claims", "disputes", "people", "site", "sources"]
