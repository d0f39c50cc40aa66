"""Rows of any model, filled at random: for what must hold of every table, those of tomorrow included."""

from datetime import timedelta
from random import Random
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from tenants.scoping import uuid7

WORDS = ("taller", "freno", "llanta", "azul", "grande", "ñandú", "café", "日本", "'; --", "🚲")
TRIES = 12


class CannotMake(AssertionError):
    """No row that the database takes came out."""


def make_row(model: Any, rng: Random, **given: Any) -> Any:
    """A row of a model. What it must point at is taken from what there is, or made.

    After some tries it is always made: what there is may all be taken, where a pair stands once.
    """
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                made = model(**{**_values(model, rng, given, fresh=attempt >= TRIES // 2), **given})
                made.save(force_insert=True)
                return made
        except (DatabaseError, ValueError) as error:
            last = error
    raise CannotMake(f"{model._meta.label}: {last}")


def _values(model: Any, rng: Random, given: dict[str, Any], *, fresh: bool) -> dict[str, Any]:
    values = {}
    for field in model._meta.concrete_fields:
        if field.name in given or field.primary_key or field.generated or field.name == "tenant":
            continue
        if isinstance(field, models.ForeignKey):
            values[field.name] = _other(field, rng, fresh=fresh)
        elif field.null and rng.random() < 0.5:
            values[field.name] = None
        elif not (field.has_default() and rng.random() < 0.3):
            values[field.name] = _value(field, rng)
    return values


def _other(field: Any, rng: Random, *, fresh: bool) -> Any:
    known = (
        list(field.related_model.objects.order_by("pk")[:5])
        if hasattr(field.related_model, "objects")
        else []
    )
    if field.null:
        return rng.choice([None, *known])
    if known and not fresh and rng.random() < 0.7:
        return rng.choice(known)
    try:
        return make_row(field.related_model, rng)
    except CannotMake:  # there are as many as there can be
        return rng.choice(known)


def _value(field: Any, rng: Random) -> Any:  # noqa: PLR0911 -- one line for each kind of field
    if isinstance(field, models.BinaryField):
        return field.get_default() if field.has_default() else b"x"
    if field.choices:
        return rng.choice([key for key, _label in field.flatchoices])
    match field:
        case models.UUIDField():
            return uuid7()
        case models.BooleanField():
            return rng.random() < 0.5
        case models.DateTimeField():
            return timezone.now() - timedelta(seconds=rng.randrange(10_000_000))
        case models.DateField():
            return (timezone.now() - timedelta(days=rng.randrange(10_000))).date()
        case models.DecimalField():
            return rng.randrange(100_000)
        case models.IntegerField():
            return rng.randint(1, 5)
        case models.JSONField():
            return rng.choice([{}, {"a": rng.choice(WORDS)}]) if field.default is not list else []
        case ArrayField():
            return []
        case models.GenericIPAddressField():
            return "203.0.113.7"
        case models.FileField():
            return "a/b.bin"
    text = rng.choice([rng.choice(WORDS), f"{rng.choice(WORDS)} {rng.randrange(10**9)}"])
    return text[: field.max_length or 200]
