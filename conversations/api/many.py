"""Putting conversations together and taking them apart, and acts on many of them; all can be undone."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.actions import bulk, merging
from conversations.api.filters import ConversationFilter
from conversations.models import BulkRun, Conversation, ConversationMerge
from tenants.api.errors import Malformed
from tenants.api.serializers import Body, Lean, Moment
from tenants.api.views import Listing, Reading, TenantViewSet, UnknownReference
from tenants.permissions import Permission

READ, WRITE = Permission.CONVERSATIONS_READ, Permission.CONVERSATIONS_WRITE


class MergeOut(Lean):
    """What was put together or taken apart."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=ConversationMerge.Kind.choices)
    source_id = serializers.UUIDField(help_text="The one that gave messages; on a split, the original.")
    target_id = serializers.UUIDField(help_text="The one that took them; on a split, the new one.")
    made_at = serializers.DateTimeField()
    made_by = serializers.CharField(source="made_by_label")
    undone_at = serializers.DateTimeField(allow_null=True)


class MergeIn(Body):
    """What to put into a conversation."""

    source_id = serializers.UUIDField(help_text="Another conversation of the same customer.")
    answer_by_source = serializers.BooleanField(
        default=False, help_text="Replies go by the channel and address of the source from now on."
    )


class SplitIn(Body):
    """Which messages belong to something else."""

    message_ids = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=1_000)
    since_id = serializers.UUIDField(required=False, help_text="This message and all after it.")


class WayIn(Body):
    """By which of the merged conversations replies go."""

    conversation_id = serializers.UUIDField(help_text="One merged into it, or itself.")


class MergeViewSet(Listing, Reading, TenantViewSet):
    """What was put together or taken apart, the latest first. Each can be undone for 30 days."""

    serializer_class = MergeOut
    required_scopes = {"GET": READ, "POST": WRITE}

    def get_queryset(self) -> QuerySet[ConversationMerge]:
        seen = Conversation.objects.within(self.actor).values("pk")
        if self.actor.sees == "all":
            return ConversationMerge.objects.all()
        return ConversationMerge.objects.filter(Q(source__in=seen) & Q(target__in=seen))

    def _seen(self, pk: UUID) -> Conversation:
        return self.find(pk, Conversation.objects.visible_to(self.actor))  # type: ignore[no-any-return]

    @extend_schema(request=MergeIn, responses={201: MergeOut})
    def merge(self, request: Request, conversation_id: UUID) -> Response:
        """Put another conversation of the same customer into this one."""
        target, given = self._seen(conversation_id), self.body(MergeIn)
        source = Conversation.objects.visible_to(self.actor).filter(pk=given["source_id"]).first()
        if source is None:
            raise UnknownReference("source_id")
        made = merging.merge(
            source=source, target=target, by=self.actor, answer_by_source=given["answer_by_source"]
        )
        return self.answer(made, 201)

    @extend_schema(request=SplitIn, responses={201: MergeOut})
    def split(self, request: Request, conversation_id: UUID) -> Response:
        """Make a new conversation out of some of its messages."""
        conversation, given = self._seen(conversation_id), self.body(SplitIn)
        made = merging.split(
            conversation=conversation,
            messages=given.get("message_ids", []),
            since=given.get("since_id"),
            by=self.actor,
        )
        return self.answer(made, 201)

    @extend_schema(request=WayIn, responses={204: None})
    def way(self, request: Request, conversation_id: UUID) -> Response:
        """Choose by which channel and address replies go, where several conversations are one."""
        conversation, given = self._seen(conversation_id), self.body(WayIn)
        way = Conversation.objects.within(self.actor).filter(pk=given["conversation_id"]).first()
        if way is None:
            raise UnknownReference("conversation_id")
        merging.answer_by(conversation=conversation, way=way, by=self.actor)
        return Response(status=204)

    @extend_schema(request=None, responses=MergeOut)
    def undoing(self, request: Request, pk: UUID) -> Response:
        """Put both back as they were; what came later goes where it belongs."""
        made = self.find(pk)
        merging.undo(made=made, by=self.actor)
        return self.answer(self.find(pk))


class CountsOut(Lean):
    """How many conversations had each outcome."""

    pending = serializers.IntegerField()
    changed = serializers.IntegerField()
    same = serializers.IntegerField(help_text="They were so already.")
    refused = serializers.IntegerField(help_text="It made no sense for them.")
    gone = serializers.IntegerField(help_text="There are none such, or the caller may not see them.")
    left = serializers.IntegerField(help_text="It was stopped before their turn came.")
    undone = serializers.IntegerField()
    kept = serializers.IntegerField(help_text="Somebody changed them meanwhile: they were not put back.")


class BulkOut(Lean):
    """An act on many conversations and how far it is."""

    id = serializers.UUIDField()
    action = serializers.ChoiceField(choices=[(name, name) for name in bulk.ACTIONS])
    state = serializers.ChoiceField(choices=BulkRun.State.choices)
    total = serializers.IntegerField()
    counts = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(CountsOut)
    def get_counts(self, run: BulkRun) -> dict[str, int]:
        return bulk.many.counts(run)


class BulkIn(Body):
    """What to do to which conversations."""

    action = serializers.ChoiceField(choices=[(name, name) for name in bulk.ACTIONS])
    ids = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=bulk.many.most)
    filter = serializers.DictField(
        required=False,
        child=serializers.JSONField(),
        help_text='In place of ids: as the list takes it, such as {"status": "open", "label": "…"}.',
    )
    to = serializers.CharField(
        required=False, allow_null=True, max_length=40, help_text="Member, team, label or priority."
    )
    until = Moment(required=False, help_text="For `snooze`.")


class BulkViewSet(Reading, TenantViewSet):
    """Acts on many conversations."""

    serializer_class = BulkOut
    required_scopes = {"GET": READ, "POST": WRITE}

    def get_queryset(self) -> QuerySet[BulkRun]:
        return BulkRun.objects.all()

    @extend_schema(request=BulkIn, responses={201: BulkOut, 202: BulkOut})
    def create(self, request: Request) -> Response:
        """Do it: up to a hundred at once (201), more by a worker (202; ask again how far it is)."""
        given = self.body(BulkIn)
        parameters = {"to": given.get("to")}
        if given.get("until"):
            parameters["until"] = given["until"].isoformat()
        run = bulk.many.start(
            action=given["action"], parameters=parameters, ids=self._ids(given), by=self.actor
        )
        return self.answer(run, 201 if run.state == BulkRun.State.DONE else 202)

    def _ids(self, given: dict[str, Any]) -> list[UUID]:
        if "filter" not in given:
            return list(given.get("ids", []))
        found = ConversationFilter(given["filter"], Conversation.objects.visible_to(self.actor))
        unknown = sorted(set(given["filter"]) - set(found.filters))
        if unknown or not found.is_valid():
            raise Malformed(f"filter: {', '.join(unknown) or found.errors.as_json()}", "filter")
        rows = found.qs.order_by("-last_message_at", "-id").values_list("pk", flat=True)
        return list(rows[: bulk.many.most + 1])

    @extend_schema(request=None, responses=BulkOut)
    def undoing(self, request: Request, pk: UUID) -> Response:
        """Give each its earlier state again, except those somebody changed since."""
        return self.answer(bulk.many.undo(run=self.find(pk), by=self.actor))
