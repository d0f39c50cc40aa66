"""/api/v1/calls/: phone calls and visits, written down by the same action as the pages'."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.actions.calls import Call, log_call
from conversations.channels.calls.incoming import LONGEST, recording_of
from conversations.models import Channel, Message
from crm import queries as crm
from crm.models import Customer
from tenants.api.serializers import Body, Lean, Moment
from tenants.api.views import TenantViewSet, UnknownReference, only
from tenants.permissions import Permission
from tenants.refusals import Refused

WHATS = ("call", "visit")
DIRECTIONS = ("in", "out")
STATES = ("ringing", "ongoing", "ended", "missed")


class CallIn(Body):
    """A call or a visit, as far as it is known now; what a later report gives is filled in."""

    external_id = serializers.CharField(
        max_length=200, required=False, default="", help_text="The same id again is the same call."
    )
    what = serializers.ChoiceField(choices=WHATS, required=False, default="call")
    direction = serializers.ChoiceField(choices=DIRECTIONS, required=False, default="in")
    state = serializers.ChoiceField(
        choices=STATES, required=False, default="ended", help_text="missed: nobody answered."
    )
    customer_id = serializers.UUIDField(required=False, help_text="Or `phone`.")
    phone = serializers.CharField(
        max_length=60, required=False, default="", help_text="Whoever has it, made if nobody has."
    )
    name = serializers.CharField(max_length=150, required=False, default="", help_text="Of a newcomer.")
    started_at = Moment(required=False, help_text="Without it: now.")
    seconds = serializers.IntegerField(min_value=0, max_value=LONGEST, required=False)
    recording = serializers.CharField(
        max_length=1_000, required=False, default="", help_text="An http(s) address; never fetched."
    )
    note = serializers.CharField(max_length=20_000, required=False, default="", allow_blank=True)
    at = Moment(required=False, help_text="When this was so, if reports may come in another order.")
    leave_open = serializers.BooleanField(
        required=False, default=False, help_text="Something is left to do: it stays in the queue."
    )
    channel_id = serializers.UUIDField(required=False, help_text="Where there are several phones.")


class CallOut(Lean):
    """A call or a visit, as a message of the customer's conversation."""

    id = serializers.UUIDField(help_text="The message's.")
    conversation_id = serializers.UUIDField()
    customer_id = serializers.SerializerMethodField()
    external_id = serializers.CharField(source="provider_id")
    what = serializers.SerializerMethodField()
    direction = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField()
    seconds = serializers.SerializerMethodField()
    recording = serializers.SerializerMethodField()
    note = serializers.CharField(source="text")
    happened_at = serializers.DateTimeField(source="created_at")

    def get_customer_id(self, message: Message) -> str:
        return str(message.conversation.customer_id)

    def get_what(self, message: Message) -> str:
        return str(message.data["call"].get("what", ""))

    def get_direction(self, message: Message) -> str:
        return str(message.data["call"].get("direction", ""))

    def get_state(self, message: Message) -> str:
        return str(message.data["call"].get("state", ""))

    def get_seconds(self, message: Message) -> int | None:
        found: int | None = message.data["call"].get("seconds")
        return found

    def get_recording(self, message: Message) -> str:
        return str(message.data["call"].get("recording", ""))


class CallViewSet(TenantViewSet):
    """Phone calls and visits at the counter."""

    serializer_class = CallOut
    required_scopes = {"POST": Permission.CONVERSATIONS_WRITE}

    @extend_schema(request=CallIn, responses={200: CallOut, 201: CallOut})
    def create(self, request: Request) -> Response:
        """Write one down (201), or tell more of one that has this `external_id` (200)."""
        given = self.body(CallIn)
        recording = recording_of(given["recording"])
        if given["recording"] and not recording:
            raise Refused(_("A recording is an http or https address."), "recording")
        names = ("what", "direction", "state", "note", "external_id", "started_at", "seconds", "at")
        call = Call(recording=recording, **{name: given[name] for name in names if name in given})
        message, is_new = log_call(
            call=call,
            by=self.actor,
            customer=self._customer(given),
            phone=given["phone"],
            name=given["name"],
            channel=only(Channel, [given["channel_id"]], "channel_id")[0] if "channel_id" in given else None,
            is_open=given["leave_open"],
        )
        return self.answer(message, 201 if is_new else 200)

    def _customer(self, given: dict[str, Any]) -> Customer | None:
        if "customer_id" not in given:
            return None
        found = crm.customers_visible_to(self.actor).filter(pk=given["customer_id"]).first()
        if found is None:
            raise UnknownReference("customer_id")
        return found
