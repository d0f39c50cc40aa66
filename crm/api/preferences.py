"""What is remembered of customers, over the API."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from crm import preferences
from crm.actions import preferences as actions
from crm.api.viewsets import OfCustomer
from crm.models import Preference
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, Reading
from tenants.permissions import Permission

TOLD = [choice for choice in Preference.Source.choices if choice[0] != Preference.Source.BEHAVIOUR]


class RivalOut(Lean):
    """What contradicts, until a person decides."""

    value = serializers.CharField()
    source = serializers.ChoiceField(choices=Preference.Source.choices)  # type: ignore[assignment]
    source_label = serializers.CharField()
    confidence = serializers.IntegerField()
    learned_at = serializers.DateTimeField()


class PreferenceOut(Lean):
    """Something remembered of a customer."""

    id = serializers.UUIDField()
    topic = serializers.CharField(help_text="channel, daytime, product, or whatever somebody wrote.")
    value = serializers.CharField(help_text="Of channel and daytime a code.")
    source = serializers.ChoiceField(choices=Preference.Source.choices)  # type: ignore[assignment]
    source_label = serializers.CharField()
    conversation_id = serializers.UUIDField(source="context_id", allow_null=True)
    confidence = serializers.IntegerField(help_text="Per cent.")
    learned_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    confirmed_by_id = serializers.UUIDField(allow_null=True)
    contradiction = serializers.SerializerMethodField()

    @extend_schema_field(RivalOut(allow_null=True))
    def get_contradiction(self, row: Preference) -> dict[str, Any] | None:
        """What is said otherwise, and nobody has decided about."""
        rival = preferences.open_rival(row.rival)
        names = RivalOut.names()
        return {name: rival[name] for name in names} if rival else None


class PreferenceIn(Body):
    """Something to remember."""

    topic = serializers.CharField(max_length=60)
    value = serializers.CharField(max_length=500)
    source = serializers.ChoiceField(choices=TOLD, required=False)  # type: ignore[assignment]
    source_label = serializers.CharField(max_length=150, required=False, allow_blank=True)
    confidence = serializers.IntegerField(min_value=1, max_value=100, required=False)


class PreferenceChange(Body):
    """What it is instead."""

    value = serializers.CharField(max_length=500)


class PreferenceViewSet(Listing, Reading, OfCustomer):
    """What is remembered of a customer, from whom, and how sure it is."""

    serializer_class = PreferenceOut
    required_scopes = {
        "GET": Permission.CUSTOMERS_READ,
        "POST": Permission.CUSTOMERS_WRITE,
        "PATCH": Permission.CUSTOMERS_WRITE,
        "DELETE": Permission.CUSTOMERS_WRITE,
    }

    def get_queryset(self) -> QuerySet[Preference]:
        return preferences.preferences_visible_to(self.customer(), self.actor)

    def retrieve(self, request: Request, customer_id: UUID, pk: UUID) -> Response:  # type: ignore[override]
        """One, by its id."""
        return self.answer(self.find(pk))

    @extend_schema(request=PreferenceIn, responses={201: PreferenceOut, 200: PreferenceOut})
    def create(self, request: Request, customer_id: UUID) -> Response:
        """Remember it: 201 when nothing was known of the topic, else 200.

        What a person confirmed stays; what says otherwise stands in `contradiction` until one decides.
        """
        told = actions.remember(customer=self.customer(), **self.body(PreferenceIn), by=self.actor)
        return self.answer(told.preference, 201 if told.outcome == actions.Outcome.REMEMBERED else 200)

    @extend_schema(request=PreferenceChange, responses=PreferenceOut)
    def partial_update(self, request: Request, customer_id: UUID, pk: UUID) -> Response:
        """Correct it: that counts as confirmed."""
        actions.correct(preference=self.find(pk), **self.body(PreferenceChange), by=self.actor)
        return self.answer(self.find(pk))

    @extend_schema(request=None, responses=PreferenceOut)
    def confirmation(self, request: Request, customer_id: UUID, pk: UUID) -> Response:
        """It is so: whatever contradicts it is settled."""
        actions.confirm(preference=self.find(pk), by=self.actor)
        return self.answer(self.find(pk))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, customer_id: UUID, pk: UUID) -> Response:
        """Know it no more; what was learned is not learned again while behaviour says the same."""
        actions.forget(preference=self.find(pk), by=self.actor)
        return Response(status=204)
