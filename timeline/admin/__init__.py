from . import accounts, claims, disputes, people, site, sources

__all__ = ["accounts", "claims", "disputes", "people", "site", "sources"]
