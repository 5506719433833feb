"""Columns that know something about the record."""

import datetime

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils import timezone

from people.fields import KeyField, KeyTextField
from people.names import plain
from timeline.notation import dates
from timeline.notation.links import WEB, bare


def validate_part_date(text):
    try:
        dates.parse(text)
    except dates.DateError as error:
        raise ValidationError(str(error)) from None


def unlikely_day(field, value):
    """What is wrong with a date that is written into a column; empty if nothing is, or if it is no
    date. Asked only of what is new: what is on record stands in nobody's way.

    value: as files and forms give it, a text or a day.
    """
    if not value or not isinstance(field, PartDateField | models.DateField):
        return ""
    try:
        date = dates.parse(value.isoformat() if isinstance(value, datetime.date) else value)
    except dates.DateError:
        return ""  # said elsewhere
    return dates.unlikely(date, timezone.localdate())


class PartDateField(models.CharField):
    """A date as far as it is known, kept as EDTF text. Empty where no source gives one."""

    default_validators = [validate_part_date]
    description = "Part-known date"

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 32)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)


class BoundField(models.DateField):
    """The first or last day a part-known date may mean, kept beside it by every save."""

    def __init__(self, of=None, which=None, **kwargs):
        self.of, self.which = of, which
        super().__init__(editable=False, null=True, blank=True, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for key in ("editable", "null", "blank"):
            kwargs.pop(key, None)
        return name, path, args, {**kwargs, "of": self.of, "which": self.which}

    def pre_save(self, claim, add):
        text = getattr(claim, self.of)
        bound = getattr(dates.parse(text), self.which) if text else None
        setattr(claim, self.attname, bound)
        return bound


class KindField(models.CharField):
    """The name of the table that holds the rest of a claim, written by every save of a kind."""

    def __init__(self, **kwargs):
        super().__init__(max_length=12, editable=False, blank=True, default="", **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for key in ("max_length", "editable", "blank", "default"):
            kwargs.pop(key, None)
        return name, path, args, kwargs

    def pre_save(self, claim, add):
        if claim._meta.parents:
            claim.kind = claim._meta.model_name
        return claim.kind


class EntryField(KeyField):
    """A spelling with whose it is and its language: what must be recorded once.

    They stand in two tables, so that no constraint can compare them. Written by every save.
    """

    def __init__(self, **kwargs):
        super().__init__(max_length=240, editable=False, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for key in ("max_length", "editable"):
            kwargs.pop(key, None)
        return name, path, args, kwargs

    def pre_save(self, name, add):
        entry = f"{name.person_id} {name.language} {name.spelling}"
        setattr(name, self.attname, entry)
        return entry


class PlainField(KeyTextField):
    """Another column's words without case and accents, so that search agrees on both databases."""

    def __init__(self, of=None, **kwargs):
        self.of = of
        super().__init__(editable=False, blank=True, default="", **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for key in ("editable", "blank", "default"):
            kwargs.pop(key, None)
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, record, add):
        words = plain(getattr(record, self.of))
        setattr(record, self.attname, words)
        return words


class WebField(models.URLField):
    """An address that a reader can follow."""

    NOT_OF_THE_WEB = "Write a whole address that begins with http:// or https://."
    default_validators = [URLValidator(WEB, message=NOT_OF_THE_WEB)]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 1000)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        return super().formfield(error_messages={"invalid": self.NOT_OF_THE_WEB}, **kwargs)


class BareField(KeyField):
    """Another column's address as it is alike for all that lead to one document."""

    def __init__(self, of=None, **kwargs):
        self.of = of
        super().__init__(max_length=1000, editable=False, blank=True, default="", **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for key in ("max_length", "editable", "blank", "default"):
            kwargs.pop(key, None)
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, record, add):
        address = bare(getattr(record, self.of))
        setattr(record, self.attname, address)
        return address
