"""When and how often the business writes unasked."""

from datetime import time
from typing import Any

from django.db.models import QuerySet
from django.forms import model_to_dict
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import gate
from conversations.actions.sending_policy import FIELDS, save_sending_policy
from conversations.models import SendingPolicy
from conversations.workspace.sending_forms import SendingPolicyForm
from tenants.api.serializers import Body, Lean
from tenants.api.views import TenantViewSet
from tenants.permissions import Permission

PERCENT: dict[str, Any] = {"min_value": 0, "max_value": 100}
SHARE: dict[str, Any] = {"max_digits": 4, "decimal_places": 1, **PERCENT}


class SendingPolicyIn(Body):
    """What to change."""

    quiet_from = serializers.TimeField(format="%H:%M", help_text="By the recipient's clock.")
    quiet_until = serializers.TimeField(format="%H:%M", help_text="The same as `quiet_from`: no quiet hours.")
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        min_length=1,
        max_length=7,
        help_text="On which offers go out; 0 is Monday.",
    )
    keeps_holidays = serializers.BooleanField(help_text="No offers on public holidays where he lives.")
    cap_count = serializers.IntegerField(min_value=1, max_value=100, help_text="Offers to one customer.")
    cap_days = serializers.IntegerField(min_value=1, max_value=365, help_text="Within so many days.")
    pause_days = serializers.IntegerField(min_value=0, max_value=90, help_text="After an answer.")
    rating_days = serializers.IntegerField(min_value=0, max_value=365, help_text="After a bad rating.")
    rating_most = serializers.IntegerField(min_value=1, max_value=4, help_text="A rating up to it is bad.")
    needs_approval = serializers.BooleanField(help_text="A second person agrees to each campaign.")
    tracks = serializers.BooleanField(help_text="Opens and clicks are noticed.")
    tracking_host = serializers.CharField(max_length=260, allow_blank=True, help_text="Domain of links.")
    canary_percent = serializers.IntegerField(**PERCENT, help_text="The first slice.")
    most_opt_outs = serializers.DecimalField(**SHARE, help_text="Percent; more pauses a campaign.")
    most_complaints = serializers.DecimalField(**SHARE, help_text="Percent who report spam.")
    most_bounces = serializers.DecimalField(**SHARE, help_text="Percent that come back.")
    most_wishes = serializers.DecimalField(**SHARE, help_text="Percent who ask for a person.")
    busy_from = serializers.IntegerField(
        min_value=1, max_value=1_000_000, help_text="So many waiting for an answer slow campaigns down."
    )


class SendingPolicyOut(Lean):
    """What holds now."""

    quiet_from = serializers.SerializerMethodField(help_text="By the recipient's clock, as 20:00.")
    quiet_until = serializers.SerializerMethodField()
    weekdays = serializers.ListField(child=serializers.IntegerField(), help_text="0 is Monday.")
    keeps_holidays = serializers.BooleanField()
    cap_count = serializers.IntegerField()
    cap_days = serializers.IntegerField()
    pause_days = serializers.IntegerField()
    rating_days = serializers.IntegerField()
    rating_most = serializers.IntegerField()
    needs_approval = serializers.BooleanField()
    tracks = serializers.BooleanField()
    tracking_host = serializers.CharField()
    canary_percent = serializers.IntegerField()
    most_opt_outs = serializers.SerializerMethodField()
    most_complaints = serializers.SerializerMethodField()
    most_bounces = serializers.SerializerMethodField()
    most_wishes = serializers.SerializerMethodField()
    busy_from = serializers.IntegerField()

    def get_quiet_from(self, policy: SendingPolicy) -> str:
        return _clock(policy.quiet_from)

    def get_quiet_until(self, policy: SendingPolicy) -> str:
        return _clock(policy.quiet_until)

    def get_most_opt_outs(self, policy: SendingPolicy) -> float:
        return float(policy.most_opt_outs)

    def get_most_complaints(self, policy: SendingPolicy) -> float:
        return float(policy.most_complaints)

    def get_most_bounces(self, policy: SendingPolicy) -> float:
        return float(policy.most_bounces)

    def get_most_wishes(self, policy: SendingPolicy) -> float:
        return float(policy.most_wishes)


class SendingPolicyViewSet(TenantViewSet):
    """When and how often the business writes unasked, and what stops a campaign."""

    serializer_class = SendingPolicyOut
    required_scopes = {"GET": Permission.CAMPAIGNS_READ, "PATCH": Permission.SETTINGS_WRITE}

    def get_queryset(self) -> QuerySet[SendingPolicy]:
        return SendingPolicy.objects.all()

    def retrieve(self, request: Request) -> Response:
        """What holds; the defaults where nobody changed them."""
        return self.answer(gate.policy())

    @extend_schema(request=SendingPolicyIn(partial=True), responses=SendingPolicyOut)
    def partial_update(self, request: Request) -> Response:
        """Change what is given."""
        given = self.body(SendingPolicyIn, partial=True)
        policy = gate.policy()
        if given:
            policy = save_sending_policy(by=self.actor, **_checked(policy, given))
        return self.answer(policy)


def _checked(policy: SendingPolicy, given: dict[str, Any]) -> dict[str, Any]:
    """What is given as the page would take it. Raises `ValidationError` by field."""
    form = SendingPolicyForm({**model_to_dict(policy, FIELDS), **given}, instance=policy)
    if not form.is_valid():
        raise serializers.ValidationError(
            {name: [str(one) for one in errors] for name, errors in form.errors.items()}
        )
    return {name: form.cleaned_data[name] for name in FIELDS if name in given}


def _clock(at: time) -> str:
    return f"{at:%H:%M}"
