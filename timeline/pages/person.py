"""What the page of a person shows."""

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils.translation import gettext

from timeline.derived.custody import DECIDING, assembled, open_conflict
from timeline.derived.rivals import answers
from timeline.models import Claim, Correction, Particular, Version
from timeline.pages import strips
from timeline.pages.cited import of_person
from timeline.pages.gaps import not_stated
from timeline.pages.notes import ALL, FEW, FOLD_AFTER, MANY, Notebook
from timeline.pages.spellings import card, reason
from timeline.pages.summary import height_of, labels, summary

SOURCES_SHOWN, EVENTS_SHOWN = 5, 4
OWN_KINDS = ("detention", "statement", "name", "particular")


def shown_of(person, site, is_unfolded=False):
    """All that the page of a person shows, by the names that its template gives it.

    is_unfolded: whether it is to be printed, with every passage, event and source.
    """
    most = None if is_unfolded else EVENTS_SHOWN
    most_sources = None if is_unfolded else SOURCES_SHOWN
    about = Claim.objects.about_person(person)
    claims = list(about.published().oldest_first().with_kinds().with_citations().with_people())
    notebook = Notebook(claims, room=room_of(claims, is_unfolded))

    def noted(claims):
        return [(claim, notebook.note(claim)) for claim in claims]

    # Claims of this very person; what else concerns them stands on the timeline.
    own = [claim.as_kind for claim in claims if is_own(claim.as_kind, person)]
    others = [claim.as_kind for claim in claims if not is_own(claim.as_kind, person)]
    kinds = {name: [c for c in own if c.kind == name] for name in OWN_KINDS}
    context = {"person": person, "notebook": notebook, "claims": claims}
    if person.is_prisoner:
        steps = [*kinds["detention"], *others]
        custody = assembled([person], steps, notebook.lineage, notebook.disputes)[person.pk]
        stay = strips.stay(kinds["detention"], custody, site)
        drawn = labels(stay) if stay else []
        context |= {
            "summary": summary(kinds, custody, stay, notebook),
            "labels": drawn,
            "height": height_of(drawn),
            "custody": custody,
            "status_note": notebook.note(custody.claim) if custody.claim else None,
            "rivals": noted(custody.rivals),
            "stay": stay,
            "not_stated": not_stated(person, own, others, custody),
            "sides": sides_of(custody),
        }
    roles = Particular.Property
    first = [p for p in kinds["particular"] if p.property in (roles.ROLE, roles.BIRTH, roles.AGE)]
    rest = [p for p in kinds["particular"] if p not in first]
    rest = sorted(kinds["detention"] + rest, key=strips.begins)
    later = since_release(rest, context.get("custody"))
    facts = first + [claim for claim in rest if claim not in later] + later
    events = sorted(others, key=strips.begins)
    outlived = outlived_of(kinds["detention"], notebook.disputes, context.get("custody"))
    context |= {
        "facts": [(*pair, outlived.get(pair[0].pk, ())) for pair in noted(facts)],
        "since": later[0] if later else None,
        "statements": noted(kinds["statement"]),
        "events": noted(events[:most]),
        "event_count": len(events),
    }
    spelt = card(person, noted(kinds["name"]))
    context |= {"spellings": spelt, "spelling_reason": reason(person, spelt)}
    read = of_person(person, *last_of(person, about))
    context |= {"corrections": changes_of(claims), "cited": read}
    sources = sorted(notebook.sources(), key=lambda pair: (-len(pair[1]), pair[0].slug))
    context |= {
        "sources": [
            (source, names_of(notebook.lineage.told_origins(citations)), len(citations))
            for source, citations in sources[:most_sources]
        ],
        "source_count": len(sources),
    }
    return context


def room_of(claims, is_unfolded):
    """How many passages each note shows."""
    if is_unfolded:
        return ALL
    return FEW if len(claims) > MANY else FOLD_AFTER


def since_release(facts, custody):
    """Those that surely lie after the release which decides the status: what became of somebody."""
    if not (custody and custody.is_release and custody.when):
        return []
    return [claim for claim in facts if claim.when and strips.is_after(claim, custody.when)]


def changes_of(claims):
    """What was changed of these claims after they were public."""
    pks = [claim.pk for claim in claims]
    named = Correction.objects.published().filter(claims__in=pks)
    corrections = (
        Correction.objects.filter(pk__in=named.values("pk"))
        .annotate(scope=Count("claims"))  # what concerns this page most comes first of a day
        .order_by("-made_on", "scope", "-slug")
    )
    return list(corrections)


def versions_on(person, about):
    """[Version] of each claim that was told on somebody's page while it stood there, and by which
    it left. about: the claims that concern the person now.

    Of a version that is withheld nobody knows any more whose it was: it counts with the claim.
    """
    once = Version.people.through.objects.filter(person=person).values("version__claim")
    claims = Claim.objects.with_address().filter(Q(pk__in=about.values("pk")) | Q(pk__in=once))
    told = Version.people.through.objects.filter(person=person, version=OuterRef("pk"))
    rows = Version.objects.filter(Q(claim__in=claims) | Q(claim__merged_into__in=claims))
    rows = rows.annotate(is_told=Exists(told)).order_by("claim", "number").defer("said")
    found, was_told = [], {}
    for version in rows:
        is_told = version.is_told or version.is_withheld
        if is_told or was_told.get(version.claim_id):
            found.append(version)
        was_told[version.claim_id] = is_told
    return found


def last_of(person, about):
    """(number, moment) of somebody's page as it stands, by which it is cited.

    Each version of a claim that was ever told on it in public raises the number, and so does each
    by which a claim left it, and each correction of these, withdrawals among them. It falls where
    what left the page is withheld, and nowhere else. The moment is that of the last such version;
    None where none is known. about: the claims that concern the person now.
    """
    versions = versions_on(person, about)
    entries = corrections_on(about.with_address(), versions).count()
    moments = [version.published for version in versions if version.published]
    return len(versions) + entries, max(moments, default=None)


def corrections_on(claims, versions):
    """The entries of these claims, and those by which these versions came about."""
    named = Q(claims__in=claims.values("pk")) | Q(versions__in=[each.pk for each in versions])
    return Correction.objects.filter(named).distinct()


def read_of(claims):
    """(number, moment) of a page of these claims: as many versions and corrections as they have,
    and the moment of the last version; None where none is known."""
    read = claims.with_address().aggregate(
        version_count=Count("versions", distinct=True),
        correction_count=Count("corrections", distinct=True),
        moment=Max("versions__published"),
    )
    return read["version_count"] + read["correction_count"], read["moment"]


def names_of(origins):
    """The names of origins, sorted; an undetermined one last."""
    names = sorted(origin.name for origin in origins if origin)
    return names + ([gettext("not determined")] if None in origins else [])


def sides_of(custody):
    """The rival answers on a disputed status."""
    return answers([custody.dispute])[custody.dispute.pk] if custody.dispute else ()


def outlived_of(detentions, disputes, custody):
    """{claim id: rival answers} of the questions on a release that no longer decide the status.

    They are shown in their place, whichever answer a published claim gives.
    """
    decides = custody.dispute if custody else None
    questions = {
        claim.pk: dispute
        for claim in detentions
        if claim.step in DECIDING and (dispute := open_conflict([claim], disputes))
        if dispute != decides
    }
    rivals = answers(questions.values())
    return {pk: rivals[dispute.pk] for pk, dispute in questions.items()}


def is_own(claim, person):
    """Whether a claim is this person's own step, spelling, particular or statement."""
    return claim.kind in OWN_KINDS and claim.person_id == person.pk
