"""Who may do what to the record: three roles, made anew by every migrate.

A Contributor writes drafts, an Editor publishes and changes what is public, an Owner looks after
accounts and the site too. What is public is nobody's to change without PUBLISH: see `is_public`.
"""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from people.models import Organisation, Person, Standing
from timeline.models import KINDS, Claim, Dispute, Position, Source
from timeline.models.claims import PUBLIC

CONTRIBUTOR, EDITOR, OWNER = "Contributor", "Editor", "Owner"
PUBLISH = "timeline.publish_claim"
ROOMS = ("people", "timeline")
REPORTS = "reports"  # of readers, which tell of harm: for editors alone

WRITTEN = (  # what drafts consist of
    *(kind._meta.model_name for kind in KINDS),
    *("citation", "source", "relay", "omission", "archivedcopy", "person", "organisation"),
    *("dispute", "position", "account"),
)
ADDED = ("publisher", "capture")  # never taken away; a publisher's name is public at once
PUBLIC_AT_ONCE = ("equation", "term", "exclusion", "trace", "correction")
KEPT_OF_PEOPLE = ("formerslug",)  # an address that redirects goes on to
OF_TWO = ("proposal", "hiding", "withholding")
OF_THE_SITE = ("site", "destination")
OF_ACCOUNTS = ("user",)  # an account is closed, not deleted: the log names it


def named(deeds, names):
    return {f"{deed}_{name}" for deed in deeds for name in names}


CONTRIBUTES = (
    named(("add", "change", "delete"), WRITTEN)
    | named(("add",), ADDED)
    | {"delete_claim"}  # Django asks for it, too, where a draft of any kind is deleted
)
EDITS = (
    CONTRIBUTES
    | named(("change",), ADDED)
    | named(("add", "change"), PUBLIC_AT_ONCE)
    | named(("delete",), ("term", "trace"))
    | named(("add",), (*KEPT_OF_PEOPLE, "withholding"))
    | named(("change",), OF_TWO)
    | named(("view", "change", "delete"), ("report",))
    | named(("change",), ("entry",))
    | {"publish_claim"}
)
OWNS = EDITS | named(("add", "change"), (*OF_THE_SITE, *OF_ACCOUNTS)) | {"delete_destination"}
MAY = {CONTRIBUTOR: CONTRIBUTES, EDITOR: EDITS, OWNER: OWNS}


def install():
    """Make the three groups, with these rights and no others."""
    for room in (*ROOMS, REPORTS, "auth"):
        create_permissions(apps.get_app_config(room), verbosity=0)
    seen = Permission.objects.filter(
        content_type__app_label__in=ROOMS, codename__startswith="view_"
    )
    accounts = Permission.objects.filter(codename__in=("view_user", "view_group"))
    for role, codenames in MAY.items():
        rights = {*seen, *Permission.objects.filter(of_the_record(), codename__in=codenames)}
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.set(rights | set(accounts) if role == OWNER else rights)


def of_the_record():
    """The condition of a right to something in the record, or to accounts."""
    return Q(content_type__app_label__in=(*ROOMS, REPORTS, "auth"))


def may_publish(user):
    return user.has_perm(PUBLISH)


def is_public(row):
    """Whether a change of this row, or of what belongs to it, is seen by readers at once."""
    if isinstance(row, Claim | Dispute):
        return row.state in PUBLIC
    if isinstance(row, Person | Organisation):
        return row.standing != Standing.DRAFT or bool(getattr(row, "merged_into_id", None))
    if isinstance(row, Position):
        return row.dispute.state in PUBLIC
    if isinstance(row, Source):
        return row.is_public or row.is_list or bool(row.withdrawn_reason)
    return False
