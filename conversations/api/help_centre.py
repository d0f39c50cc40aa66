"""The public help centre: whether it is open, and where."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import help_centre
from tenants.actions.businesses import update_business
from tenants.api.serializers import Body, Lean
from tenants.api.views import TenantViewSet
from tenants.models import Tenant
from tenants.permissions import Permission


@dataclass(frozen=True, slots=True)
class HelpCentre:
    """How it stands."""

    is_open: bool
    url: str
    accent: str
    answers: int


class HelpCentreOut(Lean):
    """The public help centre."""

    is_open = serializers.BooleanField(help_text="Closed, nobody sees it.")
    url = serializers.CharField()
    accent = serializers.CharField(help_text="Its colour: the business's, changed at /api/v1/business/.")
    answers = serializers.IntegerField(help_text="How many it shows today, in all languages.")


class HelpCentreIn(Body):
    """Open it, or close it."""

    is_open = serializers.BooleanField()


class HelpCentreViewSet(TenantViewSet):
    """The public help centre of the business."""

    serializer_class = HelpCentreOut
    required_scopes = {"GET": Permission.KNOWLEDGE_READ, "PATCH": Permission.KNOWLEDGE_WRITE}

    def get_queryset(self) -> QuerySet[Tenant]:
        return Tenant.objects.all()

    def retrieve(self, request: Request) -> Response:
        """Whether it is open, where, and what it holds."""
        return self._said(self.get_queryset().get())

    @extend_schema(request=HelpCentreIn, responses=HelpCentreOut)
    def partial_update(self, request: Request) -> Response:
        """Open it to everybody, or close it."""
        is_open = self.body(HelpCentreIn)["is_open"]
        tenant = self.get_queryset().get()
        return self._said(update_business(tenant=tenant, by=self.actor, has_help_centre=is_open))

    def _said(self, tenant: Tenant) -> Response:
        url = settings.BASE_URL + reverse("help:home", args=[tenant.slug])
        found = HelpCentre(tenant.has_help_centre, url, tenant.accent, len(help_centre.public()))
        return self.answer(found)
