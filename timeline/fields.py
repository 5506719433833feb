"""Columns that know something about the record."""

from django.core.exceptions import ValidationError
from django.db import models

from people.fields import KeyTextField
from people.names import plain
from timeline.notation import dates


def validate_part_date(text):
    try:
        dates.parse(text)
    except dates.DateError as error:
        raise ValidationError(str(error)) from None


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
