"""What a campaign says: to one customer, as a summary, and what is wrong with its texts."""

from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import personalising, upset
from conversations.actions.campaigns import pieces
from conversations.campaigns.views import template_editor
from conversations.channels.sms.segments import segments
from conversations.consent import medium_of
from conversations.left_out import sentence
from conversations.models import Campaign, Channel, Variant
from conversations.personalising import previews
from conversations.personalising.names import NAMES
from conversations.personalising.sounding import sounds
from conversations.workspace.forms import uuid_or_none
from crm.models import Customer, Medium, Segment
from tenants.models import Tenant
from tenants.requests import BusinessRequest


def why(reason: str) -> str:
    """A reason as a sentence; of those who would get it, that they would."""
    return sentence(reason) if reason else _("They would get it now.")


def channels_in_order(campaign: Campaign) -> list[Channel]:
    """Its channels that still are there, in their order."""
    known = Channel.objects.in_bulk(campaign.channels)
    return [known[pk] for pk in campaign.channels if pk in known]


def letters(campaign: Campaign) -> list[Variant]:
    """Its letters, with their templates."""
    return list(Variant.objects.filter(campaign=campaign).select_related("template").order_by("letter"))


class Look(NamedTuple):
    """A letter on a channel, as a customer gets it."""

    letter: Variant
    way: Channel
    medium: str
    shown: previews.Shown


def look_at(variant: Variant, way: Channel, customer: Customer | None, home: str) -> Look | None:
    """What a customer gets, an example in the language `home` without one; None where it says nothing."""
    medium, version = medium_of(way), pieces.version_of(variant)
    language = (customer.language if customer else "") or home
    piece = personalising.piece(version, medium, language) if version else None
    if piece is None:
        return None
    return Look(variant, way, medium, previews.shown(piece, customer.pk if customer else None))


def look(
    request: BusinessRequest, campaign: Campaign, customer: Customer | None, letter: str, channel: str
) -> dict[str, Any]:
    """What a customer gets, as the page shows it: the first letter and channel unless others are named."""
    mine, ways = letters(campaign), channels_in_order(campaign)
    variant = next((one for one in mine if one.letter == letter), mine[0] if mine else None)
    wanted = uuid_or_none(channel)
    way = next((one for one in ways if one.pk == wanted), ways[0] if ways else None)
    found: dict[str, Any] = {
        "letters": mine, "ways": ways, "letter": variant, "way": way, "way_alone": [way], "look": None,
    }  # fmt: skip
    seen = look_at(variant, way, customer, request.tenant.language) if variant and way else None
    if seen is None:
        return found
    said = seen.shown.rendered
    shown: dict[str, Any] = {"why": seen.shown.why, "problems": seen.shown.problems, "said": said}
    if said and seen.medium == Medium.EMAIL:
        shown["key"] = template_editor.remember(request, said.html)
    if said and seen.medium == Medium.SMS:
        shown["parts"] = segments(said.text)
    return found | {"look": shown, "medium": seen.medium}


class Finding(NamedTuple):
    """What is wrong with a letter on a channel."""

    letter: Variant
    medium: str
    sentence: str
    serious: bool


def problems(campaign: Campaign, language: str) -> list[Finding]:
    """What a person should look at in its texts, found without any customer; the serious ones first."""
    found = []
    media = list(dict.fromkeys(medium_of(one) for one in channels_in_order(campaign)))
    is_upset = upset.segments(campaign.include)
    for variant in letters(campaign):
        version = pieces.version_of(variant)
        for medium in media:
            piece = personalising.piece(version, medium, language) if version else None
            for problem in _problems(piece, is_upset):
                found.append(
                    Finding(variant, str(Medium(medium).label), str(problem.sentence), problem.serious)
                )
    return sorted(found, key=lambda one: not one.serious)


def _problems(piece: personalising.Piece | None, is_upset: bool) -> list[personalising.Problem]:
    return piece.problems + sounds(piece, "campaign", is_upset=is_upset) if piece else []


class Summary(NamedTuple):
    """What a campaign is, for whoever decides on it."""

    letters: list[Variant]
    include: list[Segment]
    exclude: list[Segment]
    channels: list[Channel]
    starts_at: datetime | None
    is_now: bool


def summary(campaign: Campaign, tenant: Tenant) -> Summary:
    """What stands in it, by names."""
    known = Segment.objects.in_bulk([*campaign.include, *campaign.exclude])
    starts = campaign.starts_at.astimezone(tenant.zone) if campaign.starts_at else None
    return Summary(
        letters(campaign),
        [known[pk] for pk in campaign.include if pk in known],
        [known[pk] for pk in campaign.exclude if pk in known],
        channels_in_order(campaign),
        starts,
        starts is None or starts <= timezone.now(),
    )


class Lack(NamedTuple):
    """How many would get nothing because something is not known of them, and some of them."""

    name: str
    people: int
    some: list[Customer]


def lacks(state: dict[str, Any] | None) -> list[Lack]:
    """What a worker found, the most first; two queries at most."""
    empty = sorted((state or {}).get("empty", {}).items(), key=lambda one: -one[1][0])
    known = Customer.objects.in_bulk([pk for _name, (_count, some) in empty for pk in some])
    by_id = {str(pk): one for pk, one in known.items()}
    return [
        Lack(
            str(NAMES[name].label) if name in NAMES else "",
            count,
            [by_id[pk] for pk in some if pk in by_id],
        )
        for name, (count, some) in empty
    ]
