from . import accounts, claims, disputes, people, proposals, site, sources

__all__ = ["accounts", "claims", "disputes", "people", "proposals", "site", "sources"]
