"""Macros, rules with their log and dry run, and what members are told."""

from typing import Any
from uuid import UUID

import django_filters as filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import rule_queries
from conversations.actions import macros, notifications, rules
from conversations.automation import definitions, past
from conversations.automation.names import names
from conversations.models import (
    Conversation,
    Macro,
    Notification,
    NotificationChoice,
    Rule,
    RuleRun,
    Trigger,
)
from conversations.notices import notice_of
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, Reading, TenantViewSet, only
from tenants.models import Membership
from tenants.permissions import Permission

READ, WRITE = Permission.CONVERSATIONS_READ, Permission.CONVERSATIONS_WRITE
STEPS_HELP = 'Steps in order, such as {"do": "add_label", "label": "<id>"}: docs/automation.md lists them.'
RULE_HELP = '{"version": 1, "when": {"is": "received"}, "if": […], "then": […], "stop": false}'


@extend_schema_field({"type": "array", "items": {"type": "object"}})
class Steps(serializers.JSONField):
    """The steps of a macro."""


@extend_schema_field({"type": "object"})
class Definition(serializers.JSONField):
    """A rule's definition."""


class MacroOut(Lean):
    """Several acts on a conversation under one name."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    owner_id = serializers.UUIDField(allow_null=True, help_text="A member's id; null for everybody's.")
    actions = Steps(help_text=STEPS_HELP)
    updated_at = serializers.DateTimeField()


class MacroIn(Body):
    """A new macro, for everybody."""

    name = serializers.CharField(max_length=80)
    actions = Steps(help_text=STEPS_HELP)


class MacroChange(Body):
    """What to change; what is not given stays."""

    name = serializers.CharField(max_length=80, required=False)
    actions = Steps(required=False, help_text=STEPS_HELP)


class MacroRunIn(Body):
    """Where to run it."""

    conversation_id = serializers.UUIDField()


class MacroDone(serializers.Serializer[Any]):
    """What a macro did, or would do."""

    done = serializers.ListField(child=serializers.CharField())


class MacroViewSet(Listing, Reading, TenantViewSet):
    """The macros that everybody uses. A key has none of its own."""

    serializer_class = MacroOut
    required_scopes = {
        "GET": READ, "POST": Permission.LABELS_WRITE, "PATCH": Permission.LABELS_WRITE,
        "DELETE": Permission.LABELS_WRITE,
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Macro]:
        usable: QuerySet[Macro] = Macro.objects.usable_by(self.actor).order_by()
        return usable

    @extend_schema(request=MacroIn, responses={201: MacroOut})
    def create(self, request: Request) -> Response:
        """Write one."""
        return self.answer(macros.save_macro(by=self.actor, shared=True, **self.body(MacroIn)), 201)

    @extend_schema(request=MacroChange, responses=MacroOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Another name, or other steps."""
        return self.answer(macros.save_macro(macro=self.find(pk), by=self.actor, **self.body(MacroChange)))

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Remove it."""
        macros.delete_macro(macro=self.find(pk), by=self.actor)
        return Response(status=204)


class MacroRunViewSet(MacroViewSet):
    """Running a macro in a conversation."""

    required_scopes = {"POST": WRITE}

    @extend_schema(request=MacroRunIn, responses=MacroDone)
    def run(self, request: Request, pk: UUID) -> Response:
        """Do all of it, or nothing: 422 says why."""
        macro, conversation = self.find(pk), self._conversation()
        done = macros.preview(macro, conversation, self.actor)
        macros.run_macro(macro=macro, conversation=conversation, by=self.actor)
        return Response({"done": done})

    @extend_schema(request=MacroRunIn, responses=MacroDone)
    def preview(self, request: Request, pk: UUID) -> Response:
        """What it would do; nothing is changed."""
        return Response({"done": macros.preview(self.find(pk), self._conversation(), self.actor)})

    def _conversation(self) -> Conversation:
        wanted = self.body(MacroRunIn)["conversation_id"]
        found: Conversation = only(Conversation, [wanted], "conversation_id")[0]
        return found


class RuleOut(Lean):
    """When … and … then …"""

    id = serializers.UUIDField()
    name = serializers.CharField()
    is_active = serializers.BooleanField()
    position = serializers.IntegerField(help_text="Rules run from 0 upwards.")
    trigger = serializers.ChoiceField(choices=Trigger.choices)
    definition = Definition(help_text=RULE_HELP)
    version = serializers.IntegerField(help_text="Grows with every change.")
    updated_at = serializers.DateTimeField()


class RuleIn(Body):
    """A new rule, last in the order."""

    name = serializers.CharField(max_length=80)
    definition = Definition(help_text=RULE_HELP)
    is_active = serializers.BooleanField(required=False, default=True)


class RuleChange(Body):
    """What to change; what is not given stays."""

    name = serializers.CharField(max_length=80, required=False)
    definition = Definition(required=False, help_text=RULE_HELP)
    is_active = serializers.BooleanField(required=False)
    position = serializers.IntegerField(required=False, min_value=0, max_value=10_000)


class TrialIn(Body):
    """A rule to try on the past: one that is kept, or a definition."""

    rule_id = serializers.UUIDField(required=False)
    definition = Definition(required=False, help_text=RULE_HELP)
    cursor = serializers.CharField(required=False, default="", allow_blank=True, max_length=500)


class TouchedOut(serializers.Serializer[Any]):
    """A conversation that would have been touched."""

    conversation_id = serializers.UUIDField()
    customer = serializers.CharField()
    at = serializers.DateTimeField()
    would = serializers.ListField(child=serializers.CharField())


class TrialOut(serializers.Serializer[Any]):
    """A page of a dry run over the last 30 days."""

    sentence = serializers.CharField()
    scanned = serializers.IntegerField(help_text="Past events looked at for this page.")
    touched = TouchedOut(many=True)
    next_cursor = serializers.CharField(help_text="Empty on the last page.")


class RuleViewSet(Listing, Reading, TenantViewSet):
    """What happens by itself."""

    serializer_class = RuleOut
    required_scopes = dict.fromkeys(("GET", "POST", "PATCH", "DELETE"), Permission.SETTINGS_WRITE)

    def get_queryset(self) -> QuerySet[Rule]:
        return Rule.objects.order_by()

    @extend_schema(request=RuleIn, responses={201: RuleOut})
    def create(self, request: Request) -> Response:
        """Write one. A definition that cannot be meant is 422 with the sentence that says why."""
        return self.answer(rules.save_rule(by=self.actor, **self.body(RuleIn)), 201)

    @extend_schema(request=RuleChange, responses=RuleOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change it, switch it on or off, or move it."""
        rule, change = self.find(pk), self.body(RuleChange)
        position = change.pop("position", None)
        if change:
            rules.save_rule(rule=rule, by=self.actor, **change)
        if position is not None:
            rules.move_rule(rule=rule, to=position, by=self.actor)
        return self.answer(self.find(pk))

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Remove it with its log."""
        rules.delete_rule(rule=self.find(pk), by=self.actor)
        return Response(status=204)

    @extend_schema(request=TrialIn, responses=TrialOut)
    def trial(self, request: Request) -> Response:
        """What a rule would have done over the last 30 days; nothing is changed."""
        given, known = self.body(TrialIn), names()
        if given.get("rule_id"):
            definition = self.find(given["rule_id"]).definition
        else:
            definition = definitions.checked(given.get("definition"), known)
        trial = past.try_out(definition, known, self.actor, cursor=given["cursor"])
        touched = [
            {
                "conversation_id": one.conversation.pk,
                "customer": str(one.conversation.customer),
                "at": one.at,
                "would": one.would,
            }
            for one in trial.touched
        ]
        return Response(
            {
                "sentence": definitions.sentence(definition, known),
                "scanned": trial.scanned,
                "touched": touched,
                "next_cursor": trial.next_cursor,
            }
        )


class RuleRunOut(Lean):
    """What a rule did when something happened, or why it did nothing."""

    id = serializers.UUIDField()
    rule_id = serializers.UUIDField()
    conversation_id = serializers.UUIDField()
    outcome = serializers.ChoiceField(choices=RuleRun.Outcome.choices)
    done = serializers.SerializerMethodField(help_text="In sentences, in the business's language.")
    why = serializers.SerializerMethodField(help_text="Why it did nothing.")
    created_at = serializers.DateTimeField()

    def get_done(self, run: RuleRun) -> list[str]:
        return list(run.data.get("done", []))

    def get_why(self, run: RuleRun) -> str:
        stopped = run.data.get("stopped")
        return str(stopped or run.data.get("why") or "")


class RuleRunFilter(filters.FilterSet):
    """What rules did, by rule, conversation and outcome."""

    rule = filters.UUIDFilter(field_name="rule_id")
    conversation = filters.UUIDFilter(field_name="conversation_id")
    outcome = filters.MultipleChoiceFilter(choices=RuleRun.Outcome.choices)

    class Meta:
        model = RuleRun
        fields: list[str] = []


class RuleRunViewSet(Listing, Reading, TenantViewSet):
    """What rules did, the newest first; kept for 30 days."""

    serializer_class = RuleRunOut
    filterset_class = RuleRunFilter
    required_scopes = {"GET": Permission.SETTINGS_WRITE}

    def get_queryset(self) -> QuerySet[RuleRun]:
        return rule_queries.runs_visible_to(self.actor)


class NotificationOut(Lean):
    """Something a member was told."""

    id = serializers.UUIDField()
    member_id = serializers.UUIDField(source="membership_id")
    kind = serializers.ChoiceField(choices=Notification.Kind.choices)
    conversation_id = serializers.UUIDField(allow_null=True)
    title = serializers.SerializerMethodField()
    detail = serializers.SerializerMethodField()
    read_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()

    def get_title(self, notification: Notification) -> str:
        return notice_of(notification).title

    def get_detail(self, notification: Notification) -> str:
        return notice_of(notification).detail


class NotificationFilter(filters.FilterSet):
    """Notifications of a member, of a kind, unread."""

    member = filters.UUIDFilter(field_name="membership_id")
    kind = filters.MultipleChoiceFilter(choices=Notification.Kind.choices)
    unread = filters.BooleanFilter(field_name="read_at", lookup_expr="isnull")

    class Meta:
        model = Notification
        fields: list[str] = []


class ReadingIn(Body):
    """Whether it is read."""

    read = serializers.BooleanField(required=False, default=True)


class NotificationViewSet(Listing, Reading, TenantViewSet):
    """What members were told, the newest first. For integrations that tell them elsewhere."""

    serializer_class = NotificationOut
    filterset_class = NotificationFilter
    required_scopes = {"GET": Permission.MEMBERS_READ, "POST": Permission.MEMBERS_WRITE}

    def get_queryset(self) -> QuerySet[Notification]:
        return Notification.objects.all()

    @extend_schema(request=ReadingIn, responses=NotificationOut)
    def reading(self, request: Request, pk: UUID) -> Response:
        """Mark it as read, or with `read: false` as unread."""
        found = self.find(pk)
        act = notifications.read if self.body(ReadingIn)["read"] else notifications.unread
        act(membership_id=found.membership_id, ids=[found.pk])
        return self.answer(self.find(pk))


class ChoiceOut(Lean):
    """How a member hears of things."""

    member_id = serializers.UUIDField(source="membership_id")
    ways = serializers.SerializerMethodField(help_text="For each kind: page, mail, digest or off.")
    rhythm = serializers.ChoiceField(choices=NotificationChoice.Rhythm.choices)
    hour = serializers.IntegerField(help_text="Of the daily digest, in the member's zone.")
    timezone = serializers.CharField(help_text="Empty: the business's.")

    def get_ways(self, choice: NotificationChoice) -> dict[str, str]:
        return {kind: choice.way(kind) for kind in Notification.Kind.values}


class ChoiceChange(Body):
    """What to change; what is not given stays."""

    ways = serializers.DictField(child=serializers.CharField(max_length=10), required=False)
    rhythm = serializers.CharField(max_length=10, required=False)
    hour = serializers.IntegerField(required=False, min_value=0, max_value=23)
    timezone = serializers.CharField(max_length=64, required=False, allow_blank=True)


class ChoiceViewSet(TenantViewSet):
    """How members hear of things, at members/{id}/notification-choice/."""

    serializer_class = ChoiceOut
    required_scopes = {"GET": Permission.MEMBERS_READ, "PATCH": Permission.MEMBERS_WRITE}

    def get_queryset(self) -> QuerySet[Membership]:
        return Membership.objects.filter(is_active=True)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """How one member hears of things."""
        member = self.find(pk)
        return self.answer(notifications.choices_of([member])[member.pk])

    @extend_schema(request=ChoiceChange, responses=ChoiceOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change it."""
        change = self.body(ChoiceChange)
        if "timezone" in change:
            change["zone"] = change.pop("timezone")
        return self.answer(notifications.choose(membership=self.find(pk), **change))
