"""/api/v1/confirmation-steps/ and /api/v1/confirmations/: what is said when, and to whom."""

from typing import Any
from uuid import UUID

import django_filters as filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import confirmation_queries as queries
from conversations.actions import confirmation_steps as acts
from conversations.actions import confirmations as single
from conversations.models import Confirmation, ConfirmationStep, Happening, MessageTemplate
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, Reading, TenantViewSet, only
from tenants.permissions import Permission
from tenants.queries import own

READ, WRITE, SEND = Permission.CAMPAIGNS_READ, Permission.CAMPAIGNS_WRITE, Permission.CAMPAIGNS_SEND
MINUTES = "From what happens; below zero before it."
CALL = "Who stays silent is to be called so many minutes before the appointment; null: never."
RANGE: dict[str, Any] = {"min_value": -acts.FURTHEST, "max_value": acts.FURTHEST}


class StepOut(Lean):
    """One message of a sequence."""

    id = serializers.UUIDField()
    happening = serializers.ChoiceField(choices=Happening.choices)
    minutes = serializers.IntegerField(help_text=MINUTES)
    template_id = serializers.UUIDField(help_text="What it says: a message template.")
    is_on = serializers.BooleanField()
    asks = serializers.BooleanField(help_text="Whether he comes: yes, no, another time.")
    can_wait = serializers.BooleanField(help_text="False: it goes out in quiet hours, too.")
    call_minutes = serializers.IntegerField(allow_null=True, help_text=CALL)
    created_at = serializers.DateTimeField()


class StepIn(Body):
    """A new message of a sequence; it is off."""

    happening = serializers.ChoiceField(choices=Happening.choices)
    minutes = serializers.IntegerField(default=0, help_text=MINUTES, **RANGE)
    template_id = serializers.UUIDField()
    asks = serializers.BooleanField(default=False)
    can_wait = serializers.BooleanField(default=True)
    call_minutes = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=acts.CALLED, help_text=CALL
    )


class SwitchIn(Body):
    """On or off."""

    is_on = serializers.BooleanField()


class ConfirmationStepViewSet(Listing, Reading, TenantViewSet):
    """What is said when."""

    serializer_class = StepOut
    required_scopes = {"GET": READ, "POST": WRITE, "PATCH": WRITE, "DELETE": WRITE}
    ordering = ("id",)

    def get_queryset(self) -> QuerySet[ConfirmationStep]:
        return ConfirmationStep.objects.all()

    def _given(self, *, partial: bool) -> dict[str, Any]:
        given = self.body(StepIn, partial=partial)
        if "template_id" in given:
            given["template"] = only(MessageTemplate, [given.pop("template_id")], "template_id")[0]
        return given

    @extend_schema(request=StepIn, responses={201: StepOut})
    def create(self, request: Request) -> Response:
        """One more message; switch it on once it is right."""
        return self.answer(acts.save_step(by=self.actor, **self._given(partial=False)), 201)

    @extend_schema(request=StepIn, responses=StepOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is given."""
        step = self.find(pk)
        return self.answer(acts.save_step(step=step, by=self.actor, **self._given(partial=True)))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Take it away; what waits of it is not said."""
        acts.delete_step(step=self.find(pk), by=self.actor)
        return Response(status=204)


class ConfirmationSwitchViewSet(TenantViewSet):
    """On and off."""

    serializer_class = StepOut
    required_scopes = {"PUT": SEND}

    def get_queryset(self) -> QuerySet[ConfirmationStep]:
        return ConfirmationStep.objects.all()

    @extend_schema(request=SwitchIn, responses=StepOut)
    def update(self, request: Request, pk: UUID) -> Response:
        """Let it be said, or no more."""
        is_on = self.body(SwitchIn)["is_on"]
        return self.answer(acts.switch_step(step=self.find(pk), is_on=is_on, by=self.actor))


class ConfirmationOut(Lean):
    """One message of a sequence for one thing of one customer, and what he answered."""

    id = serializers.UUIDField()
    step_id = serializers.UUIDField(allow_null=True)
    customer_id = serializers.UUIDField()
    happening = serializers.ChoiceField(choices=Happening.choices)
    thing = serializers.ChoiceField(choices=Confirmation.Thing.choices)
    thing_id = serializers.UUIDField(help_text="The appointment, order, payment or activity.")
    happens_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="When it is, or was, to be said.")
    state = serializers.ChoiceField(choices=Confirmation.State.choices)
    reason = serializers.CharField(help_text="Why it did not go out, as a code.")
    why = serializers.CharField(help_text="The same as a sentence.")
    message_id = serializers.UUIDField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.ChoiceField(choices=Confirmation.Answer.choices, allow_blank=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    wished_at = serializers.DateTimeField(allow_null=True, help_text="The other time he asked for.")


class ConfirmationFilter(filters.FilterSet):
    """By day (of the business), customer, thing, state, happening and answer."""

    day = filters.DateFilter(method="of_day", label="Due on this day by the business's clock.")
    customer_id = filters.UUIDFilter()
    thing_id = filters.UUIDFilter()
    state = filters.ChoiceFilter(choices=Confirmation.State.choices)
    happening = filters.ChoiceFilter(choices=Happening.choices)
    answer = filters.ChoiceFilter(choices=Confirmation.Answer.choices)

    class Meta:
        model = Confirmation
        fields: list[str] = []

    def of_day(self, rows: QuerySet[Confirmation], _name: str, day: Any) -> QuerySet[Confirmation]:
        return queries.on_day(rows, day, own().zone)


class ConfirmationViewSet(Listing, Reading, TenantViewSet):
    """Who is told what, and what he answered."""

    serializer_class = ConfirmationOut
    filterset_class = ConfirmationFilter
    required_scopes = {"GET": READ, "POST": WRITE}
    ordering = ("due_at", "id")

    def get_queryset(self) -> QuerySet[Confirmation]:
        return queries.seen(Confirmation.objects.all(), self.actor)

    @extend_schema(request=None, responses=ConfirmationOut)
    def withdrawal(self, request: Request, pk: UUID) -> Response:
        """Do not say it; 409 where it does not wait any more."""
        return self.answer(single.withdraw_confirmation(confirmation=self.find(pk), by=self.actor))


class ConfirmationSendingViewSet(TenantViewSet):
    """Saying one at once."""

    serializer_class = ConfirmationOut
    required_scopes = {"POST": SEND}

    def get_queryset(self) -> QuerySet[Confirmation]:
        return queries.seen(Confirmation.objects.all(), self.actor)

    @extend_schema(request=None, responses=ConfirmationOut)
    def create(self, request: Request, pk: UUID) -> Response:
        """Say it at once, whatever the hour; 409 where it does not wait any more."""
        return self.answer(single.send_confirmation_now(confirmation=self.find(pk), by=self.actor))
