"""Practice runs, to be read."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from conversations.actions import practice
from conversations.models import Mood, PracticeRun
from tenants.api.serializers import Lean
from tenants.api.views import Listing, TenantViewSet
from tenants.permissions import Permission


class PracticeOut(Lean):
    """A run with a simulated customer."""

    id = serializers.UUIDField()
    membership_id = serializers.UUIDField()
    language = serializers.CharField()
    mood = serializers.ChoiceField(choices=Mood.choices)
    score = serializers.IntegerField(allow_null=True, help_text="0 to 100; null while it runs.")
    clarity = serializers.SerializerMethodField()
    empathy = serializers.SerializerMethodField()
    knowing = serializers.SerializerMethodField(
        help_text="100 where nothing was asked that he had told or that stood in his record."
    )
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_clarity(self, run: PracticeRun) -> int | None:
        return _mark(run, "clarity")

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_empathy(self, run: PracticeRun) -> int | None:
        return _mark(run, "empathy")

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_knowing(self, run: PracticeRun) -> int | None:
        return _mark(run, "knowing")


def _mark(run: PracticeRun, name: str) -> int | None:
    told: dict[str, Any] = run.feedback or {}
    return told.get(name) if run.score is not None else None


class PracticeViewSet(Listing, TenantViewSet):
    """Practice runs of everybody, the latest first."""

    serializer_class = PracticeOut
    ordering = practice.ORDER
    required_scopes = {"GET": Permission.SUPERVISION_READ}

    def get_queryset(self) -> QuerySet[PracticeRun]:
        return practice.visible_to(self.actor)
