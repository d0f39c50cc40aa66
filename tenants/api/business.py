"""The business itself: what it is called, where it is, how it looks and works."""

from typing import Any

from django.db.models import QuerySet
from django.forms import model_to_dict
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.actions.businesses import update_business
from tenants.api.serializers import Body, Lean
from tenants.api.views import TenantViewSet
from tenants.forms import ProfileForm
from tenants.models import Tenant
from tenants.permissions import Permission

SETTINGS = Permission.SETTINGS_WRITE


class BusinessOut(Lean):
    """The business of the key."""

    id = serializers.UUIDField()
    slug = serializers.CharField(help_text="Its part of the addresses.")
    name = serializers.CharField()
    country = serializers.CharField()
    region = serializers.CharField(help_text="State or province, for local holidays.")
    timezone = serializers.CharField()
    currency = serializers.CharField()
    language = serializers.CharField()
    formality = serializers.CharField(
        help_text="tu, vos or usted; in Portuguese você, tu, o senhor. Empty: any."
    )
    address = serializers.CharField(help_text="Where it is: the bot tells it with a map, unless it is empty.")
    accent = serializers.CharField(help_text="The colour of its web chat, rating page and help centre.")
    assignment = serializers.ChoiceField(choices=Tenant.Assignment.choices)
    reopen_hours = serializers.IntegerField(help_text="A customer who writes within them reopens.")


class BusinessIn(Body):
    """What to change; `ProfileForm` checks it."""

    name = serializers.CharField(max_length=120)
    country = serializers.CharField(max_length=2)
    region = serializers.CharField(max_length=10, allow_blank=True)
    timezone = serializers.CharField(max_length=64)
    currency = serializers.CharField(max_length=3)
    language = serializers.CharField(max_length=10)
    formality = serializers.ChoiceField(choices=Tenant.Formality.choices, allow_blank=True)
    address = serializers.CharField(max_length=250, allow_blank=True)
    accent = serializers.CharField(max_length=7, help_text="As #0f766e.")
    assignment = serializers.ChoiceField(choices=Tenant.Assignment.choices)
    reopen_hours = serializers.IntegerField(min_value=0, max_value=2_000_000_000)


class BusinessViewSet(TenantViewSet):
    """The business of the key."""

    serializer_class = BusinessOut
    required_scopes = {"GET": SETTINGS, "PATCH": SETTINGS}

    def get_queryset(self) -> QuerySet[Tenant]:
        return Tenant.objects.all()

    def retrieve(self, request: Request) -> Response:
        """What it is."""
        return self.answer(self.get_queryset().get())

    @extend_schema(request=BusinessIn(partial=True), responses=BusinessOut)
    def partial_update(self, request: Request) -> Response:
        """Change what is given. A region of the country before is forgotten with it."""
        given = self.body(BusinessIn, partial=True)
        tenant = self.get_queryset().get()
        update_business(tenant=tenant, by=self.actor, **_checked(tenant, given))
        return self.answer(tenant)


def _checked(tenant: Tenant, given: dict[str, Any]) -> dict[str, Any]:
    """What is given as the page would take it. Raises `ValidationError` by field."""
    now = model_to_dict(tenant, ProfileForm.Meta.fields)
    form = ProfileForm({**now, **given}, instance=Tenant.objects.get())
    if not form.is_valid():
        raise serializers.ValidationError(
            {name: [str(one) for one in errors] for name, errors in form.errors.items()}
        )
    names = {*given, *(["region"] if "country" in given else [])}
    return {name: form.cleaned_data[name] for name in ProfileForm.Meta.fields if name in names}
