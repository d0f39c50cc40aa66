"""/api/v1/journeys/: steps that customers go through by themselves, and who is where."""

from typing import Any
from uuid import UUID

import django_filters as filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import journey_queries as queries
from conversations.actions import journeys as acts
from conversations.confirmation_queries import seen
from conversations.journeys.recipes import RECIPES
from conversations.left_out import sentence
from conversations.models import Journey, JourneyPlace
from crm.models import Segment
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, Reading, TenantViewSet, only
from tenants.decorators import get_or_404
from tenants.permissions import Permission

READ, WRITE, SEND = Permission.CAMPAIGNS_READ, Permission.CAMPAIGNS_WRITE, Permission.CAMPAIGNS_SEND
CONTENT = (
    "{entry: {on: happening, no_show or birthday (then attribute)} or {segment: id}, steps: [{do: wait, "
    "minutes} | {do: send, template} | {do: ask, template, choices: [one to three answers of at most 20 "
    "characters], minutes: how long he is waited for, a: […] for the first answer, b, c, other: […], "
    "silence: […]} | {do: task, title, days} | {do: branch, if: {is: answered, bought or in_segment (then "
    "segment)}, then: […], else: […]} | {do: stop}], stops: [answered, bought, complained]}"
)


class JourneyVersionOut(Lean):
    """What its steps are for those who enter now."""

    version = serializers.IntegerField(source="number")
    content = serializers.JSONField(help_text=CONTENT)
    author = serializers.CharField(source="made_by_label")
    created_at = serializers.DateTimeField()


class JourneyOut(Lean):
    """A journey with its newest version."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    is_on = serializers.BooleanField()
    recipe = serializers.CharField(help_text="What it was made from.")
    latest = serializers.SerializerMethodField()
    archived_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()

    @extend_schema_field(JourneyVersionOut)
    def get_latest(self, journey: Journey) -> Any:
        return JourneyVersionOut(getattr(journey, "latest", None) or acts.newest_of(journey)).data


class JourneyIn(Body):
    """A new journey, off: its content, or a recipe."""

    name = serializers.CharField(max_length=200, required=False)
    content = serializers.JSONField(required=False, help_text=CONTENT)
    recipe = serializers.ChoiceField(choices=[(key, key) for key in RECIPES], required=False)
    segment_id = serializers.UUIDField(required=False, help_text="Whose people enter, for win_back.")
    attribute = serializers.CharField(
        max_length=60, required=False, help_text="The fact in which the birthday stands."
    )


class JourneyChange(Body):
    """What to change; who is under way finishes the steps he began with."""

    name = serializers.CharField(max_length=200, required=False)
    content = serializers.JSONField(required=False, help_text=CONTENT)
    base = serializers.IntegerField(
        required=False, min_value=1, max_value=2_000_000_000, help_text="409 when a newer version is there."
    )


class JourneySwitchIn(Body):
    """On or off."""

    is_on = serializers.BooleanField()


class JourneyFilter(filters.FilterSet):
    """Those in use; archived ones by `state=archived`."""

    state = filters.ChoiceFilter(choices=[("archived", "archived")])

    class Meta:
        model = Journey
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Journey]) -> QuerySet[Journey]:
        return queries.listed(archived=self.form.cleaned_data.get("state") == "archived")


class JourneyViewSet(Listing, Reading, TenantViewSet):
    """Steps that customers go through one by one."""

    serializer_class = JourneyOut
    filterset_class = JourneyFilter
    required_scopes = {"GET": READ, "POST": WRITE, "PATCH": WRITE, "DELETE": WRITE}
    ordering = ("-id",)

    def get_queryset(self) -> QuerySet[Journey]:
        return Journey.objects.all()

    def paginate_queryset(self, queryset: Any) -> Any:
        """A page with the newest version of each, by one query."""
        found = super().paginate_queryset(queryset) or []
        newest = queries.newest(found)
        for one in found:
            one.latest = newest[one.pk]
        return found

    @extend_schema(request=JourneyIn, responses={201: JourneyOut})
    def create(self, request: Request) -> Response:
        """A new one; switch it on once it is right."""
        given = self.body(JourneyIn)
        if recipe := given.get("recipe"):
            wanted = [given["segment_id"]] if "segment_id" in given else []
            made = acts.create_from_recipe(
                recipe=recipe,
                segment=next(iter(only(Segment, wanted, "segment_id")), None),
                attribute=given.get("attribute", ""),
                by=self.actor,
            )
        else:
            made = acts.create_journey(
                name=given.get("name", ""), content=given.get("content"), by=self.actor
            )
        return self.answer(made, 201)

    @extend_schema(request=JourneyChange, responses=JourneyOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change its name or its steps."""
        journey = self.find(pk)
        acts.save_journey(journey=journey, by=self.actor, **self.body(JourneyChange))
        return self.answer(self.find(pk))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Put it away; `restoration/` brings it back."""
        acts.archive_journey(journey=self.find(pk), by=self.actor)
        return Response(status=204)

    @extend_schema(request=None, responses=JourneyOut)
    def restoration(self, request: Request, pk: UUID) -> Response:
        """Bring it back, off."""
        return self.answer(acts.bring_back_journey(journey=self.find(pk), by=self.actor))


class JourneySwitchViewSet(TenantViewSet):
    """On and off."""

    serializer_class = JourneyOut
    required_scopes = {"PUT": SEND}

    def get_queryset(self) -> QuerySet[Journey]:
        return Journey.objects.all()

    @extend_schema(request=JourneySwitchIn, responses=JourneyOut)
    def update(self, request: Request, pk: UUID) -> Response:
        """Let customers enter, or no more."""
        is_on = self.body(JourneySwitchIn)["is_on"]
        return self.answer(acts.switch_journey(journey=self.find(pk), is_on=is_on, by=self.actor))


class PlaceOut(Lean):
    """Where a customer is."""

    id = serializers.UUIDField()
    customer_id = serializers.UUIDField()
    version_id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=JourneyPlace.State.choices)
    step = serializers.CharField(help_text="A path: 2 is the third step, 2.then.0 the first if it is so.")
    reason = serializers.CharField(help_text="Why it stopped, as a code.")
    why = serializers.SerializerMethodField()
    trail = serializers.JSONField(help_text="[{step, at, what, detail}] of what was done.")
    due_at = serializers.DateTimeField(allow_null=True)
    asked_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when his answer is waited for, where he was asked something."
    )
    entered_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)

    def get_why(self, place: JourneyPlace) -> str:
        return sentence(place.reason)


class PlaceFilter(filters.FilterSet):
    """By state and customer."""

    state = filters.ChoiceFilter(choices=JourneyPlace.State.choices)
    customer_id = filters.UUIDFilter()

    class Meta:
        model = JourneyPlace
        fields: list[str] = []


class JourneyPlaceViewSet(Listing, Reading, TenantViewSet):
    """Who is where in a journey."""

    serializer_class = PlaceOut
    filterset_class = PlaceFilter
    required_scopes = {"GET": READ, "POST": WRITE}
    ordering = ("-id",)

    def get_queryset(self) -> QuerySet[JourneyPlace]:
        journey = get_or_404(Journey.objects.all(), self.kwargs["journey_id"])
        return seen(JourneyPlace.objects.filter(journey=journey), self.actor)

    @extend_schema(request=None, responses=PlaceOut)
    def end(self, request: Request, journey_id: UUID, pk: UUID) -> Response:
        """Take a customer out; 409 where he is not under way."""
        return self.answer(acts.take_out(place=self.find(pk), by=self.actor))
