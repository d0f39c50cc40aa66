"""Acts on many customers; each can be stopped, and taken back."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from crm.actions import bulk
from crm.listing import filters
from crm.listing.filters import BadFilter
from crm.listing.reading import Wanted
from crm.models import CustomerRun
from tenants.api.errors import Malformed
from tenants.api.serializers import Body, Lean, Moment
from tenants.api.views import Reading, TenantViewSet
from tenants.kit.text import one_line
from tenants.permissions import Permission, Sees

READ, WRITE = Permission.CUSTOMERS_READ, Permission.CUSTOMERS_WRITE
ACTIONS = [(name, name) for name in bulk.ACTIONS]


class CustomerCountsOut(Lean):
    """How many customers had each outcome."""

    pending = serializers.IntegerField()
    changed = serializers.IntegerField()
    same = serializers.IntegerField(help_text="They were so already.")
    refused = serializers.IntegerField(help_text="It was not possible for them.")
    gone = serializers.IntegerField(help_text="There are none such, or the caller may not see them.")
    left = serializers.IntegerField(help_text="It was stopped before their turn came.")
    undone = serializers.IntegerField()
    kept = serializers.IntegerField(help_text="Somebody changed them meanwhile: they were not put back.")


class CustomerRunOut(Lean):
    """An act on many customers and how far it is."""

    id = serializers.UUIDField()
    action = serializers.ChoiceField(choices=ACTIONS)
    state = serializers.ChoiceField(choices=CustomerRun.State.choices)
    total = serializers.IntegerField(help_text="While `is_gathering`: those found so far.")
    is_gathering = serializers.BooleanField()
    counts = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(CustomerCountsOut)
    def get_counts(self, run: CustomerRun) -> dict[str, int]:
        return bulk.many.counts(run)


class CustomerRunIn(Body):
    """What to do to which customers: `ids`, or all that `filter` and `q` mean."""

    action = serializers.ChoiceField(choices=ACTIONS)
    ids = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=bulk.many.most)
    filter = serializers.DictField(
        required=False,
        child=serializers.ListField(child=serializers.CharField(max_length=200), max_length=20),
        help_text='In place of ids, as in saved views: {"label": ["<id>"]}. {} means everybody.',
    )
    q = serializers.CharField(required=False, max_length=100, help_text="Words, with `filter`.")
    to = serializers.JSONField(
        required=False,
        allow_null=True,
        help_text="Label, list, language, company, value of the attribute, or whose follow-up it is.",
    )
    key = serializers.CharField(required=False, max_length=60, help_text="Of the attribute.")
    title = serializers.CharField(required=False, max_length=200, help_text="What the follow-up says.")
    due_at = Moment(required=False, help_text="When the follow-up is due.")


class CustomerRunViewSet(Reading, TenantViewSet):
    """Acts on many customers."""

    serializer_class = CustomerRunOut
    required_scopes = {"GET": READ, "POST": WRITE}

    def get_queryset(self) -> QuerySet[CustomerRun]:
        runs: QuerySet[CustomerRun] = CustomerRun.objects.all()
        return runs if self.actor.sees == Sees.ALL else runs.filter(membership=self.actor.membership)

    @extend_schema(request=CustomerRunIn, responses={201: CustomerRunOut, 202: CustomerRunOut})
    def create(self, request: Request) -> Response:
        """Do it: up to a hundred at once (201), more by a worker (202; ask again how far it is).

        Putting on a list and taking off it (`list`, `unlist`) needs `segments:write`, too.
        """
        given = self.body(CustomerRunIn)
        parameters: dict[str, Any] = {name: given[name] for name in ("to", "key", "title") if name in given}
        if given.get("due_at"):
            parameters["due_at"] = given["due_at"].isoformat()
        action = given["action"]
        if "filter" in given or "q" in given:
            made = bulk.many.start_all(
                action=action, parameters=parameters, wanted=self._wanted(given), by=self.actor
            )
        else:
            made = bulk.many.start(
                action=action, parameters=parameters, ids=given.get("ids", []), by=self.actor
            )
        return self.answer(made, 201 if made.state == CustomerRun.State.DONE else 202)

    def _wanted(self, given: dict[str, Any]) -> Wanted:
        try:
            narrowed = filters.read(given.get("filter", {}), strictly=True)
        except BadFilter as refusal:
            raise Malformed(f"{refusal.field}: {refusal}", "filter") from None
        return Wanted(one_line(given.get("q", ""), 100), tuple(narrowed))

    @extend_schema(request=None, responses=CustomerRunOut)
    def undoing(self, request: Request, pk: UUID) -> Response:
        """Give each his earlier state again, except those somebody changed since."""
        return self.answer(bulk.many.undo(run=self.find(pk), by=self.actor))

    @extend_schema(request=None, responses=CustomerRunOut)
    def cancelling(self, request: Request, pk: UUID) -> Response:
        """Leave out those whose turn has not come."""
        return self.answer(bulk.many.cancel(run=self.find(pk), by=self.actor))
