"""What the API says of campaigns, and what it takes."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from conversations.actions.campaigns import foreseeing, results, steering
from conversations.campaigns import campaign_looks as looks
from conversations.models import Campaign, Recipient
from crm.models import Purpose
from tenants.api.serializers import Body, Lean, Moment
from tenants.api.views import UnknownReference
from tenants.models import Membership, Tenant
from tenants.refusals import Refused


class LetterOut(Lean):
    """What part of the people get."""

    letter = serializers.CharField()
    template_id = serializers.UUIDField()
    hour = serializers.TimeField(allow_null=True)
    channel_id = serializers.UUIDField(allow_null=True)


class CampaignOut(Lean):
    """A campaign. `braked` says why it stands still, `winner` which letter of a test won."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    state = serializers.ChoiceField(choices=Campaign.State.choices)
    include = serializers.ListField(child=serializers.UUIDField(), help_text="Segments, any of them.")
    exclude = serializers.ListField(child=serializers.UUIDField(), help_text="Segments, none of them.")
    channels = serializers.ListField(
        child=serializers.UUIDField(), help_text="The first that reaches somebody is taken."
    )
    letters = serializers.SerializerMethodField()
    starts_at = serializers.DateTimeField(allow_null=True)
    in_their_zone = serializers.BooleanField()
    per_minute = serializers.IntegerField(allow_null=True)
    test = serializers.CharField()
    test_percent = serializers.IntegerField()
    hold_out_percent = serializers.IntegerField()
    winner = serializers.CharField()
    braked = serializers.CharField()
    frozen_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field(LetterOut(many=True))
    def get_letters(self, campaign: Campaign) -> Any:
        variants: Any = campaign.variants.all()  # type: ignore[attr-defined]
        return LetterOut(sorted(variants, key=lambda one: one.letter), many=True).data


class LetterIn(Body):
    """A letter: its template; its hour or channel where that is tested."""

    template_id = serializers.UUIDField()
    hour = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=50, help_text="Such as 10:30."
    )
    channel_id = serializers.UUIDField(required=False, allow_null=True)


class CampaignChange(Body):
    """What to change of a draft."""

    name = serializers.CharField(max_length=120, required=False)
    purpose = serializers.ChoiceField(choices=Purpose.choices, required=False)
    include = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=20)
    exclude = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=20)
    channels = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=20)
    letters = LetterIn(many=True, required=False)
    starts_at = Moment(required=False, allow_null=True, help_text="null for as soon as it is sent off.")
    in_their_zone = serializers.BooleanField(required=False)
    per_minute = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=100_000)
    test = serializers.ChoiceField(choices=Campaign.Test.choices, required=False, allow_blank=True)
    test_percent = serializers.IntegerField(required=False, min_value=0, max_value=100)
    hold_out_percent = serializers.IntegerField(required=False, min_value=0, max_value=50)


class CampaignIn(CampaignChange):
    """A new draft."""

    name = serializers.CharField(max_length=120)


class TestSendIn(Body):
    """To whom a test goes: a member by e-mail, a number, or a customer; and as whom it is filled in."""

    member_id = serializers.UUIDField(required=False, allow_null=True, help_text="By e-mail.")
    number = serializers.CharField(
        max_length=60, required=False, allow_blank=True, help_text="By WhatsApp or SMS; it is one's own."
    )
    to_customer_id = serializers.UUIDField(required=False, allow_null=True, help_text="By any channel.")
    channel_id = serializers.UUIDField(required=False, allow_null=True, help_text="Else the first.")
    customer_id = serializers.UUIDField(
        required=False,
        allow_null=True,
        help_text="As for whom it is filled in; else who gets it, or examples.",
    )


class LetterTestIn(TestSendIn):
    """The same of a campaign's letter."""

    letter = serializers.CharField(max_length=50, required=False, allow_blank=True)


def receiver_of(given: dict[str, Any]) -> dict[str, Any]:
    """Who gets a test, as the action takes it. Raises `UnknownReference` for a member who is not there."""
    member_id = given.get("member_id")
    member = Membership.objects.filter(pk=member_id, is_active=True).first() if member_id else None
    if member_id and member is None:
        raise UnknownReference("member_id")
    return {
        "to": member,
        "number": given.get("number", ""),
        "channel_id": given.get("channel_id"),
        "customer_id": given.get("to_customer_id"),
        "like_id": given.get("customer_id"),
    }


class StartIn(Body):
    """When; now without."""

    starts_at = Moment(required=False, allow_null=True)


class SettlementIn(Body):
    """Which of the unknown, all without; and whether they got it, or it goes again."""

    arrived = serializers.BooleanField()
    recipient_ids = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=1_000)


class CampaignReasonOut(serializers.Serializer[Any]):
    """How many are left out for one reason."""

    reason = serializers.CharField()
    sentence = serializers.CharField()
    people = serializers.IntegerField()


class CampaignFindingOut(serializers.Serializer[Any]):
    """What a person should look at in a text."""

    letter = serializers.CharField()
    medium = serializers.CharField()
    sentence = serializers.CharField()
    serious = serializers.BooleanField()


class CheckOut(serializers.Serializer[Any]):
    """How a campaign stands before it goes. The counts are null where they could not be told in time."""

    obstacle = serializers.CharField(help_text="The first thing in its way; empty where it may go.")
    findings = CampaignFindingOut(many=True)
    audience = serializers.IntegerField(allow_null=True)
    getting = serializers.IntegerField(allow_null=True)
    held_out = serializers.IntegerField(allow_null=True)
    left_out = CampaignReasonOut(many=True)
    is_exact = serializers.BooleanField(help_text="False: about so many, told by a share of all.")


def check_of(campaign: Campaign) -> dict[str, Any]:
    """What `CheckOut` says."""
    obstacle, counted = "", None
    try:
        steering.check(campaign)
    except Refused as refusal:
        obstacle = str(refusal)
    try:
        counted = foreseeing.foreseen(campaign, at=timezone.now())
    except Refused as refusal:
        obstacle = obstacle or str(refusal)
    found = looks.problems(campaign, Tenant.objects.get().language)
    return {
        "obstacle": obstacle,
        "findings": [
            {
                "letter": one.letter.letter,
                "medium": one.medium,
                "sentence": one.sentence,
                "serious": one.serious,
            }
            for one in found
        ],
        "audience": counted.audience if counted else None,
        "getting": counted.getting if counted else None,
        "held_out": counted.held_out if counted else None,
        "left_out": [
            {"reason": one.reason, "sentence": one.why, "people": one.people} for one in counted.reasons
        ]
        if counted
        else [],
        "is_exact": bool(counted and not counted.about),
    }


class ForeseenOut(Lean):
    """Somebody of the audience before anything is sent; `channel_id` is the way to him, if there is one."""

    customer_id = serializers.UUIDField(source="customer")
    channel_id = serializers.UUIDField(source="channel", allow_null=True)


class RecipientOut(Lean):
    """A line of the ledger."""

    id = serializers.UUIDField()
    customer_id = serializers.UUIDField(allow_null=True, help_text="null once his data are erased.")
    letter = serializers.SerializerMethodField()
    channel_id = serializers.UUIDField(allow_null=True)
    address = serializers.CharField(allow_null=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES)
    state = serializers.ChoiceField(choices=Recipient.State.choices)
    reason = serializers.CharField()
    sentence = serializers.CharField(source="why", help_text="Why he got nothing.")
    detail = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    opened_at = serializers.DateTimeField(allow_null=True)
    clicked_at = serializers.DateTimeField(allow_null=True)
    replied_at = serializers.DateTimeField(allow_null=True)
    opted_out_at = serializers.DateTimeField(allow_null=True)
    complained_at = serializers.DateTimeField(allow_null=True)
    bounced_at = serializers.DateTimeField(allow_null=True)
    wished_at = serializers.DateTimeField(allow_null=True)
    message_id = serializers.UUIDField(allow_null=True)

    @staticmethod
    def get_letter(_self: Any, row: Recipient) -> str:
        return row.variant.letter if row.variant else ""


class StateOut(serializers.Serializer[Any]):
    """How many are in a state for a reason."""

    state = serializers.CharField()
    reason = serializers.CharField()
    sentence = serializers.CharField()
    people = serializers.IntegerField()


DEEDS = ("sent", "opened", "clicked", "replied", "opted_out", "complained", "bounced", "wished")


class DeedsOut(serializers.Serializer[Any]):
    """What those who got a letter did; `letter` is empty for all together."""

    letter = serializers.CharField()
    sent = serializers.IntegerField()
    opened = serializers.IntegerField()
    clicked = serializers.IntegerField()
    replied = serializers.IntegerField()
    opted_out = serializers.IntegerField()
    complained = serializers.IntegerField()
    bounced = serializers.IntegerField()
    wished = serializers.IntegerField()


class BroughtOut(serializers.Serializer[Any]):
    """Who bought within two weeks: of those who got it, and of those held back by chance."""

    people = serializers.IntegerField()
    buyers = serializers.IntegerField()
    held_people = serializers.IntegerField(allow_null=True)
    held_buyers = serializers.IntegerField(allow_null=True)
    more = serializers.FloatField(allow_null=True, help_text="Of 100 who got it, how many more bought.")
    give_or_take = serializers.FloatField(allow_null=True)


class ResultsOut(serializers.Serializer[Any]):
    """Where a campaign stands; `audience` is the sum of all `states`."""

    audience = serializers.IntegerField()
    percent = serializers.IntegerField()
    in_last_minute = serializers.IntegerField()
    states = StateOut(many=True)
    letters = DeedsOut(many=True)
    brought = BroughtOut()


def results_of(campaign: Campaign) -> dict[str, Any]:
    """What `ResultsOut` says."""
    sums, brought = results.sums(campaign), results.brought(campaign)
    return {
        "audience": sums.audience,
        "percent": sums.percent,
        "in_last_minute": results.rate(campaign),
        "states": [
            {"state": row.state, "reason": row.reason, "sentence": row.why, "people": row.people}
            for row in sums.rows
        ],
        "letters": [
            {"letter": one.letter, **{deed: getattr(one, deed) for deed in DEEDS}}
            for one in results.by_letter(campaign)
        ],
        "brought": {
            "people": brought.got.people,
            "buyers": brought.got.buyers,
            "held_people": brought.held.people if brought.held else None,
            "held_buyers": brought.held.buyers if brought.held else None,
            "more": brought.more,
            "give_or_take": brought.give_or_take,
        },
    }
