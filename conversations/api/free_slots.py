"""/api/v1/free-slots/ and what they come from: whether they are offered, and who takes appointments."""

from datetime import time
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.forms import model_to_dict
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.actions import free_slots as acts
from conversations.campaigns.free_slot_forms import AgendaForm
from conversations.confirmations import slots
from conversations.models import Agenda, SlotPolicy
from crm import queries as crm
from crm.models import Appointment
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, Reading, TenantViewSet
from tenants.permissions import Permission

READ, WRITE = Permission.CAMPAIGNS_READ, Permission.SETTINGS_WRITE
MOST = 20


class SlotPolicyIn(Body):
    """What to change."""

    is_on = serializers.BooleanField(help_text="Offer free times to whoever wants another one.")
    minutes = serializers.IntegerField(min_value=5, max_value=480, help_text="An appointment begins every …")
    notice_hours = serializers.IntegerField(min_value=0, max_value=720, help_text="Not sooner than in …")
    ahead_days = serializers.IntegerField(min_value=1, max_value=180, help_text="Not later than in …")


class SlotPolicyOut(Lean):
    """What holds now."""

    is_on = serializers.BooleanField()
    minutes = serializers.IntegerField()
    notice_hours = serializers.IntegerField()
    ahead_days = serializers.IntegerField()


class SlotPolicyViewSet(TenantViewSet):
    """Whether and how free times are offered."""

    serializer_class = SlotPolicyOut
    required_scopes = {"GET": READ, "PATCH": WRITE}

    def get_queryset(self) -> QuerySet[SlotPolicy]:
        return SlotPolicy.objects.all()

    def retrieve(self, request: Request) -> Response:
        """What holds; the defaults where nobody changed them."""
        return self.answer(slots.policy())

    @extend_schema(request=SlotPolicyIn(partial=True), responses=SlotPolicyOut)
    def partial_update(self, request: Request) -> Response:
        """Change what is given."""
        given = self.body(SlotPolicyIn, partial=True)
        return self.answer(acts.save_slot_policy(by=self.actor, **given) if given else slots.policy())


class AgendaIn(Body):
    """Somebody or something that takes appointments."""

    name = serializers.CharField(max_length=150, allow_blank=True, help_text="As in `staff` of appointments.")
    capacity = serializers.IntegerField(min_value=1, max_value=200, default=1, help_text="At the same time.")
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        min_length=1,
        max_length=7,
        default=[*range(7)],
        help_text="0 is Monday.",
    )
    opens = serializers.TimeField(
        format="%H:%M", allow_null=True, default=None, help_text="Null: as the business."
    )
    closes = serializers.TimeField(format="%H:%M", allow_null=True, default=None)
    calendar_url = serializers.CharField(
        max_length=1_000, allow_blank=True, default="", help_text="iCalendar; it is never told again."
    )


class AgendaOut(Lean):
    """Somebody who takes appointments, and how reading his calendar went."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    capacity = serializers.IntegerField()
    weekdays = serializers.ListField(child=serializers.IntegerField())
    opens = serializers.SerializerMethodField()
    closes = serializers.SerializerMethodField()
    has_calendar = serializers.SerializerMethodField()
    read_at = serializers.DateTimeField(allow_null=True, help_text="When its calendar was read last.")
    problem = serializers.CharField(help_text="Why it was not, the last time.")
    created_at = serializers.DateTimeField()

    def get_opens(self, agenda: Agenda) -> str | None:
        return _clock(agenda.opens)

    def get_closes(self, agenda: Agenda) -> str | None:
        return _clock(agenda.closes)

    def get_has_calendar(self, agenda: Agenda) -> bool:
        return bool(agenda.calendar_url)


def _clock(at: time | None) -> str | None:
    return f"{at:%H:%M}" if at else None


class AgendaViewSet(Listing, Reading, TenantViewSet):
    """Who takes appointments."""

    serializer_class = AgendaOut
    required_scopes = {"GET": READ, "POST": WRITE, "PATCH": WRITE, "DELETE": WRITE}
    ordering = ("id",)

    def get_queryset(self) -> QuerySet[Agenda]:
        return Agenda.objects.all()

    @extend_schema(request=AgendaIn, responses={201: AgendaOut})
    def create(self, request: Request) -> Response:
        """One more."""
        return self.answer(acts.save_agenda(by=self.actor, **_checked(Agenda(), self.body(AgendaIn))), 201)

    @extend_schema(request=AgendaIn(partial=True), responses=AgendaOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is given."""
        found = self.find(pk)
        given = _checked(found, self.body(AgendaIn, partial=True))
        return self.answer(acts.save_agenda(by=self.actor, agenda=found, **given))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """It takes no more; the appointments it has stay."""
        acts.delete_agenda(agenda=self.find(pk), by=self.actor)
        return Response(status=204)


def _checked(agenda: Agenda, given: dict[str, Any]) -> dict[str, Any]:
    """What is given as the page would take it. Raises `ValidationError` by field."""
    held = {**model_to_dict(agenda), "calendar_url": agenda.calendar_url}
    form = AgendaForm({**held, **given}, instance=agenda)
    if not form.is_valid():
        raise serializers.ValidationError(
            {name: [str(one) for one in errors] for name, errors in form.errors.items()}
        )
    return {name: form.cleaned_data[name] for name in acts.AGENDA if name in given}


class FreeSlotsAsked(Body):
    """Free times for which appointment, and around when."""

    appointment_id = serializers.UUIDField()
    near = serializers.DateTimeField(required=False)


class FreeSlotIn(Body):
    """Where an appointment is to be moved."""

    appointment_id = serializers.UUIDField()
    starts_at = serializers.DateTimeField()


class FreeSlotOut(Lean):
    """A time that is free, and with whom."""

    starts_at = serializers.DateTimeField()
    agenda_id = serializers.UUIDField(source="agenda.pk")
    name = serializers.CharField(source="agenda.name")


class MovedOut(Lean):
    """The appointment as it is now."""

    id = serializers.UUIDField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)
    staff = serializers.CharField()
    status = serializers.ChoiceField(choices=Appointment.Status.choices)


class FreeSlotViewSet(TenantViewSet):
    """Times to which an appointment can be moved."""

    serializer_class = FreeSlotOut
    required_scopes = {"GET": Permission.ORDERS_READ, "POST": Permission.ORDERS_WRITE}
    pagination_class = None

    def get_queryset(self) -> QuerySet[Appointment]:
        return crm.of_visible_customers(Appointment.objects.all(), self.actor)

    @extend_schema(
        parameters=[
            OpenApiParameter("appointment_id", UUID, required=True),
            OpenApiParameter("near", str, description="A moment; without it, his hour on other days."),
        ],
        responses=FreeSlotOut(many=True),
    )
    def list(self, request: Request) -> Response:
        """At most 20, the nearest first; none where the business offers none."""
        asked = FreeSlotsAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        found = slots.free(self.find(given["appointment_id"]), near=given.get("near"), most=MOST)
        return Response({"data": FreeSlotOut(found, many=True).data})

    @extend_schema(request=FreeSlotIn, responses=MovedOut)
    def create(self, request: Request) -> Response:
        """Move an appointment to a free time; 409 where it is not free, or not any more."""
        given = self.body(FreeSlotIn)
        appointment = self.find(given["appointment_id"])
        moved = acts.move_to_slot(appointment=appointment, starts_at=given["starts_at"], by=self.actor)
        return self.answer(moved, shape=MovedOut)
