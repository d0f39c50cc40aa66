"""The facts a business defines, over the API."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from crm.actions import attributes as actions
from crm.models import Attribute
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, Reading, TenantViewSet
from tenants.permissions import Permission

WRITE = Permission.ATTRIBUTES_WRITE


class LookedThrough(Lean):
    """What the last look through the kept values found."""

    state = serializers.ChoiceField(choices=["running", "done", "refused"])
    to = serializers.ChoiceField(
        choices=Attribute.Kind.choices, required=False, help_text="The kind asked for, when it was another."
    )
    seen = serializers.IntegerField()
    fit = serializers.IntegerField(help_text="Kept in the form of the kind.")
    ready = serializers.IntegerField(help_text="Kept in another form, and can be read.")
    unfit = serializers.IntegerField(help_text="Cannot be read as this kind; stays as it is.")


class AttributeOut(Lean):
    """A fact kept of customers."""

    id = serializers.UUIDField()
    key = serializers.CharField(help_text="Its name in a customer's `attributes`.")
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Attribute.Kind.choices)
    options = serializers.ListField(child=serializers.CharField())
    hint = serializers.CharField()
    position = serializers.IntegerField()
    archived_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    values = serializers.SerializerMethodField()

    @extend_schema_field(LookedThrough(allow_null=True))
    def get_values(self, row: Attribute) -> dict[str, Any] | None:
        """Of the whole business, without the values themselves."""
        return row.values


class AttributeIn(Body):
    """A new fact. Without a `key`, files and the API call it by its name."""

    name = serializers.CharField(max_length=60)
    key = serializers.CharField(max_length=60, required=False)
    kind = serializers.ChoiceField(choices=Attribute.Kind.choices, default=Attribute.Kind.TEXT)
    options = serializers.ListField(
        child=serializers.CharField(max_length=actions.LONGEST_OPTION),
        max_length=actions.MOST_OPTIONS,
        required=False,
        help_text="Of kinds choice and choices.",
    )
    hint = serializers.CharField(max_length=150, required=False, allow_blank=True)


class AttributeChange(Body):
    """What to change; what is not given stays."""

    name = serializers.CharField(max_length=60, required=False)
    kind = serializers.ChoiceField(choices=Attribute.Kind.choices, required=False)
    options = serializers.ListField(
        child=serializers.CharField(max_length=actions.LONGEST_OPTION),
        max_length=actions.MOST_OPTIONS,
        required=False,
    )
    renamed_options = serializers.DictField(
        child=serializers.CharField(max_length=actions.LONGEST_OPTION),
        required=False,
        help_text="Old name to new, for choices that customers keep under another name.",
    )
    hint = serializers.CharField(max_length=150, required=False, allow_blank=True)
    position = serializers.IntegerField(min_value=0, max_value=actions.MOST, required=False)
    is_archived = serializers.BooleanField(required=False)


class AttributeViewSet(Listing, Reading, TenantViewSet):
    """The facts that the business keeps of its customers, each of a kind."""

    serializer_class = AttributeOut
    ordering = ("position", "id")
    required_scopes = {"GET": Permission.CUSTOMERS_READ, "POST": WRITE, "PATCH": WRITE, "DELETE": WRITE}

    def get_queryset(self) -> QuerySet[Attribute]:
        return Attribute.objects.all()

    @extend_schema(request=AttributeIn, responses={201: AttributeOut})
    def create(self, request: Request) -> Response:
        """Define one. `values` says what was found under its key already."""
        return self.answer(actions.define_attribute(**self.body(AttributeIn), by=self.actor), 201)

    @extend_schema(request=AttributeChange, responses=AttributeOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is given.

        Another kind is taken once all kept values were found to fit it; `values` says how that stands.
        """
        attribute, body = self.find(pk), self.body(AttributeChange)
        archived, position = body.pop("is_archived", None), body.pop("position", None)
        if "renamed_options" in body:
            body["renamed"] = body.pop("renamed_options")
        if body:
            attribute = actions.change_attribute(attribute=attribute, **body, by=self.actor)
        if archived is not None:
            change = actions.archive_attribute if archived else actions.bring_back_attribute
            attribute = change(attribute=attribute, by=self.actor)
        if position is not None:
            actions.place_attribute(attribute=attribute, position=position, by=self.actor)
        return self.answer(self.find(pk))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Archive it: what is kept of customers stays, and it can be brought back."""
        actions.archive_attribute(attribute=self.find(pk), by=self.actor)
        return Response(status=204)

    @extend_schema(request=None, responses=AttributeOut)
    def conversion(self, request: Request, pk: UUID) -> Response:
        """Bring the values that can be read as its kind into its form; the others stay as they are."""
        return self.answer(actions.convert_values(attribute=self.find(pk), by=self.actor))
