"""/api/v1/held-messages/: what is held since a backup was restored, sent or left out by a person's word."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.actions import restored as acts
from conversations.api.journeys import PlaceOut
from conversations.confirmation_queries import seen
from conversations.models import Journey, JourneyPlace
from tenants.api.serializers import Lean
from tenants.api.views import TenantViewSet
from tenants.decorators import get_or_404
from tenants.permissions import Permission

READ, WRITE, SEND = Permission.CAMPAIGNS_READ, Permission.CAMPAIGNS_WRITE, Permission.CAMPAIGNS_SEND


class HeldOut(Lean):
    """How much is held; it may have been sent before the backup was restored."""

    confirmations = serializers.IntegerField(help_text="Listed as left out, with the reason restored.")
    journeys = serializers.IntegerField(help_text="Customers who stand still in a journey.")
    campaigns = serializers.IntegerField(help_text="Paused ones: resume or cancel each.")
    messages = serializers.IntegerField(help_text="Deliveries whose outcome is unknown.")


class HeldViewSet(TenantViewSet):
    """What may have gone out already."""

    serializer_class = HeldOut
    required_scopes = {"GET": READ, "POST": WRITE}

    def get_queryset(self) -> QuerySet[Any]:
        return acts.held_back(self.actor).confirmations

    @extend_schema(responses=HeldOut)
    def retrieve(self, request: Request) -> Response:
        """How much of each is held."""
        return self._said()

    @extend_schema(request=None, responses=HeldOut)
    def withdrawal(self, request: Request) -> Response:
        """Send none of the confirmations, and take everybody who is held out of his journey."""
        acts.leave_out_held(by=self.actor)
        return self._said()

    def _said(self) -> Response:
        found = acts.held_back(self.actor)
        counts = {name: rows.count() for name, rows in found._asdict().items()}
        return self.answer(counts | {"journeys": counts.pop("places")})


class HeldSendingViewSet(HeldViewSet):
    """Sending it."""

    required_scopes = {"POST": SEND}

    @extend_schema(request=None, responses=HeldOut)
    def create(self, request: Request) -> Response:
        """Send all confirmations that are held, and let everybody go on in his journey."""
        acts.send_held(by=self.actor)
        return self._said()


class JourneyGoingOnViewSet(TenantViewSet):
    """Going on in a journey."""

    serializer_class = PlaceOut
    required_scopes = {"POST": SEND}

    def get_queryset(self) -> QuerySet[JourneyPlace]:
        journey = get_or_404(Journey.objects.all(), self.kwargs["journey_id"])
        return seen(JourneyPlace.objects.filter(journey=journey), self.actor)

    @extend_schema(request=None, responses=PlaceOut)
    def create(self, request: Request, journey_id: UUID, pk: UUID) -> Response:
        """Let a customer who is held take his step; 409 where he is not held."""
        return self.answer(acts.go_on(place=self.find(pk), by=self.actor))
