"""/api/v1/message-templates/: what is written to many, by the same actions as the pages."""

from typing import Any
from uuid import UUID

import django_filters as filters
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import message_templates as queries
from conversations.actions import message_template_files as file_acts
from conversations.actions import message_templates as acts
from conversations.actions.campaigns import trying_out
from conversations.api.campaign_shapes import TestSendIn, receiver_of
from conversations.api.files import Base64
from conversations.channels.base import File
from conversations.models import MessageTemplate, MessageTemplateFile, MessageTemplateVersion
from conversations.personalising import contents, names, previews
from conversations.personalising.pieces import written
from crm import queries as crm
from crm.models import Medium, Purpose
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, Reading, TenantViewSet
from tenants.decorators import get_or_404
from tenants.kit.serving import serve
from tenants.models import Tenant
from tenants.permissions import Permission
from tenants.refusals import Refused

READ, WRITE = Permission.CAMPAIGNS_READ, Permission.CAMPAIGNS_WRITE
MEDIA = [(one.value, one.label) for one in contents.MEDIA]
CONTENTS = (
    "By medium and language. E-mail: subject, preheader, blocks ([{kind, …}]) and files; WhatsApp: "
    "template_id and values by place, or text; the others: text."
)


class MessageTemplateVersionOut(Lean):
    """What a template said at a time."""

    version = serializers.IntegerField(source="number", help_text="1 is the first.")
    contents = serializers.JSONField(help_text=CONTENTS)
    author = serializers.CharField(source="made_by_label")
    created_at = serializers.DateTimeField()


class MessageTemplateOut(Lean):
    """A template with what it says now."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    latest = serializers.SerializerMethodField()
    archived_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()

    @extend_schema_field(MessageTemplateVersionOut)
    def get_latest(self, template: MessageTemplate) -> Any:
        return MessageTemplateVersionOut(getattr(template, "latest", None) or acts.latest(template)).data


class MessageTemplateIn(Body):
    """A new template."""

    name = serializers.CharField(max_length=200)
    purpose = serializers.ChoiceField(choices=Purpose.choices, default=Purpose.PROMOTION)
    contents = serializers.JSONField(required=False, help_text=CONTENTS)


class TemplateChange(Body):
    """What to change; `contents` take the place of all that it says."""

    name = serializers.CharField(max_length=200, required=False)
    purpose = serializers.ChoiceField(choices=Purpose.choices, required=False)
    contents = serializers.JSONField(required=False, help_text=CONTENTS)
    base = serializers.IntegerField(
        required=False, min_value=1, max_value=2_000_000_000,
        help_text="The version that was changed: 409 when another is newer.",
    )  # fmt: skip


class TakeAgainIn(Body):
    """Which version."""

    version = serializers.IntegerField(min_value=1, max_value=2_000_000_000)


class LookIn(Body):
    """What to look at: what the template says, or other contents that are not saved."""

    medium = serializers.ChoiceField(choices=MEDIA)
    language = serializers.ChoiceField(choices=settings.LANGUAGES)
    customer_id = serializers.UUIDField(
        required=False, allow_null=True, help_text="Else the names hold examples."
    )
    content = serializers.JSONField(required=False, help_text="Of this medium and language, not saved.")


class TemplateTestIn(TestSendIn):
    """The same of what a template says now."""

    medium = serializers.ChoiceField(choices=MEDIA, default=Medium.EMAIL.value)


class ProblemOut(Lean):
    """What a person should look at; nothing goes out with a serious one."""

    code = serializers.CharField()
    sentence = serializers.CharField()
    place = serializers.CharField(help_text="subject, preheader, text, block-3, or the key of a place.")
    line = serializers.IntegerField()
    serious = serializers.BooleanField()


class LookOut(Lean):
    """What one customer would get; empty with a sentence `why` where he gets nothing."""

    language = serializers.CharField(help_text="Another one where it does not exist in the one asked for.")
    subject = serializers.CharField()
    preheader = serializers.CharField()
    text = serializers.CharField()
    html = serializers.CharField()
    why = serializers.CharField()
    problems = ProblemOut(many=True)


def look_of(shown: previews.Shown) -> dict[str, Any]:
    """What `LookOut` says."""
    said = shown.rendered
    parts = ("subject", "preheader", "text", "html")
    answer: dict[str, Any] = {name: getattr(said, name) if said else "" for name in parts}
    return answer | {"language": shown.piece.language, "why": shown.why, "problems": shown.problems}


class NameOut(Lean):
    """A name that a text may use: {{ customer.first_name | default: "there" }}."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    example = serializers.CharField()
    always = serializers.BooleanField(help_text="It never is empty: it needs no words to fall back on.")


class NamesOut(Lean):
    """All names."""

    data = NameOut(many=True)  # type: ignore[assignment]


class TemplateFilter(filters.FilterSet):
    """Templates by name and purpose. Archived ones only by `state=archived`."""

    q = filters.CharFilter(label="Words in the name; accents do not count.")
    state = filters.ChoiceFilter(choices=[("archived", "archived")])
    purpose = filters.ChoiceFilter(choices=Purpose.choices)

    class Meta:
        model = MessageTemplate
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[MessageTemplate]) -> QuerySet[MessageTemplate]:
        given = {name: (value or "")[:200] for name, value in self.form.cleaned_data.items()}
        return queries.templates(queries.Narrow(**given))


class MessageTemplateViewSet(TenantViewSet):
    """What is written once and read by many."""

    serializer_class = MessageTemplateOut
    filterset_class = TemplateFilter
    required_scopes = {"GET": READ, "POST": WRITE, "PATCH": WRITE, "DELETE": WRITE}
    ordering = ("-id",)

    def get_queryset(self) -> QuerySet[MessageTemplate]:
        return MessageTemplate.objects.all()

    def list(self, request: Request) -> Response:
        """A page, the newest first; archived ones only when asked for."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        rows = queries.with_latest(page or ())
        shape = MessageTemplateOut(rows, many=True, context=self.get_serializer_context())
        return self.get_paginated_response(shape.data)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """One, by its id."""
        return self.answer(self.find(pk))

    @extend_schema(request=MessageTemplateIn, responses={201: MessageTemplateOut})
    def create(self, request: Request) -> Response:
        """Write one."""
        return self.answer(acts.create_message_template(by=self.actor, **self.body(MessageTemplateIn)), 201)

    @extend_schema(request=TemplateChange, responses=MessageTemplateOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change one: what it says now is a new version."""
        acts.save_message_template(template=self.find(pk), by=self.actor, **self.body(TemplateChange))
        return self.answer(self.find(pk))

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Archive it: nothing new starts with it, and its versions are kept."""
        acts.archive_message_template(template=self.find(pk), by=self.actor)
        return Response(status=204)

    @extend_schema(request=None, responses=MessageTemplateOut)
    def restoration(self, request: Request, pk: UUID) -> Response:
        """Bring it back from the archive."""
        return self.answer(acts.bring_back_message_template(template=self.find(pk), by=self.actor))

    @extend_schema(request=None, responses={201: MessageTemplateOut})
    def copy(self, request: Request, pk: UUID) -> Response:
        """Another that says the same."""
        return self.answer(acts.duplicate_message_template(template=self.find(pk), by=self.actor), 201)

    @extend_schema(request=TakeAgainIn, responses=MessageTemplateOut)
    def roll_back(self, request: Request, pk: UUID) -> Response:
        """Say again what an earlier version said, as a new version."""
        number = self.body(TakeAgainIn)["version"]
        acts.restore_version(template=self.find(pk), number=number, by=self.actor)
        return self.answer(self.find(pk))

    @extend_schema(request=LookIn, responses=LookOut)
    def preview(self, request: Request, pk: UUID) -> Response:
        """What a customer would get, and what is wrong with it. 404 where it says nothing there."""
        template, given = self.find(pk), self.body(LookIn)
        customer = given.get("customer_id")
        if customer is not None:
            customer = crm.customer_or_404(customer, self.actor).pk
        return Response(LookOut(look_of(self._shown(acts.latest(template), given, customer))).data)

    @extend_schema(request=TemplateTestIn, responses={202: None})
    def test_sends(self, request: Request, pk: UUID) -> Response:
        """Send it for a look, on a channel of a medium: it is in no figures."""
        given = self.body(TemplateTestIn)
        medium = given["medium"]
        trying_out.ask_template(template=self.find(pk), by=self.actor, medium=medium, **receiver_of(given))
        return Response(status=202)

    @staticmethod
    def _shown(
        version: MessageTemplateVersion, given: dict[str, Any], customer: UUID | None
    ) -> previews.Shown:
        medium, language = given["medium"], given["language"]
        if (content := given.get("content")) is not None:
            tidy = contents.tidy({medium: {language: content}})
            if not tidy:
                raise Refused(_("There is nothing in it."), "content")
            made = written(medium, language, tidy[medium][language], Tenant.objects.get())
            return previews.shown(made, customer)
        shown = previews.rendered_for(version, medium, language, customer)
        if shown is None:
            raise Http404
        return shown

    @extend_schema(responses=NamesOut)
    def names(self, request: Request) -> Response:
        """The names that texts may use."""
        rows = [{"name": name, **what._asdict()} for name, what in names.NAMES.items()]
        return Response(NamesOut({"data": rows}).data)


class MessageTemplateVersionViewSet(Listing, TenantViewSet):
    """All versions of one template, the newest first."""

    serializer_class = MessageTemplateVersionOut
    required_scopes = {"GET": READ}
    ordering = ("-number",)

    def get_queryset(self) -> QuerySet[MessageTemplateVersion]:
        template = get_or_404(MessageTemplate.objects.all(), self.kwargs["message_template_id"])
        return MessageTemplateVersion.objects.filter(template=template)


class TemplateFileOut(Lean):
    """A picture or an attachment; `width` is 0 for what is no picture."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    content_type = serializers.CharField(help_text="As its content says.")
    size = serializers.IntegerField(help_text="Bytes.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class TemplateFileIn(Body):
    """One more file."""

    name = serializers.CharField(max_length=200)
    content = Base64(help_text="The bytes in base64, at most 5 MB.")
    picture = serializers.BooleanField(default=False, help_text="To stand within a mail.")


class MessageTemplateFileViewSet(Listing, Reading, TenantViewSet):
    """The pictures and attachments of a template; contents name them by their ids."""

    serializer_class = TemplateFileOut
    required_scopes = {"GET": READ, "POST": WRITE}
    ordering = ("id",)

    def _template(self) -> MessageTemplate:
        found: MessageTemplate = get_or_404(MessageTemplate.objects.all(), self.kwargs["message_template_id"])
        return found

    def get_queryset(self) -> QuerySet[MessageTemplateFile]:
        return MessageTemplateFile.objects.filter(template=self._template()).order_by()

    @extend_schema(request=TemplateFileIn, responses={201: TemplateFileOut})
    def create(self, request: Request, message_template_id: UUID) -> Response:
        """Keep one more."""
        template, given = self._template(), self.body(TemplateFileIn)
        file = File.named(given["name"], given["content"])
        kept = file_acts.add_template_file(
            template=template, file=file, by=self.actor, picture=given["picture"]
        )
        return self.answer(kept, 201)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def content(self, request: Request, message_template_id: UUID, pk: UUID) -> HttpResponseBase:
        """The file itself; parts of it by `Range`."""
        found: Any = self.find(pk)
        try:
            return serve(request._request, found.file, name=found.name, etag=found.pk.hex, download=True)
        except FileNotFoundError:
            raise Http404 from None
