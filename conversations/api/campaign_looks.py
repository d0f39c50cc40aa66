"""/api/v1/campaigns/<id>/: what its texts say, to one customer and to everybody, before anything is sent."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.actions.campaigns import reading
from conversations.api.message_templates import LookOut, look_of
from conversations.campaigns import campaign_looks as looks
from conversations.models import Campaign
from crm import queries as crm
from tenants.api.serializers import Body
from tenants.api.views import TenantViewSet, UnknownReference
from tenants.models import Tenant
from tenants.permissions import Permission

READ = Permission.CAMPAIGNS_READ


class CampaignLookIn(Body):
    """What to look at: the first letter and channel unless others are named."""

    letter = serializers.CharField(max_length=50, required=False, allow_blank=True, help_text="Such as B.")
    channel_id = serializers.UUIDField(required=False, allow_null=True, help_text="One of its channels.")
    customer_id = serializers.UUIDField(
        required=False, allow_null=True, help_text="Else the names hold examples."
    )


class CampaignLookOut(LookOut):
    """What one customer would get of a campaign; empty with a sentence `why` where he gets nothing."""

    letter = serializers.CharField()
    channel_id = serializers.UUIDField()
    medium = serializers.CharField()


class LackOut(serializers.Serializer[Any]):
    """Who gets nothing because something is not known of him that the text has no words to fall back on."""

    name = serializers.CharField(help_text="Of what is not known; empty where the whole text is.")
    people = serializers.IntegerField()
    customer_ids = serializers.ListField(child=serializers.UUIDField(), help_text="Some of them.")


class CampaignReadingOut(serializers.Serializer[Any]):
    """What a worker found when it filled the texts in for everybody who would get them."""

    asked = serializers.BooleanField(help_text="False: nobody asked since the campaign was changed.")
    done = serializers.BooleanField()
    seen = serializers.IntegerField(help_text="People for whom it was filled in so far.")
    nothing = serializers.IntegerField(help_text="Those to whose channel a letter says nothing.")
    lacks = LackOut(many=True)
    problem = serializers.CharField(help_text="Why it could not be read; empty where it could.")


def reading_of(state: reading.State | None) -> dict[str, Any]:
    """What `CampaignReadingOut` says."""
    found = state or {}
    lacks = sorted(found.get("empty", {}).items(), key=lambda one: -one[1][0])
    return {
        "asked": state is not None,
        "done": found.get("done", False),
        "seen": found.get("seen", 0),
        "nothing": found.get("nothing", 0),
        "lacks": [{"name": name, "people": people, "customer_ids": some} for name, (people, some) in lacks],
        "problem": found.get("problem", ""),
    }


class CampaignLookViewSet(TenantViewSet):
    """A campaign's texts filled in: nothing is sent, and nobody looked at is a recipient."""

    serializer_class = CampaignLookOut
    required_scopes = {"GET": READ, "POST": READ}

    def get_queryset(self) -> QuerySet[Campaign]:
        return Campaign.objects.all()

    @extend_schema(request=CampaignLookIn, responses=CampaignLookOut)
    def preview(self, request: Request, pk: UUID) -> Response:
        """What a customer would get, and what is wrong with it. 404 where it says nothing there."""
        campaign, given = self.find(pk), self.body(CampaignLookIn)
        customer = None
        if given.get("customer_id"):
            customer = crm.customer_or_404(given["customer_id"], self.actor)
        letters, ways = looks.letters(campaign), looks.channels_in_order(campaign)
        if wanted := given.get("letter"):
            letters = [one for one in letters if one.letter == wanted]
            if not letters:
                raise UnknownReference("letter")
        if channel := given.get("channel_id"):
            ways = [one for one in ways if one.pk == channel]
            if not ways:
                raise UnknownReference("channel_id")
        home = Tenant.objects.get().language
        seen = looks.look_at(letters[0], ways[0], customer, home) if letters and ways else None
        if seen is None:
            raise Http404
        more = {"letter": seen.letter.letter, "channel_id": seen.way.pk, "medium": seen.medium}
        return Response(CampaignLookOut(look_of(seen.shown) | more).data)

    @extend_schema(responses=CampaignReadingOut)
    def reading(self, request: Request, pk: UUID) -> Response:
        """What was found so far when its texts were filled in for everybody."""
        return Response(CampaignReadingOut(reading_of(reading.state_of(self.find(pk)))).data)

    @extend_schema(request=None, responses={202: CampaignReadingOut})
    def read(self, request: Request, pk: UUID) -> Response:
        """Let a worker fill them in; of a campaign that was sent off nothing new is read."""
        return Response(CampaignReadingOut(reading_of(reading.begin(self.find(pk)))).data, status=202)
