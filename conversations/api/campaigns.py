"""/api/v1/campaigns/: what is said to many, by the same actions as the pages."""

from datetime import time
from typing import Any
from uuid import UUID

import django_filters as filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_time
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.actions.campaigns import drafting, foreseeing, settling, steering, trying_out
from conversations.actions.campaigns.freezing import CannotFreeze
from conversations.api.campaign_shapes import (
    CampaignChange,
    CampaignIn,
    CampaignOut,
    CheckOut,
    ForeseenOut,
    LetterTestIn,
    RecipientOut,
    ResultsOut,
    SettlementIn,
    StartIn,
    check_of,
    receiver_of,
    results_of,
)
from conversations.campaigns import campaign_numbers as numbers
from conversations.models import Campaign, Recipient
from tenants.api.pagination import limit_of, page_response
from tenants.api.views import Listing, Reading, TenantViewSet
from tenants.decorators import get_or_404
from tenants.kit.cursors import Page
from tenants.permissions import Permission

READ, WRITE, SEND = Permission.CAMPAIGNS_READ, Permission.CAMPAIGNS_WRITE, Permission.CAMPAIGNS_SEND


class CampaignFilter(filters.FilterSet):
    """Which campaigns."""

    state = filters.ChoiceFilter(choices=Campaign.State.choices)


def _clock(text: str | None) -> time | str | None:
    """An hour; the text itself where it is none, for the action to refuse."""
    try:
        return parse_time(text) or text if text else None
    except ValueError:
        return text


def _named(given: dict[str, Any]) -> dict[str, Any]:
    """The body as the action takes it."""
    letters = given.pop("letters", None)
    if letters is None:
        return given
    return given | {
        "letters": [
            {
                "template": one["template_id"],
                "hour": _clock(one.get("hour")),
                "channel": one.get("channel_id"),
            }
            for one in letters
        ]
    }


class CampaignViewSet(Listing, Reading, TenantViewSet):
    """Campaigns: one thing said to many, each of them once."""

    serializer_class = CampaignOut
    filterset_class = CampaignFilter
    required_scopes = {"GET": READ, "POST": WRITE, "PATCH": WRITE, "DELETE": WRITE}

    def get_queryset(self) -> QuerySet[Campaign]:
        return Campaign.objects.prefetch_related("variants")  # type: ignore[no-any-return]

    def _shown(self, campaign: Campaign, status: int = 200) -> Response:
        return self.answer(self.find(campaign.pk), status)

    @extend_schema(request=CampaignIn, responses={201: CampaignOut})
    def create(self, request: Request) -> Response:
        """A new draft."""
        return self._shown(drafting.create(by=self.actor, **_named(self.body(CampaignIn))), 201)

    @extend_schema(request=CampaignChange, responses=CampaignOut)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change a draft; `letters` take the place of those it had."""
        given = _named(self.body(CampaignChange))
        return self._shown(drafting.change(campaign=self.find(pk), by=self.actor, **given))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Away with a draft; what was sent off stays."""
        drafting.delete(campaign=self.find(pk), by=self.actor)
        return Response(status=204)

    @extend_schema(request=None, responses={201: CampaignOut})
    def copy(self, request: Request, pk: UUID) -> Response:
        """A draft with what stands in it."""
        return self._shown(drafting.duplicate(campaign=self.find(pk), by=self.actor), 201)

    @extend_schema(responses=CheckOut)
    def check(self, request: Request, pk: UUID) -> Response:
        """What stands in its way, what was found in its texts, and whom it would reach."""
        return Response(check_of(self.find(pk)))

    @extend_schema(request=LetterTestIn, responses={202: None})
    def test_sends(self, request: Request, pk: UUID) -> Response:
        """Send a letter for a look, on one of its channels: it is in no figures."""
        given = self.body(LetterTestIn)
        letter = given.get("letter", "")
        trying_out.ask_campaign(campaign=self.find(pk), by=self.actor, letter=letter, **receiver_of(given))
        return Response(status=202)

    @extend_schema(responses=ResultsOut)
    def results(self, request: Request, pk: UUID) -> Response:
        """How far it is and what came back."""
        return Response(results_of(self.find(pk)))


class CampaignStateViewSet(TenantViewSet):
    """What is done with a campaign; each answers with the campaign as it is then."""

    serializer_class = CampaignOut
    required_scopes = {"POST": SEND}

    def get_queryset(self) -> QuerySet[Campaign]:
        return Campaign.objects.prefetch_related("variants")  # type: ignore[no-any-return]

    def _do(self, act: Any, pk: UUID, **given: Any) -> Response:
        act(campaign=self.find(pk), by=self.actor, **given)
        return self.answer(self.find(pk))

    @extend_schema(request=None, responses=CampaignOut)
    def submission(self, request: Request, pk: UUID) -> Response:
        """It is ready: schedule it, or ask a second person where the business wants one."""
        return self._do(steering.submit, pk)

    @extend_schema(request=None, responses=CampaignOut)
    def approval(self, request: Request, pk: UUID) -> Response:
        """A second person agrees."""
        return self._do(steering.approve, pk)

    @extend_schema(request=None, responses=CampaignOut)
    def withdrawal(self, request: Request, pk: UUID) -> Response:
        """Back to a draft, as long as it has not begun."""
        return self._do(steering.take_back, pk)

    @extend_schema(request=StartIn, responses=CampaignOut)
    def start(self, request: Request, pk: UUID) -> Response:
        """What missed its start goes out after all: now, or at another moment."""
        return self._do(steering.start_overdue, pk, starts_at=self.body(StartIn).get("starts_at"))

    @extend_schema(request=None, responses=CampaignOut)
    def pause(self, request: Request, pk: UUID) -> Response:
        """Nothing more goes within seconds."""
        return self._do(steering.pause, pk)

    @extend_schema(request=None, responses=CampaignOut)
    def resumption(self, request: Request, pk: UUID) -> Response:
        """Go on where it stood."""
        return self._do(steering.resume, pk)

    @extend_schema(request=None, responses=CampaignOut)
    def cancellation(self, request: Request, pk: UUID) -> Response:
        """Whoever has not got it never will."""
        return self._do(steering.cancel, pk)

    @extend_schema(request=SettlementIn, responses=CampaignOut)
    def settlement(self, request: Request, pk: UUID) -> Response:
        """Say of those whose outcome is unknown that it arrived, or that it goes again."""
        given = self.body(SettlementIn)
        return self._do(settling.settle, pk, arrived=given["arrived"], recipients=given.get("recipient_ids"))


class RecipientFilter(filters.FilterSet):
    """Which of a campaign's people."""

    state = filters.ChoiceFilter(choices=Recipient.State.choices)
    reason = filters.CharFilter(max_length=30)
    did = filters.ChoiceFilter(
        choices=[(name, name) for name in numbers.DID], method="of_deed", help_text="Who did something."
    )

    def of_deed(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(**{f"{numbers.DID[value]}__isnull": False})


class CampaignRecipientViewSet(Listing, TenantViewSet):
    """A campaign's ledger: everybody of its audience, and why some got nothing."""

    serializer_class = RecipientOut
    filterset_class = RecipientFilter
    required_scopes = {"GET": READ}
    ordering = ("id",)

    def get_queryset(self) -> QuerySet[Recipient]:
        campaign = get_or_404(Campaign.objects.all(), self.kwargs["campaign_id"])
        return Recipient.objects.filter(campaign=campaign).select_related("variant")  # type: ignore[no-any-return]


class ForeseenViewSet(TenantViewSet):
    """Who would get a campaign now, and whom a reason would leave out, before anything is sent."""

    serializer_class = ForeseenOut
    required_scopes = {"GET": READ}

    @extend_schema(responses={200: ForeseenOut(many=True)})
    def list(self, request: Request, campaign_id: UUID) -> Response:
        """The people behind `reason`, else those who would get it; none where `check` names an obstacle."""
        campaign = get_or_404(Campaign.objects.all(), campaign_id)
        try:
            page = foreseeing.people(
                campaign,
                request.query_params.get("reason", "")[:30],
                at=timezone.now(),
                limit=limit_of(request),
                cursor=request.query_params.get("cursor", ""),
            )
        except (CannotFreeze, foreseeing.TooLate):
            page = Page([], "")
        return page_response(ForeseenOut(page.items, many=True).data, page)
