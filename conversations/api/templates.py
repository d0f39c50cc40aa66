"""/api/v1/templates/: as the vendors have them, written and deleted by the same actions as the pages."""

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import template_parts
from conversations.actions.templates import create_template, delete_template
from conversations.api.files import SentFileIn
from conversations.models import Channel, Template
from conversations.reasons import shown
from conversations.template_writing import CATEGORIES, MEDIA, Wording, check_language, check_name, written
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, Reading, TenantViewSet, only
from tenants.permissions import Permission


class PlaceOut(Lean):
    """Something to fill in before it is sent; its key names it among a message's values."""

    key = serializers.CharField()
    part = serializers.CharField(help_text="header, body or button.")
    name = serializers.CharField()
    sample = serializers.CharField()


class TemplateOut(Lean):
    """A text the vendor looks at before it may be sent."""

    id = serializers.UUIDField()
    channel_id = serializers.UUIDField()
    name = serializers.CharField()
    language = serializers.CharField()
    category = serializers.CharField()
    status = serializers.ChoiceField(choices=Template.Status.choices)
    reason = serializers.SerializerMethodField(help_text="Why the vendor refused it.")
    quality = serializers.CharField()
    components = serializers.JSONField(help_text="As the vendor writes header, body, footer and buttons.")
    places = serializers.SerializerMethodField(help_text="What to fill in.")
    media = serializers.SerializerMethodField(help_text="The file above its text: image, video, document.")
    updated_at = serializers.DateTimeField()

    def get_reason(self, template: Template) -> str:
        return shown(template.reason)

    @extend_schema(responses=PlaceOut(many=True))
    def get_places(self, template: Template) -> list[dict[str, str]]:
        fields = ("key", "part", "name", "sample")
        found = template_parts.places(template.components)
        return [{name: getattr(place, name) for name in fields} for place in found]

    def get_media(self, template: Template) -> str:
        return template_parts.media(template.components)


class TemplateButtonIn(Body):
    """A button under a template."""

    type = serializers.ChoiceField(choices=["quick_reply", "url", "phone_number", "copy_code"])
    text = serializers.CharField(max_length=100, required=False, default="")
    url = serializers.CharField(max_length=2_100, required=False, default="")
    phone = serializers.CharField(max_length=40, required=False, default="")
    code = serializers.CharField(max_length=40, required=False, default="")


class TemplateIn(Body):
    """A template to be submitted; a file above its text comes with a sample of it."""

    channel_id = serializers.UUIDField()
    name = serializers.CharField(max_length=512)
    language = serializers.CharField(max_length=20)
    category = serializers.ChoiceField(choices=CATEGORIES)
    header = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    media = serializers.ChoiceField(
        choices=[*MEDIA, ""], required=False, default="", help_text="A file, in place of `header`."
    )
    sample = SentFileIn(required=False, help_text="An example of the file of `media`.")
    body = serializers.CharField(max_length=2_000)
    footer = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    buttons = TemplateButtonIn(many=True, required=False, default=list)
    samples = serializers.DictField(
        child=serializers.CharField(max_length=200),
        required=False,
        default=dict,
        help_text="By place: body.1, header.name, button.0.",
    )


class TemplateFilter(django_filters.FilterSet):
    """Templates by channel and state."""

    channel = django_filters.UUIDFilter(field_name="channel_id")
    status = django_filters.MultipleChoiceFilter(choices=Template.Status.choices)

    class Meta:
        model = Template
        fields: list[str] = []


class TemplateViewSet(Listing, Reading, TenantViewSet):
    """Texts the vendors approve, for when free text no longer goes out."""

    serializer_class = TemplateOut
    filterset_class = TemplateFilter
    required_scopes = {
        "GET": Permission.CONVERSATIONS_READ,
        "POST": Permission.CHANNELS_WRITE,
        "DELETE": Permission.CHANNELS_WRITE,
    }

    def get_queryset(self) -> QuerySet[Template]:
        return Template.objects.order_by()

    @extend_schema(request=TemplateIn, responses={201: TemplateOut})
    def create(self, request: Request) -> Response:
        """Write one; a worker submits it to the vendor."""
        given = self.body(TemplateIn)
        (channel,) = only(Channel, [given["channel_id"]], "channel_id")
        parts = ("header", "media", "body", "footer", "buttons", "samples")
        wording: dict[str, Any] = {name: given[name] for name in parts}
        components, is_named = written(Wording(**wording))
        made = create_template(
            channel=channel,
            name=check_name(given["name"]),
            language=check_language(given["language"]),
            category=given["category"],
            components=components,
            is_named=is_named,
            sample=given.get("sample"),
            by=self.actor,
        )
        return self.answer(made, 201)

    @extend_schema(responses={202: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Delete it, also at the vendor."""
        delete_template(template=self.find(pk), by=self.actor)
        return Response(status=202)
