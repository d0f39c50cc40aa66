"""/api/v1/channels/: opened, changed, tried and closed through the same forms and actions as the pages."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.actions.channels import create_channel, delete_channel, request_check, update_channel
from conversations.actions.web_identity import reset_identity_secret
from conversations.channels.connection import ConnectionForm
from conversations.channels.registry import adapter_for, adapters
from conversations.models import Channel
from conversations.reasons import shown
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, Reading, TenantViewSet
from tenants.permissions import Permission

MOST_LINES = 100
LONGEST_TEXT = 5_000


class FindingOut(Lean):
    """One thing that a check tried."""

    what = serializers.CharField()
    works = serializers.BooleanField()
    said = serializers.CharField()


class ChannelOut(Lean):
    """A way customers write on. Its secrets are never shown."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    name = serializers.CharField()
    address = serializers.CharField()
    is_active = serializers.BooleanField()
    problem = serializers.SerializerMethodField(help_text="Why nothing goes out; empty while all works.")
    token_expires_at = serializers.DateTimeField(allow_null=True)
    checking_since = serializers.DateTimeField(allow_null=True, help_text="Set while a check is on its way.")
    checked_at = serializers.DateTimeField(allow_null=True)
    findings = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()

    def get_problem(self, channel: Channel) -> str:
        return shown(channel.problem)

    @extend_schema(responses=FindingOut(many=True))
    def get_findings(self, channel: Channel) -> list[dict[str, Any]]:
        return [
            {"what": _(what), "works": works, "said": shown(said)} for what, works, said in channel.findings
        ]


class CopiedOut(Lean):
    """Something to be copied into the vendor's own pages."""

    label = serializers.CharField()  # type: ignore[assignment]
    text = serializers.CharField()


class ChannelOpened(Lean):
    """A channel that was opened, and what is to be copied from it to the vendor."""

    channel = ChannelOut()
    copied = CopiedOut(many=True)


class SecretOut(Lean):
    """A secret, shown this once."""

    secret = serializers.CharField()


@extend_schema_field(OpenApiTypes.ANY)
class Value(serializers.Field[Any, Any, Any, Any]):
    """What stands in one field of a channel's form: text, a number, true or false, or lines of text."""

    default_error_messages = {"value": "Text, a number, true or false, or a list of texts."}

    def to_internal_value(self, data: Any) -> Any:
        lines = data if isinstance(data, list) else [data]
        plain = all(isinstance(line, str | int | float | bool) for line in lines)
        if not plain or len(lines) > MOST_LINES or sum(len(str(line)) for line in lines) > LONGEST_TEXT:
            self.fail("value")
        return data


class ChannelIn(Body):
    """A channel to open. `values` are the fields of its page in the settings."""

    kind = serializers.CharField(max_length=20)
    name = serializers.CharField(max_length=80)
    values = serializers.DictField(child=Value(), required=False)


class ChannelChange(Body):
    """What to change of a channel. Fields that are left out stay."""

    name = serializers.CharField(max_length=80, required=False)
    is_active = serializers.BooleanField(required=False)
    values = serializers.DictField(child=Value(), required=False)


class ChannelViewSet(Listing, Reading, TenantViewSet):
    """The ways customers write on."""

    serializer_class = ChannelOut
    required_scopes = {
        "GET": Permission.CHANNELS_READ,
        "POST": Permission.CHANNELS_WRITE,
        "PATCH": Permission.CHANNELS_WRITE,
        "DELETE": Permission.CHANNELS_WRITE,
    }

    def get_queryset(self) -> QuerySet[Channel]:
        return Channel.objects.order_by()

    @extend_schema(request=ChannelIn, responses={201: ChannelOpened})
    def create(self, request: Request) -> Response:
        """Open a channel. Where it can be tried, a worker does so at once."""
        given = self.body(ChannelIn)
        adapter = adapters().get(given["kind"])
        if adapter is None or not adapter.connection.offered:
            offered = sorted(kind for kind, one in adapters().items() if one.connection.offered)
            said = _("There is no such kind. There are: %(kinds)s.") % {"kinds": ", ".join(offered)}
            raise serializers.ValidationError({"kind": [said]})
        blank = Channel(kind=given["kind"])
        changes = _filled(adapter.connection.form, blank, {"name": given["name"], **given.get("values", {})})
        made = create_channel(kind=given["kind"], by=self.actor, **changes)
        opened = {"channel": made, "copied": adapter.connection.copied(made)}
        return Response(ChannelOpened(opened).data, 201)

    @extend_schema(request=ChannelChange, responses=ChannelOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Another name, other fields, switched on or off."""
        channel, given = self.find(pk), self.body(ChannelChange)
        values = given.pop("values", {})
        if values:
            form = adapter_for(channel.kind).connection.form
            given = _filled(form, channel, {**values, **given})
        update_channel(channel=channel, by=self.actor, **given)
        return self.answer(self.find(pk))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Close it: nothing comes in or goes out any more, its keys are forgotten, conversations stay."""
        delete_channel(channel=self.find(pk), by=self.actor)
        return Response(status=204)

    @extend_schema(request=None, responses={202: ChannelOut})
    def check(self, request: Request, pk: UUID) -> Response:
        """Let a worker try it; `checked_at` and `findings` then say what it found."""
        request_check(channel=self.find(pk), by=self.actor)
        return self.answer(self.find(pk), 202)

    @extend_schema(request=None, responses={201: SecretOut})
    def identity_secret(self, request: Request, pk: UUID) -> Response:
        """A new secret to sign who the visitors of a web chat are; shown this once, the old one ends."""
        made = reset_identity_secret(channel=self.find(pk), by=self.actor)
        return Response(SecretOut({"secret": made}).data, 201)


def _filled(form_class: type[ConnectionForm], channel: Channel, given: dict[str, Any]) -> dict[str, Any]:
    """What the channel's form makes of the values; those left out are as they stand.

    Raises `ValidationError` by field.
    """
    unknown = [name for name in given if name not in form_class.base_fields]
    if unknown:
        raise serializers.ValidationError(
            {"values": {name: [_("There is no such field.")] for name in unknown}}
        )
    standing = form_class(None, channel=channel).initial
    data = {**standing, **given}
    for name, value in data.items():
        widget = form_class.base_fields[name].widget if name in form_class.base_fields else None
        if isinstance(value, list) and not hasattr(widget, "allow_multiple_selected"):
            data[name] = "\n".join(map(str, value))
    form = form_class(data, channel=channel)
    if not form.is_valid():
        raise serializers.ValidationError(
            {"values": {name: [str(one) for one in said] for name, said in form.errors.items()}}
        )
    changes: dict[str, Any] = form.changes()
    return changes
