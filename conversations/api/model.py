"""The language model a business plugged in: settings, test, usage, calls, and texts for agents."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import model_usage, queries
from conversations.actions import model_endpoint as acts
from conversations.actions import model_writing
from conversations.models import ModelCall, ModelEndpoint, Use
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, TenantViewSet
from tenants.permissions import Permission

SETTINGS = Permission.SETTINGS_WRITE
MONEY = {"max_digits": 12, "decimal_places": 2, "min_value": 0, "required": False}
PRICE = {"max_digits": 12, "decimal_places": 4, "min_value": 0, "required": False}


class EndpointOut(Lean):
    """The model as it is plugged in. Its key is never told."""

    is_on = serializers.BooleanField()
    base_url = serializers.CharField()
    model = serializers.CharField()
    has_key = serializers.BooleanField()
    uses = serializers.ListField(child=serializers.ChoiceField(choices=Use.choices))
    seconds = serializers.IntegerField(help_text="Waited for an answer.")
    per_minute = serializers.IntegerField(help_text="Calls.")
    most_input = serializers.IntegerField(help_text="Tokens it reads at most.")
    most_output = serializers.IntegerField(help_text="Tokens it writes at most.")
    budget = serializers.DecimalField(max_digits=12, decimal_places=2, help_text="Of a month.")
    price_input = serializers.DecimalField(max_digits=12, decimal_places=4, help_text="A million tokens.")
    price_output = serializers.DecimalField(max_digits=12, decimal_places=4, help_text="A million tokens.")
    currency = serializers.CharField()
    state = serializers.SerializerMethodField(
        help_text="Why it is not asked now: off, budget, paused; or null."
    )
    is_checking = serializers.SerializerMethodField()
    checked_at = serializers.DateTimeField(allow_null=True)
    check_outcome = serializers.CharField(help_text="Of the last test: used, or why not.")
    check_said = serializers.CharField(help_text="What its server said.")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_state(self, found: ModelEndpoint) -> str | None:
        state = model_usage.state(found)
        return state.value if state else None

    @extend_schema_field(serializers.BooleanField())
    def get_is_checking(self, found: ModelEndpoint) -> bool:
        return acts.is_checking(found)


class EndpointIn(Body):
    """What to change; what is not given stays. A first one needs `base_url` and `model`."""

    is_on = serializers.BooleanField(required=False)
    base_url = serializers.CharField(max_length=300, required=False, help_text="Up to /v1.")
    model = serializers.CharField(max_length=120, required=False)
    key = serializers.CharField(
        max_length=acts.LONGEST_KEY,
        required=False,
        allow_blank=True,
        write_only=True,
        help_text="Empty: none.",
    )
    uses = serializers.ListField(
        child=serializers.ChoiceField(choices=Use.choices), required=False, max_length=10
    )
    seconds = serializers.IntegerField(min_value=1, max_value=120, required=False)
    per_minute = serializers.IntegerField(min_value=1, max_value=600, required=False)
    most_input = serializers.IntegerField(min_value=500, max_value=100_000, required=False)
    most_output = serializers.IntegerField(min_value=16, max_value=8_000, required=False)
    budget = serializers.DecimalField(**MONEY)  # type: ignore[arg-type]
    price_input = serializers.DecimalField(**PRICE)  # type: ignore[arg-type]
    price_output = serializers.DecimalField(**PRICE)  # type: ignore[arg-type]
    currency = serializers.CharField(max_length=3, required=False)


class UsageRow(Lean):
    """Of one use."""

    use = serializers.CharField()
    calls = serializers.IntegerField()
    used = serializers.IntegerField(help_text="Of them, what it said was good enough.")
    failed = serializers.IntegerField()
    read = serializers.IntegerField(help_text="Tokens.")
    written = serializers.IntegerField(help_text="Tokens.")
    cost = serializers.DecimalField(max_digits=18, decimal_places=6)


class UsageOut(Lean):
    """The current month."""

    month = serializers.DateField()
    calls = serializers.IntegerField()
    cost = serializers.DecimalField(max_digits=18, decimal_places=6)
    budget = serializers.DecimalField(max_digits=12, decimal_places=2)
    currency = serializers.CharField()
    rows = UsageRow(many=True)


class ModelCallOut(Lean):
    """One call; no text of it is kept."""

    id = serializers.UUIDField()
    use = serializers.CharField()
    outcome = serializers.ChoiceField(choices=ModelCall.Outcome.choices)
    faults = serializers.ListField(child=serializers.CharField(), help_text="What was wrong with the text.")
    model = serializers.CharField()
    read = serializers.IntegerField(help_text="Tokens.")
    written = serializers.IntegerField(help_text="Tokens.")
    cost = serializers.DecimalField(max_digits=14, decimal_places=6)
    currency = serializers.CharField()
    milliseconds = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()


class FaultOut(Lean):
    """A place of the text that rests on nothing the business says."""

    kind = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    words = serializers.CharField()


class TextIn(Body):
    """What to write."""

    use = serializers.ChoiceField(choices=[(use.value, use.label) for use in model_writing.TEXTS])
    text = serializers.CharField(
        max_length=model_writing.LONGEST, required=False, allow_blank=True, help_text="To put in other words."
    )


class TextOut(Lean):
    """A text that was asked for. It is kept for a quarter of an hour, and sent by nobody."""

    id = serializers.UUIDField()
    use = serializers.CharField()
    outcome = serializers.ChoiceField(choices=ModelCall.Outcome.choices)
    text = serializers.CharField(allow_null=True, help_text="Null until it is written, and after.")
    faults = FaultOut(many=True)
    sources = serializers.ListField(child=serializers.CharField(), help_text="Answers it was given.")


class ModelViewSet(TenantViewSet):
    """The business's language model."""

    serializer_class = EndpointOut
    required_scopes = dict.fromkeys(("GET", "PATCH", "POST", "DELETE"), SETTINGS)

    def get_queryset(self) -> QuerySet[ModelEndpoint]:
        return ModelEndpoint.objects.all()

    def _found(self) -> ModelEndpoint:
        found = acts.endpoint()
        if found is None:
            raise Http404
        return found

    def retrieve(self, request: Request) -> Response:
        """What it is. 404 where there is none."""
        return self.answer(self._found())

    @extend_schema(request=EndpointIn, responses=EndpointOut)
    def partial_update(self, request: Request) -> Response:
        """Plug one in, or change it."""
        return self.answer(acts.save_endpoint(by=self.actor, **self.body(EndpointIn)))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request) -> Response:
        """Take it out and forget its key."""
        acts.remove_endpoint(by=self.actor)
        return Response(status=204)

    @extend_schema(request=None, responses={202: EndpointOut})
    def check(self, request: Request) -> Response:
        """Let a worker test the connection; `check_outcome` says what came of it."""
        self._found()
        return self.answer(acts.request_check(by=self.actor), 202)

    @extend_schema(responses=UsageOut)
    def usage(self, request: Request) -> Response:
        """What it was asked for this month, and what that cost."""
        return self.answer(model_usage.this_month(acts.endpoint()), shape=UsageOut)


class ModelCallViewSet(Listing, TenantViewSet):
    """Every call of the model, the latest first."""

    serializer_class = ModelCallOut
    ordering = model_usage.ORDER
    required_scopes = {"GET": SETTINGS}

    def get_queryset(self) -> QuerySet[ModelCall]:
        return ModelCall.objects.all()


class ModelTextViewSet(TenantViewSet):
    """Texts the model writes for an agent."""

    serializer_class = TextOut
    required_scopes = dict.fromkeys(("GET", "POST"), Permission.CONVERSATIONS_WRITE)

    def get_queryset(self) -> QuerySet[ModelCall]:
        return ModelCall.objects.none()

    @extend_schema(request=TextIn, responses={202: TextOut})
    def create(self, request: Request, conversation_id: UUID) -> Response:
        """Ask for a draft, another wording or a summary. 409 where the model cannot be asked now."""
        conversation = queries.conversation_or_404(conversation_id, self.actor)
        call = model_writing.request_text(conversation=conversation, by=self.actor, **self.body(TextIn))
        return self.answer(_text(call), 202)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """What was written."""
        call = model_writing.call_of(pk, self.actor)
        if call is None:
            raise Http404
        return self.answer(_text(call))


def _text(call: ModelCall) -> dict[str, Any]:
    said = None if call.is_open else model_writing.written(call)
    return {
        "id": call.pk,
        "use": call.use,
        "outcome": call.outcome,
        "text": said.text if said else None,
        "faults": list(said.faults) if said else [],
        "sources": list(said.sources) if said else [],
    }
