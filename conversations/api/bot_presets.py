"""Balances by trade to begin with, and where one customer stands on his journey."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import bot_sentences as sentences
from conversations.actions import bots
from conversations.api.bot import BotOut, Settings, shown
from conversations.bot.balance import PRESETS, Stage
from conversations.circumstances import standing_of
from conversations.models import Bot
from crm import queries as crm
from crm.models import Customer
from tenants.api.serializers import Body, Lean
from tenants.api.views import TenantViewSet
from tenants.permissions import Permission


class PresetOut(Lean):
    """A balance to begin with."""

    key = serializers.ChoiceField(choices=sorted(PRESETS))
    name = serializers.CharField(help_text="The trade.")
    why = serializers.CharField()
    balance = Settings(help_text="As `balance` of /bot/ takes it.")


class PresetsOut(serializers.Serializer[Any]):
    """All of them."""

    data = PresetOut(many=True)  # type: ignore[assignment]


class PresetIn(Body):
    """What the balance is replaced in."""

    version = serializers.IntegerField(
        required=False, min_value=1, max_value=2_000_000_000, help_text="409 when it is another by now."
    )


class PresetViewSet(TenantViewSet):
    """Balances by trade."""

    serializer_class = PresetOut
    required_scopes = {"GET": Permission.CONVERSATIONS_READ, "POST": Permission.SETTINGS_WRITE}

    def get_queryset(self) -> QuerySet[Bot]:
        return Bot.objects.all()

    @extend_schema(responses=PresetsOut)
    def list(self, request: Request) -> Response:
        """What a business of a trade may begin with."""
        rows = []
        for key, balance in PRESETS.items():
            name, why = sentences.PRESETS[key]
            rows.append({"key": key, "name": str(name), "why": str(why), "balance": balance.kept()})
        return Response({"data": PresetOut(rows, many=True).data})

    @extend_schema(request=PresetIn, responses=BotOut)
    def application(self, request: Request, key: str) -> Response:
        """Put the balance of a trade in place of what there is. It can be changed like any other."""
        if key not in PRESETS:
            raise Http404
        seen = self.body(PresetIn).get("version")
        saved = bots.save_bot(by=self.actor, seen=seen, balance=PRESETS[key].kept())
        return self.answer(shown(saved.bot), shape=BotOut)


class StageOut(Lean):
    """Where a customer stands with the business."""

    stage = serializers.ChoiceField(choices=[one.value for one in Stage])
    name = serializers.CharField()
    why = serializers.CharField(help_text="What it was read from.")


class StageViewSet(TenantViewSet):
    """The stage of one customer's journey."""

    serializer_class = StageOut
    required_scopes = {"GET": Permission.CUSTOMERS_READ}

    def get_queryset(self) -> QuerySet[Customer]:
        return Customer.objects.all()

    def retrieve(self, request: Request, customer_id: UUID) -> Response:
        """Read from his history at this moment, as far as the caller may see it."""
        found = standing_of(crm.customer_or_404(customer_id, self.actor), self.actor)
        name = str(sentences.STAGES[found.stage])
        return self.answer({"stage": found.stage.value, "name": name, "why": sentences.standing(found)})
