"""Promises of answers, what members take, the clocks of a conversation, and the live load."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import times
from conversations.actions import sla, work
from conversations.actions.assignment import place_in_queue
from conversations.models import Conversation, Episode, Goal, SlaPolicy
from conversations.models.sla import MOST_MINUTES
from conversations.supervision import supervise
from crm.models import Label
from tenants.actions.members import set_availability
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, Reading, TenantViewSet, only
from tenants.models import Membership, Team, Tenant
from tenants.permissions import Permission


class PolicyOut(Lean):
    """A promise of answers; of several the first that fits holds."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    position = serializers.IntegerField()
    is_active = serializers.BooleanField()
    channel_kind = serializers.CharField(help_text="Of this kind of channel; empty is any.")
    team_id = serializers.UUIDField(allow_null=True)
    label_id = serializers.UUIDField(allow_null=True, help_text="Of the conversation or its customer.")
    priority = serializers.IntegerField(allow_null=True, help_text="This one or more urgent.")
    first_minutes = serializers.IntegerField(allow_null=True)
    next_minutes = serializers.IntegerField(allow_null=True)
    resolution_minutes = serializers.IntegerField(allow_null=True)
    around_the_clock = serializers.BooleanField(help_text="Otherwise only opening hours count.")
    created_at = serializers.DateTimeField()


class PolicyIn(Body):
    """A promise as it should be: at least one of the three targets, in minutes."""

    name = serializers.CharField(max_length=80)
    is_active = serializers.BooleanField(required=False)
    channel_kind = serializers.CharField(max_length=20, required=False, allow_blank=True)
    team_id = serializers.UUIDField(required=False, allow_null=True)
    label_id = serializers.UUIDField(required=False, allow_null=True)
    priority = serializers.ChoiceField(choices=Conversation.Priority.choices, required=False, allow_null=True)
    first_minutes = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=MOST_MINUTES
    )
    next_minutes = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=MOST_MINUTES
    )
    resolution_minutes = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=MOST_MINUTES
    )
    around_the_clock = serializers.BooleanField(required=False)


class PolicyViewSet(Listing, Reading, TenantViewSet):
    """Promises of answers. Conversations that are open follow a change within moments."""

    serializer_class = PolicyOut
    ordering = ("position", "id")
    required_scopes = {
        "GET": Permission.CONVERSATIONS_READ,
        "POST": Permission.SETTINGS_WRITE,
        "PATCH": Permission.SETTINGS_WRITE,
        "DELETE": Permission.SETTINGS_WRITE,
    }

    def get_queryset(self) -> QuerySet[SlaPolicy]:
        return SlaPolicy.objects.all()

    @extend_schema(request=PolicyIn, responses={201: PolicyOut})
    def create(self, request: Request) -> Response:
        """A new one; it stands last."""
        return self.answer(self._saved(SlaPolicy(), self.body(PolicyIn)), 201)

    @extend_schema(request=PolicyIn, responses=PolicyOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change it; what is not given stays."""
        return self.answer(self._saved(self.find(pk), self.body(PolicyIn, partial=True)))

    def _saved(self, policy: SlaPolicy, given: dict[str, Any]) -> SlaPolicy:
        for name, model in (("team", Team), ("label", Label)):
            field = f"{name}_id"
            if given.get(field):
                only(model, [given[field]], field)
        for name, value in given.items():
            setattr(policy, name, int(value) if name == "priority" and value is not None else value)
        return sla.save_policy(policy=policy, by=self.actor)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Promise that no longer."""
        sla.delete_policy(policy=self.find(pk), by=self.actor)
        return Response(status=204)


class WorkOut(Lean):
    """What a member takes; an empty list takes everything."""

    weight = serializers.IntegerField(help_text="Share in percent: 50 gets half as many.")
    languages = serializers.ListField(child=serializers.CharField())
    channel_kinds = serializers.ListField(child=serializers.CharField())
    label_ids = serializers.ListField(child=serializers.UUIDField())
    most_priority = serializers.IntegerField()
    most_amount = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)


class WorkIn(Body):
    """What to change of what a member takes; what is not given stays."""

    weight = serializers.IntegerField(min_value=1, max_value=1_000, required=False)
    languages = serializers.ListField(
        child=serializers.CharField(max_length=10), required=False, max_length=20
    )
    channel_kinds = serializers.ListField(
        child=serializers.CharField(max_length=20), required=False, max_length=50
    )
    label_ids = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=200)
    most_priority = serializers.ChoiceField(choices=Conversation.Priority.choices, required=False)
    most_amount = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True
    )


class AvailabilityIn(Body):
    """Whether a member takes new conversations."""

    is_available = serializers.BooleanField()


class AvailabilityOut(Lean):
    """Whether a member takes new conversations."""

    id = serializers.UUIDField()
    is_available = serializers.BooleanField()


class WorkViewSet(TenantViewSet):
    """What members take when conversations are assigned, and whether they are available."""

    serializer_class = WorkOut
    required_scopes = {
        "GET": Permission.MEMBERS_READ,
        "PATCH": Permission.TEAMS_WRITE,
        "PUT": Permission.MEMBERS_WRITE,
    }

    def get_queryset(self) -> QuerySet[Membership]:
        return Membership.objects.filter(is_active=True)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """What this member takes."""
        return self.answer(work.profile_of(self.find(pk)))

    @extend_schema(request=WorkIn, responses=WorkOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change it. Conversations that wait are looked at again."""
        given = self.body(WorkIn)
        if "most_priority" in given:
            given["most_priority"] = int(given["most_priority"])
        if "label_ids" in given:
            given["label_ids"] = [str(one) for one in given["label_ids"]]
        return self.answer(work.set_work(membership=self.find(pk), by=self.actor, **given))

    @extend_schema(request=AvailabilityIn, responses=AvailabilityOut)
    def availability(self, request: Request, pk: UUID) -> Response:
        """Say that he takes new conversations, or is away."""
        given = self.body(AvailabilityIn)
        set_availability(membership=self.find(pk), available=given["is_available"], by=self.actor)
        return self.answer(self.find(pk), shape=AvailabilityOut)


class GoalOut(Lean):
    """A promise about an episode and what became of it."""

    target = serializers.ChoiceField(choices=Goal.Target.choices)
    policy_id = serializers.UUIDField(allow_null=True)
    minutes = serializers.IntegerField()
    state = serializers.ChoiceField(choices=["running", "paused", "kept", "missed"])
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True, help_text="null while it stands still or is over.")
    missed_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)


class EpisodeOut(Lean):
    """From opening to closing, with seconds by whose time it was."""

    id = serializers.UUIDField(source="episode.id")
    number = serializers.IntegerField(source="episode.number")
    opened_at = serializers.DateTimeField(source="episode.opened_at")
    first_answer_at = serializers.DateTimeField(source="episode.first_answer_at", allow_null=True)
    closed_at = serializers.DateTimeField(source="episode.closed_at", allow_null=True)
    clock = serializers.ChoiceField(
        source="episode.clock", choices=Episode.Clock.choices, help_text="Whose time runs; empty is nobody's."
    )
    bot_seconds = serializers.IntegerField(source="episode.bot_seconds", help_text="In opening hours.")
    waiting_seconds = serializers.IntegerField(source="episode.waiting_seconds")
    human_seconds = serializers.IntegerField(source="episode.human_seconds")
    bot_elapsed = serializers.IntegerField(source="episode.bot_elapsed", help_text="On the wall.")
    waiting_elapsed = serializers.IntegerField(source="episode.waiting_elapsed")
    human_elapsed = serializers.IntegerField(source="episode.human_elapsed")
    goals = GoalOut(many=True)


class ClocksOut(Lean):
    """The latest episodes of a conversation, and at which place it waits for somebody with room."""

    place = serializers.IntegerField(allow_null=True)
    episodes = EpisodeOut(many=True)


class ClocksViewSet(TenantViewSet):
    """How long a conversation was with whom, and what was promised."""

    serializer_class = ClocksOut
    required_scopes = {"GET": Permission.CONVERSATIONS_READ}

    def get_queryset(self) -> QuerySet[Conversation]:
        visible: QuerySet[Conversation] = Conversation.objects.visible_to(self.actor)
        return visible.select_related("channel")

    def retrieve(self, request: Request, conversation_id: UUID) -> Response:
        """Its clocks as they stand now."""
        conversation = self.find(conversation_id)
        found = {
            "place": place_in_queue(conversation, Tenant.objects.get()),
            "episodes": times.of_conversation(conversation),
        }
        return self.answer(found)


class LoadOut(Lean):
    """Open conversations of somebody or something."""

    open = serializers.IntegerField()
    waiting = serializers.IntegerField(help_text="Whose customer waits for an answer.")
    unassigned = serializers.IntegerField()
    overdue = serializers.IntegerField()
    oldest = serializers.DateTimeField(allow_null=True, help_text="Since when the longest waits.")


class AgentLoadOut(Lean):
    """A member who answers."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    capacity = serializers.IntegerField()
    is_available = serializers.BooleanField()
    last_seen = serializers.DateTimeField(allow_null=True)
    load = LoadOut()


class TeamLoadOut(Lean):
    """A team's queue."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    load = LoadOut()


class ChannelHealthOut(Lean):
    """How a channel is."""

    id = serializers.UUIDField(source="channel.id")
    kind = serializers.CharField(source="channel.kind")
    name = serializers.CharField(source="channel.name")
    state = serializers.ChoiceField(choices=["off", "broken", "warning", "fine"])
    problem = serializers.CharField()
    token_expires_at = serializers.DateTimeField(source="channel.token_expires_at", allow_null=True)
    last_event_at = serializers.DateTimeField(source="channel.last_event_at", allow_null=True)
    last_sent_at = serializers.DateTimeField(source="channel.last_sent_at", allow_null=True)
    pending = serializers.IntegerField(help_text="Messages that wait to be sent.")
    failed_hour = serializers.IntegerField()
    failed_day = serializers.IntegerField()
    load = LoadOut()


class QueuedOut(Lean):
    """A conversation that waits for somebody."""

    id = serializers.UUIDField()
    customer = serializers.CharField()
    channel_kind = serializers.CharField()
    priority = serializers.IntegerField()
    waiting_since = serializers.DateTimeField()


class SupervisionOut(Lean):
    """What happens right now."""

    at = serializers.DateTimeField()
    total = LoadOut()
    missed_today = serializers.IntegerField()
    parked = serializers.IntegerField(allow_null=True, help_text="At most 100 are counted.")
    agents = AgentLoadOut(many=True)
    teams = TeamLoadOut(many=True)
    channels = ChannelHealthOut(many=True)
    queue = QueuedOut(many=True, help_text="Who waits for somebody, the next to be given first; at most 20.")


class SupervisionViewSet(TenantViewSet):
    """The live load and the channels' health."""

    serializer_class = SupervisionOut
    required_scopes = {"GET": Permission.SUPERVISION_READ}

    def get_queryset(self) -> QuerySet[Conversation]:
        visible: QuerySet[Conversation] = Conversation.objects.visible_to(self.actor)
        return visible

    def retrieve(self, request: Request) -> Response:
        """As it stands at this moment."""
        return self.answer(supervise(self.actor))
