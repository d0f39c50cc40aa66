"""Readings: a worker finds drafts of answers in a page, a document or a text."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.actions import readings
from conversations.api.files import SentFileIn
from conversations.models import Reading
from tenants.api import views
from tenants.api.serializers import Body, Lean
from tenants.permissions import Permission

WRITE = Permission.KNOWLEDGE_WRITE


class ReadDraftOut(Lean):
    """A question and its answer, as they were found."""

    question = serializers.CharField()
    answer = serializers.CharField()


class ReadingOut(Lean):
    """A page or a document being read; kept for a day."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=Reading.State.choices)
    url = serializers.CharField()
    name = serializers.CharField(help_text="Of a document.")
    language = serializers.CharField()
    drafts = ReadDraftOut(many=True, help_text="Once it is done, in their order.")
    problem = serializers.CharField(help_text="Why nothing was found, in a sentence.")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class DraftsReadingIn(Body):
    """One of `url`, `file` and `text`."""

    url = serializers.CharField(max_length=2_000, required=False, allow_blank=True)
    file = SentFileIn(
        required=False, help_text="Text, Markdown, HTML or DOCX up to 2 MB, PDF up to 10 MB and 100 pages."
    )
    text = serializers.CharField(max_length=400_000, required=False, allow_blank=True)
    language = serializers.ChoiceField(
        choices=settings.LANGUAGES, required=False, help_text="Of the drafts; the business's when not given."
    )


class KeepingIn(Body):
    """Which drafts, by their places; 0 is the first."""

    drafts = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=100_000), max_length=1_000
    )


class KeptOut(serializers.Serializer[Any]):
    """How many answers have a new draft."""

    kept = serializers.IntegerField()


class ReadingViewSet(views.Listing, views.Reading, views.TenantViewSet):
    """Pages and documents read for drafts. Nothing is published."""

    serializer_class = ReadingOut
    required_scopes = {"GET": WRITE, "POST": WRITE}

    def get_queryset(self) -> QuerySet[Reading]:
        return Reading.objects.all()

    @extend_schema(request=DraftsReadingIn, responses={202: ReadingOut})
    def create(self, request: Request) -> Response:
        """Let a worker read it; ask for it until `state` is done or failed."""
        return self.answer(readings.read(by=self.actor, **self.body(DraftsReadingIn)), 202)

    @extend_schema(request=KeepingIn, responses=KeptOut)
    def keeping(self, request: Request, pk: UUID) -> Response:
        """Keep some as drafts of answers. 409 before it is done."""
        reading = self.find(pk)
        places = set(self.body(KeepingIn)["drafts"])
        return Response({"kept": readings.keep(reading=reading, places=places, by=self.actor)})
