"""What customers allow, suppressed addresses and exclusion lists, for other systems."""

import tempfile
from collections.abc import Mapping
from typing import IO, Any
from uuid import UUID

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from crm import queries
from crm.actions import consents, exclusions, preference_links, suppressions
from crm.actions.consents import Proof
from crm.models import (
    Consent,
    ConsentEvent,
    Covers,
    Customer,
    ExclusionList,
    ExclusionVersion,
    Medium,
    Purpose,
    Suppression,
)
from tenants.api.parsers import StrictJSONParser
from tenants.api.serializers import Body, Lean, Moment
from tenants.api.views import Listing, Reading, TenantViewSet
from tenants.permissions import Permission
from tenants.refusals import Refused

READ, WRITE = Permission.CUSTOMERS_READ, Permission.CUSTOMERS_WRITE
SEE, CHANGE = Permission.PRIVACY_READ, Permission.PRIVACY_WRITE
MOST_WORDS = 100
PIECE = 256_000  # bytes
KINDS = [(kind.value, kind.label) for kind in suppressions.KINDS]


class ConsentOut(Lean):
    """What stands for one medium and purpose."""

    medium = serializers.ChoiceField(choices=Medium.choices)
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    state = serializers.ChoiceField(choices=Consent.State.choices)
    since = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)


class WordIn(Body):
    """One word about consent with its proof."""

    medium = serializers.ChoiceField(choices=Medium.choices)
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    state = serializers.ChoiceField(choices=[Consent.State.GIVEN.value, Consent.State.WITHDRAWN.value])
    happened_at = Moment(
        required=False, help_text="Now, where it is not given. What is older changes nothing."
    )
    text_shown = serializers.CharField(
        max_length=5_000, required=False, allow_blank=True, help_text="The words the customer agreed to."
    )
    address = serializers.CharField(max_length=255, required=False, allow_blank=True)
    ip = serializers.IPAddressField(required=False, allow_null=True)
    note = serializers.CharField(
        max_length=500, required=False, allow_blank=True, help_text="Where the proof lies."
    )
    expires_at = Moment(required=False, allow_null=True)


class WordsIn(Body):
    """Words about consent."""

    consents = WordIn(many=True)

    def validate_consents(self, value: list[Any]) -> list[Any]:
        if len(value) > MOST_WORDS:
            raise ValidationError(_("Send at most %(most)s at a time.") % {"most": MOST_WORDS})
        return value


class ConsentEventOut(Lean):
    """One word about consent with its proof."""

    id = serializers.UUIDField()
    customer_id = serializers.UUIDField()
    medium = serializers.ChoiceField(choices=Medium.choices)
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    state = serializers.ChoiceField(choices=Consent.State.choices)
    happened_at = serializers.DateTimeField()
    source = serializers.ChoiceField(choices=ConsentEvent.Source.choices)  # type: ignore[assignment]
    text_shown = serializers.CharField()
    address = serializers.CharField()
    ip = serializers.IPAddressField(allow_null=True)
    note = serializers.CharField()
    expires_at = serializers.DateTimeField(allow_null=True)
    made_by = serializers.CharField(source="made_by_label")


class SuppressionOut(Lean):
    """An address to which nothing of a kind is sent."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=KINDS)
    value = serializers.CharField(help_text="The one canonical form: E.164, lower-case e-mail.")
    reason = serializers.ChoiceField(choices=Suppression.Reason.choices)
    covers = serializers.ChoiceField(choices=Covers.choices)
    note = serializers.CharField()
    added_at = serializers.DateTimeField()
    added_by = serializers.CharField(source="added_by_label")


class SuppressionIn(Body):
    """An address to suppress, in any spelling."""

    kind = serializers.ChoiceField(choices=KINDS)
    value = serializers.CharField(max_length=255)
    covers = serializers.ChoiceField(choices=Covers.choices, default=Covers.UNASKED)
    note = serializers.CharField(max_length=300)


class ExclusionListOut(Lean):
    """A list of addresses made elsewhere."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=ExclusionList.Kind.choices)
    covers = serializers.ChoiceField(choices=Covers.choices)
    created_at = serializers.DateTimeField()


class ExclusionListIn(Body):
    """A new list, still empty: its versions are uploaded."""

    name = serializers.CharField(max_length=80)
    kind = serializers.ChoiceField(choices=ExclusionList.Kind.choices, default=ExclusionList.Kind.PHONE)
    covers = serializers.ChoiceField(choices=Covers.choices, default=Covers.PROMOTION)


class RefusedLine(Lean):
    """A line that was not understood."""

    line = serializers.IntegerField()
    text = serializers.CharField()


class ExclusionVersionOut(Lean):
    """One upload of a list, and how far it is read."""

    id = serializers.UUIDField()
    exclusion_list_id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=ExclusionVersion.State.choices)
    is_current = serializers.BooleanField(help_text="Whether this version is the one that counts.")
    percent = serializers.IntegerField()
    lines = serializers.IntegerField()
    taken = serializers.IntegerField(help_text="Addresses.")
    doubled = serializers.IntegerField(help_text="Addresses that stood there before.")
    refused = serializers.IntegerField(help_text="Lines that were not understood.")
    refused_lines = serializers.SerializerMethodField()
    problem = serializers.CharField(help_text="Why the file could not be read.")
    uploaded_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)

    @extend_schema(responses=RefusedLine(many=True))
    def get_refused_lines(self, version: ExclusionVersion) -> list[dict[str, Any]]:
        """The first 200 of them."""
        return [{"line": line, "text": text} for line, text in version.refused_lines]


class ListParser(BaseParser):
    """A list as it is, kept in a file beside memory."""

    media_type = "text/csv"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The file, at its beginning. Raises `Refused` for one that is too large."""
        kept = tempfile.TemporaryFile()  # noqa: SIM115 -- closed with the request that reads it
        while piece := stream.read(PIECE):
            kept.write(piece)
            if kept.tell() > exclusions.LARGEST:
                raise Refused(_("This file is too large: at most 100 MB."), "file")
        kept.seek(0)
        return kept


class TextListParser(ListParser):
    """The same under its other name."""

    media_type = "text/plain"


class CustomerConsentViewSet(TenantViewSet):
    """What a customer allows, by medium and purpose. What stands nowhere was never said."""

    serializer_class = ConsentOut
    pagination_class = None
    required_scopes = {"GET": READ, "PUT": WRITE}

    def _customer(self) -> Customer:
        return queries.customer_or_404(self.kwargs["customer_id"], self.actor)

    def _stand(self, customer: Customer) -> Response:
        rows = Consent.objects.filter(customer=customer).order_by("medium", "purpose")
        return Response(ConsentOut(rows, many=True, context=self.get_serializer_context()).data)

    @extend_schema(responses=ConsentOut(many=True))
    def list(self, request: Request, customer_id: UUID) -> Response:
        """All that stands."""
        return self._stand(self._customer())

    @extend_schema(request=WordsIn, responses=ConsentOut(many=True))
    def update(self, request: Request, customer_id: UUID) -> Response:
        """Keep words with their proof; the same again changes nothing, what is older stays in the log.

        Where the business asks twice, who agrees is sent a link first and stands as `asked`.
        """
        customer = self._customer()
        for word in self.body(WordsIn)["consents"]:
            act = consents.give if word["state"] == Consent.State.GIVEN else consents.withdraw
            proof = Proof(
                source=ConsentEvent.Source.API,
                at=word.get("happened_at"),
                text_shown=word.get("text_shown", ""),
                address=word.get("address", ""),
                ip=word.get("ip"),
                note=word.get("note", ""),
                expires_at=word.get("expires_at"),
            )
            act(
                customer=customer,
                medium=word["medium"],
                purpose=word["purpose"],
                proof=proof,
                by=self.actor,
            )
        return self._stand(customer)


class PreferenceLinkOut(Lean):
    """The link to a customer's preference centre."""

    url = serializers.URLField()


class PreferenceLinkViewSet(TenantViewSet):
    """The link by which a customer says what he wants to get."""

    serializer_class = PreferenceLinkOut
    required_scopes = {"POST": CHANGE}

    @extend_schema(request=None, responses=PreferenceLinkOut)
    def renewal(self, request: Request, customer_id: UUID) -> Response:
        """Make a new link; those that are out answer 404 from now on, but in mails still unsubscribe."""
        customer = queries.customer_or_404(customer_id, self.actor)
        return Response({"url": preference_links.renew(customer=customer, by=self.actor)})


class ConsentEventFilter(filters.FilterSet):
    """Words by customer, medium, purpose or what was said."""

    customer_id = filters.UUIDFilter(field_name="customer_id")
    medium = filters.ChoiceFilter(choices=Medium.choices)
    purpose = filters.ChoiceFilter(choices=Purpose.choices)
    state = filters.ChoiceFilter(choices=Consent.State.choices)

    class Meta:
        model = ConsentEvent
        fields: list[str] = []


class ConsentEventViewSet(Listing, TenantViewSet):
    """Every word about consent with its proof, the latest kept first. None is ever changed."""

    serializer_class = ConsentEventOut
    filterset_class = ConsentEventFilter
    required_scopes = {"GET": READ}

    def get_queryset(self) -> QuerySet[ConsentEvent]:
        seen = queries.customers_visible_to(self.actor).values("pk")
        return ConsentEvent.objects.filter(customer__in=seen)


class SuppressionViewSet(Listing, Reading, TenantViewSet):
    """Addresses to which the business does not write, whoever has them."""

    serializer_class = SuppressionOut
    required_scopes = {"GET": SEE, "POST": CHANGE, "DELETE": CHANGE}

    def get_queryset(self) -> QuerySet[Suppression]:
        kind, value = (self.request.query_params.get(name, "") for name in ("kind", "value"))
        if self.action == "list" and (kind or value):
            return self._found(kind, value)
        return Suppression.objects.standing()  # type: ignore[no-any-return]

    def _found(self, kind: str, value: str) -> QuerySet[Suppression]:
        if kind not in suppressions.KINDS or not value:
            raise ValidationError({"value": [_("Give kind and value together.")]})
        try:
            return suppressions.find(kind, value[:255])  # type: ignore[no-any-return]
        except Refused as refusal:
            raise ValidationError({"value": [str(refusal)]}) from None

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, description="With `value`: the kind of address."),
            OpenApiParameter("value", str, description="A whole address in any spelling, with `kind`."),
        ]
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """All that stand, the latest first, or those of one address."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=SuppressionIn, responses={201: SuppressionOut})
    def create(self, request: Request) -> Response:
        """Suppress an address; one that is suppressed by hand already stays as it is, or is widened."""
        given = self.body(SuppressionIn)
        made = suppressions.add(
            kind=given["kind"],
            raw=given["value"],
            covers=given["covers"],
            note=given["note"],
            by=self.actor,
        )
        return self.answer(made, 201)

    @extend_schema(
        parameters=[OpenApiParameter("why", str, required=True, description="Kept with the address.")],
        responses={204: None},
    )
    def destroy(self, request: Request, pk: UUID) -> Response:
        """The address may be written to again; who said so and why is kept."""
        why = request.query_params.get("why", "")
        suppressions.lift(suppression=self.find(pk), why=why, by=self.actor)
        return Response(status=204)


class ExclusionListViewSet(Listing, Reading, TenantViewSet):
    """Lists such as REPEP: whoever stands on the current version is spared."""

    serializer_class = ExclusionListOut
    required_scopes = {"GET": SEE, "POST": CHANGE, "DELETE": CHANGE}

    def get_queryset(self) -> QuerySet[ExclusionList]:
        return ExclusionList.objects.kept()  # type: ignore[no-any-return]

    @extend_schema(request=ExclusionListIn, responses={201: ExclusionListOut})
    def create(self, request: Request) -> Response:
        """A new list; upload its first version next."""
        return self.answer(exclusions.create_list(**self.body(ExclusionListIn), by=self.actor), 201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Delete it; for 30 days it can be brought back."""
        exclusions.remove(exclusion_list=self.find(pk), by=self.actor)
        return Response(status=204)

    @extend_schema(request=None, responses=ExclusionListOut)
    def restoration(self, request: Request, pk: UUID) -> Response:
        """Bring it back."""
        found = self.find(pk, ExclusionList.objects.all())
        exclusions.restore(exclusion_list=found, by=self.actor)
        return self.answer(self.find(pk))


class ExclusionVersionViewSet(Listing, Reading, TenantViewSet):
    """The uploads of a list, the latest first. A worker reads them; the last whole one counts."""

    serializer_class = ExclusionVersionOut
    parser_classes = [StrictJSONParser, ListParser, TextListParser]
    required_scopes = {"GET": SEE, "POST": CHANGE}

    def _list(self) -> ExclusionList:
        found: ExclusionList = self.find(self.kwargs["exclusion_list_id"], ExclusionList.objects.kept())
        return found

    def get_queryset(self) -> QuerySet[ExclusionVersion]:
        return ExclusionVersion.objects.filter(exclusion_list=self._list())

    @extend_schema(
        request={"text/csv": OpenApiTypes.BINARY, "text/plain": OpenApiTypes.BINARY},
        responses={202: ExclusionVersionOut},
    )
    def create(self, request: Request, exclusion_list_id: UUID) -> Response:
        """Upload a version as it is: one address a line or in any column, up to 100 MB."""
        found = self._list()
        file: Any = request.data
        if not hasattr(file, "read"):
            raise Refused(_("Send the list itself, as text/csv or text/plain."), "file")
        with file:
            version = exclusions.upload(exclusion_list=found, file=file, name=_("by API"), by=self.actor)
        return self.answer(version, 202)

    @extend_schema(request=None, responses=ExclusionVersionOut)
    def cancelling(self, request: Request, exclusion_list_id: UUID, pk: UUID) -> Response:
        """Read no further; what stood before keeps standing."""
        exclusions.cancel(version=self.find(pk), by=self.actor)
        return self.answer(self.find(pk))
