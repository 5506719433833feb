from . import accounts, claims, disputes, people, proposals, site, sources, withholding

__all__ = [
    "accounts",
    "claims",
    "disputes",
    "people",
    "proposals",
    "site",
    "sources",
    "withholding",
]
