"""/api/v1/channels/<id>/domain/: what the DNS of a mail channel's domain says, and what it should."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.actions import domains as acts
from conversations.models import Channel
from tenants.api.serializers import Lean
from tenants.api.views import TenantViewSet
from tenants.permissions import Permission


class RecordOut(Lean):
    """One record of the DNS: as it should be, and as it was found."""

    what = serializers.CharField(help_text="spf, dkim, dmarc, mx or links.")
    kind = serializers.CharField(help_text="TXT, MX or CNAME.")
    name = serializers.CharField()
    value = serializers.CharField(help_text="What to add; empty where only the mail's provider knows.")
    state = serializers.CharField(help_text="ok, missing, wrong, elsewhere, unknown; empty before a look.")
    found = serializers.CharField()


class DomainOut(Lean):
    """The standing of a channel's domain."""

    domain = serializers.CharField(help_text="Empty for an address of the installation.")
    signs = serializers.BooleanField(help_text="Campaigns' mails are signed here; else the relay's task.")
    is_looking = serializers.BooleanField(help_text="A worker asks the DNS.")
    checked_at = serializers.DateTimeField(allow_null=True)
    lines = RecordOut(many=True)


class DomainViewSet(TenantViewSet):
    """The domain that a mail channel writes from."""

    serializer_class = DomainOut
    required_scopes = {
        "GET": Permission.CHANNELS_READ,
        "POST": Permission.CHANNELS_WRITE,
        "DELETE": Permission.CHANNELS_WRITE,
    }

    def get_queryset(self) -> QuerySet[Channel]:
        return Channel.objects.filter(kind="email", is_active=True)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """What should stand in its DNS, and what was found there last."""
        return Response(DomainOut(acts.standing(self.find(pk))).data)

    @extend_schema(request=None, responses={202: DomainOut})
    def check(self, request: Request, pk: UUID) -> Response:
        """Let a worker ask the DNS."""
        return Response(DomainOut(acts.request_look(channel=self.find(pk), by=self.actor)).data, 202)

    @extend_schema(request=None, responses={201: DomainOut})
    def make_key(self, request: Request, pk: UUID) -> Response:
        """A new key; campaigns' mails are signed with it at once."""
        return Response(DomainOut(acts.make_key(channel=self.find(pk), by=self.actor)).data, 201)

    @extend_schema(request=None, responses=DomainOut)
    def drop_key(self, request: Request, pk: UUID) -> Response:
        """Leave signing to the mail server."""
        return Response(DomainOut(acts.drop_key(channel=self.find(pk), by=self.actor)).data)
