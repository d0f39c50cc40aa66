"""Many rows in one request, each judged by itself: the body, and what became of them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from crm.imports.at_once import MOST_ROWS, OUTCOMES, Imported
from tenants.api.serializers import Body, Lean


@extend_schema_field({"type": "array", "maxItems": MOST_ROWS, "items": {"type": "object"}})
class Rows(serializers.ListField):
    """Rows, each judged by itself."""

    child = serializers.JSONField(allow_null=True)  # type: ignore[assignment]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": MOST_ROWS, **kwargs})


class RowImportIn(Body):
    """Many at once; who inherits this names the `rows`."""

    dry_run = serializers.BooleanField(default=False, help_text="Say what would become of each row.")
    only_good = serializers.BooleanField(
        default=False, help_text="Write the rows without a fault; otherwise one fault stops all."
    )


class RowOutcomeOut(Lean):
    """What became of a row, or would; who inherits this names the id of what it is about."""

    row = serializers.IntegerField(help_text="1 is the first.")
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    field = serializers.CharField(help_text="Of a refused row.")
    reason = serializers.CharField(help_text="Of a refused row, in a sentence.")


class RowImportOut(serializers.Serializer[Any]):
    """What became of all rows; who inherits this says what the `results` are."""

    written = serializers.BooleanField(help_text="False for a dry run, and when a fault stopped all.")
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()


def answer(done: Imported, shape: type[RowOutcomeOut]) -> Response:
    """What became of all rows, each in a `shape`."""
    results = shape(done.outcomes, many=True).data
    return Response({"written": done.written, **done.counts, "results": results})
