"""What is stored of the whole record, compared with what follows from it.

Lists ask stored outcomes (timeline/editing/keeping.py); search asks the keys of spellings; sorting
and comparing ask columns that every save works out of others. Whatever writes past forms, loader
and commands can leave any of them behind.
"""

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from people.models import Person, spelling_keys, stored_keys
from timeline import touched
from timeline.derived.excerpts import compared_passages
from timeline.derived.search import spellings_of
from timeline.editing import keeping
from timeline.editing.keeping import all_of, chunks, kept
from timeline.editing.versioning import differing
from timeline.fields import BareField, BoundField, EntryField, PlainField
from timeline.models import KINDS, Claim, Comparison, Source

WORKED_OUT = (BareField, BoundField, EntryField, PlainField)


def differences():
    """[what is stored and does not follow], each in words. Ask `kinds` first: it reads claims."""
    return [*flags(), *custody(), *columns(), *spellings(), *excerpts(), *versions()]


def flags():
    for model, flag, true_of in keeping.FLAGS:
        for some in chunks(all_of(model.objects)):
            true = true_of(some)
            for row in model.objects.filter(pk__in=some).order_by("slug"):
                if getattr(row, flag) != (row.pk in true):
                    yield f"{named(model)} {row.slug}: {flag} is {getattr(row, flag)}"


def custody():
    slugs = dict(Person.objects.prisoners().values_list("prisoner", "slug"))
    for some in chunks(Person.objects.prisoners().values_list("pk", flat=True)):
        wanted = keeping.derived(some)
        for prisoner, have in keeping.differing(wanted).items():
            yield f"prisoner {slugs[prisoner]}: stored {said(have, wanted[prisoner])}"


def said(have, wanted):
    """Where stored columns differ from the wanted: “status released, should be held”."""
    if have is None:
        return "nothing"
    return "; ".join(
        f"{column} {have[column] or 'empty'}, should be {wanted[column] or 'empty'}"
        for column in keeping.COLUMNS
        if have[column] != wanted[column]
    )


def columns():
    return (f"{named(type(row))} {row.pk}: {' and '.join(wrong)}" for row, wrong in worked_out())


def worked_out():
    """(row, names of its columns that are not what they are worked out of), the row set right."""
    for model in apps.get_app_config("timeline").get_models():
        fields = [f for f in model._meta.local_fields if isinstance(f, WORKED_OUT)]
        for row in model.objects.order_by("pk").iterator() if fields else ():
            had = {field: getattr(row, field.attname) for field in fields}
            wrong = [f.name for f in fields if f.pre_save(row, add=False) != had[f]]
            if wrong:
                yield row, wrong


def kinds():
    """Claims that are not in the table of their kind alone. Nothing else in the record mends it."""
    wrong = {}
    for model in KINDS:
        kind = model._meta.model_name
        is_there = Q(**{f"{kind}__isnull": False})
        rows = Claim.objects.filter((Q(kind=kind) & ~is_there) | (~Q(kind=kind) & is_there))
        wrong |= dict(rows.values_list("pid", "kind"))
    return [f"claim {pid}: not in the table of its kind, “{wrong[pid]}”" for pid in sorted(wrong)]


def spellings():
    slugs = dict(Person.objects.values_list("pk", "slug"))
    for some in chunks(slugs):
        wanted = spelling_keys(spellings_of(Person.objects.filter(pk__in=some)))
        wrong = {slugs[person] for person, _, _ in wanted ^ stored_keys(some)}
        for slug in sorted(wrong):
            yield f"person {slug}: found by other spellings than those on record"


def excerpts():
    for some in chunks(all_of(Source.objects)):
        for row, was in compared_passages(some):
            if row.compared != was:
                yield f"{named(type(row))} {row.pk}: excerpt {was or 'not compared'}"


def versions():
    for some in chunks(all_of(Claim.objects)):
        pids = dict(Claim.objects.filter(pk__in=some).values_list("pk", "pid"))
        for pk in sorted(differing(some)):
            yield f"claim {pids[pk]}: says something else than its last version"


def named(model):
    return model._meta.model_name


def mend(connection):
    """Write anew what follows from the record; how many rows of outcomes and columns were wrong."""
    with kept():
        touched.note_everything(connection)
        rows = list(worked_out())
        for row, wrong in rows:
            row.save(update_fields=wrong)
        return keeping.settle() + len(rows)


def remember(differences):
    """For /healthz, which has no time to compare anything itself."""
    outcome = {"at": timezone.now(), "differences": differences}
    Comparison.objects.update_or_create(pk=1, defaults=outcome)
