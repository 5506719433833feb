from . import accounts, claims, disputes, lists, people, proposals, site, sources, withholding

__all__ = [
    "accounts",
    "claims",
    "disputes",
    "lists",
    "people",
    "proposals",
    "site",
    "sources",
    "withholding",
]
