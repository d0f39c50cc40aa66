"""Doors for what a shop's own systems report: the first report makes it, later ones change it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from rest_framework.response import Response
from rest_framework.serializers import Serializer

from crm import queries
from crm.actions.records import Outcome, Recorded
from crm.models import Customer
from tenants.api.plain import Plain
from tenants.api.views import TenantViewSet, UnknownReference
from tenants.permissions import Permission


class ReportViewSet(Plain, TenantViewSet):
    """Something with a `source` and an `external_id`."""

    required_scopes = {"GET": Permission.ORDERS_READ, "POST": Permission.ORDERS_WRITE}

    def take(
        self, shape: type[Serializer[Any]], record: Callable[..., Recorded[Any]], **more: Any
    ) -> Response:
        """Hand a body of the shape to the action: 201 when the thing is new, 200 when it was known."""
        body = {**self.body(shape), **more}
        if cleared := [name for name, value in body.items() if value is None]:
            body["cleared"] = [name.removesuffix("_id") for name in cleared]
        customer_id, identity = body.pop("customer_id", None), body.pop("identity", None)
        recorded = record(
            **body,
            customer=self.customer(customer_id) if customer_id else None,
            identity=(identity["kind"], identity["value"]) if identity else None,
            by=self.actor,
        )
        return self.answer(recorded.row, 201 if recorded.outcome == Outcome.CREATED else 200)

    def customer(self, customer_id: UUID) -> Customer:
        """The one whom a body names. Raises `UnknownReference`."""
        customer = queries.customers_visible_to(self.actor).filter(pk=customer_id).first()
        if customer is None:
            raise UnknownReference("customer_id")
        return customer
