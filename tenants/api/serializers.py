"""Shapes of answers and of bodies."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

Getter = Callable[[Any], Any]


class Lean(serializers.Serializer[Any]):
    """The shape of an answer: fields declared for the schema, values taken as they are.

    Reads objects and `.values()` rows at a fraction of the usual cost: no field is asked to
    represent anything. Nested `Lean` fields and `SerializerMethodField` work; decimals are strings.
    `?fields=a,b` narrows it through the context (`fields`).
    """

    def to_representation(self, instance: Any) -> dict[str, Any]:
        wanted = self.context.get("fields") if self.parent is None or self.parent.parent is None else None
        getters = getters_of(type(self))
        if wanted is not None:
            return {name: getters[name](instance) for name in getters if name in wanted}
        return {name: get(instance) for name, get in getters.items()}

    @classmethod
    def names(cls) -> list[str]:
        """The fields of the answer."""
        return list(getters_of(cls))


@cache
def getters_of(shape: type[Lean]) -> dict[str, Getter]:
    """How each field of a shape is read, worked out once."""
    return {name: _getter(shape, name, field) for name, field in shape._declared_fields.items()}


def _getter(shape: type[Lean], name: str, field: serializers.Field) -> Getter:
    if isinstance(field, serializers.SerializerMethodField):
        method = getattr(shape, field.method_name or f"get_{name}")
        return lambda row: method(None, row)
    read = _reader(field.source or name)
    if isinstance(field, serializers.ListSerializer):
        child: Any = type(field.child)
        inner = getters_of(child)
        return lambda row: [{key: get(item) for key, get in inner.items()} for item in _all(read(row))]
    if isinstance(field, Lean):
        inner = getters_of(type(field))
        return lambda row: (
            None if (item := read(row)) is None else {key: get(item) for key, get in inner.items()}
        )
    if isinstance(field, serializers.DecimalField):
        return lambda row: None if (number := read(row)) is None else str(number)
    return read


def _reader(source: str) -> Getter:
    from_object = attrgetter(source)

    def read(row: Any) -> Any:
        return row[source] if isinstance(row, dict) else from_object(row)

    return read


def _all(related: Any) -> Any:
    return related.all() if hasattr(related, "all") else related


class Body(serializers.Serializer[Any]):
    """The shape of a body: a field that it does not know is an error, not a silence."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [str(name) for name in data if name not in self.fields]
            if unknown:
                raise serializers.ValidationError({name: [_("There is no such field.")] for name in unknown})
        return super().to_internal_value(data)


class Moment(serializers.DateTimeField):
    """A moment in ISO 8601; without an offset it is UTC. Between the years 1900 and 2200."""

    default_error_messages = {"range": gettext_lazy("The year must be between 1900 and 2200.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"default_timezone": UTC, **kwargs})

    def to_internal_value(self, value: Any) -> datetime:
        moment: datetime = super().to_internal_value(value)
        if not 1900 <= moment.year <= 2200:
            self.fail("range")
        return moment


def plain_number(value: Decimal) -> int | float:
    """A decimal as the JSON number people write: 2, not 2.000."""
    return int(value) if value == value.to_integral_value() else float(value)


class FieldProblem(serializers.Serializer[Any]):
    """One field or parameter that is wrong."""

    pointer = serializers.CharField(required=False, help_text="JSON pointer into the body (RFC 6901).")
    parameter = serializers.CharField(required=False, help_text="Parameter of the address.")
    detail = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """An error (RFC 9457)."""

    type = serializers.CharField(help_text="urn:puente:problem:… and the kind of problem.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField(help_text="urn:uuid: and the X-Request-Id of the answer.")
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment]
