"""What OpenAPI says about every operation: its scope, its key against doubling, its problems."""

from typing import Any

import django_filters as filters
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from tenants.api.errors import MEDIA_TYPE
from tenants.api.serializers import Lean, Problem

TYPES = (
    (filters.UUIDFilter, {"type": "string", "format": "uuid"}),
    (filters.IsoDateTimeFilter, {"type": "string", "format": "date-time"}),
    (filters.BooleanFilter, {"type": "boolean"}),
    (filters.NumberFilter, {"type": "number"}),
)


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The bearer key."""

    target_class = "tenants.api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key from Settings → API keys."}


class PuenteSchema(AutoSchema):
    """REST framework's views as we write them."""

    def get_override_parameters(self) -> list[Any]:
        """`fields` on what answers a shape, `Idempotency-Key` on every POST."""
        parameters = list(super().get_override_parameters())
        if self.method == "POST":
            parameters.append(
                OpenApiParameter(
                    "Idempotency-Key",
                    str,
                    OpenApiParameter.HEADER,
                    description="Sent again with the same key and body: answered again, done once.",
                )
            )
        shape = getattr(self.view, "serializer_class", None)
        if self.method == "GET" and isinstance(shape, type) and issubclass(shape, Lean):
            text = "Only these fields, separated by commas."
            parameters.append(OpenApiParameter("fields", str, OpenApiParameter.QUERY, description=text))
        return parameters

    def _get_filter_parameters(self) -> list[dict[str, Any]]:
        """The filters of a list, without asking the database for their types."""
        filterset = getattr(self.view, "filterset_class", None)
        if filterset is None or not self._is_list_view():
            return []
        return [
            {
                "name": name,
                "in": "query",
                "description": str(field.extra.get("help_text", "")),
                "schema": _type(field),
            }
            for name, field in filterset.base_filters.items()
        ]

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """The scope it needs, and what an error looks like."""
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        scope = getattr(self.view, "required_scopes", {}).get(self.method)
        if scope:
            text = f"Needs the scope `{scope.value}`."
            operation["description"] = f"{operation.get('description', '')}\n\n{text}".strip()
        problem = self.resolve_serializer(Problem, "response")
        operation["responses"]["default"] = {
            "description": "An error (RFC 9457).",
            "content": {MEDIA_TYPE: {"schema": problem.ref}},
        }
        return operation


def _type(field: filters.Filter) -> dict[str, Any]:
    """What a filter takes; one that is read elsewhere says it itself."""
    if hasattr(field, "schema"):
        return dict(field.schema)
    if isinstance(field, filters.ChoiceFilter):
        return {"type": "string", "enum": [str(value) for value, _label in field.extra["choices"]]}
    return next((dict(schema) for kind, schema in TYPES if isinstance(field, kind)), {"type": "string"})
