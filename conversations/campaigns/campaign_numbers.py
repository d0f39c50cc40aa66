"""What the pages of campaigns show in numbers."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from conversations.actions.campaigns import results
from conversations.models import Campaign, Recipient

Row = Recipient.State
State = Campaign.State
TONES = {
    State.DRAFT: "grey",
    State.WAITING: "warning",
    State.SCHEDULED: "info",
    State.OVERDUE: "warning",
    State.SENDING: "accent",
    State.PAUSED: "warning",
    State.DONE: "success",
    State.CANCELLED: "grey",
}
OUT = (Row.LEFT_OUT, Row.HELD_OUT)
OPEN = (Row.WAITING, Row.SENDING)


class Listed(NamedTuple):
    """A campaign in the list; without counts for whoever does not see everybody."""

    campaign: Campaign
    tone: str
    meant: int
    gone: int
    replied: int

    @property
    def percent(self) -> int:
        return 100 * self.gone // self.meant if self.meant else 0


def listed(campaigns: Sequence[Campaign], *, counts: bool) -> list[Listed]:
    """Campaigns with how far they are: one query for all of them."""
    frozen = [one.pk for one in campaigns if one.frozen_at] if counts else []
    found: dict[UUID, tuple[int, int, int]] = {}
    if frozen:
        rows = Recipient.objects.filter(campaign__in=frozen).values_list("campaign_id")
        found = {
            pk: (meant, gone, replied)
            for pk, meant, gone, replied in rows.annotate(
                meant=Count("pk", filter=~Q(state__in=OUT)),
                gone=Count("pk", filter=~Q(state__in=(*OUT, *OPEN))),
                replied=Count("pk", filter=Q(replied_at__isnull=False)),
            ).order_by()
        }
    return [Listed(one, TONES[State(one.state)], *found.get(one.pk, (0, 0, 0))) for one in campaigns]


class Line(NamedTuple):
    """Some of the audience in the map: who they are, why, and how large a part."""

    state: str
    label: str
    reason: str
    why: str
    people: int
    tone: str


LINE_TONES = {
    Row.WAITING: "grey",
    Row.SENDING: "info",
    Row.SENT: "accent",
    Row.DELIVERED: "success",
    Row.FAILED: "danger",
    Row.UNKNOWN: "warning",
    Row.LEFT_OUT: "grey",
    Row.HELD_OUT: "violet",
}


def lines(sums: results.Sums) -> list[Line]:
    """The audience by state and reason: those who get it first, then everybody else with one sentence why."""
    order = list(Row)
    rows = sorted(sums.rows, key=lambda row: (order.index(Row(row.state)), -row.people))
    return [
        Line(
            row.state, str(Row(row.state).label), row.reason, row.why, row.people, LINE_TONES[Row(row.state)]
        )
        for row in rows
    ]


DID = {
    "opened": "opened_at",
    "clicked": "clicked_at",
    "replied": "replied_at",
    "opted_out": "opted_out_at",
    "complained": "complained_at",
    "bounced": "bounced_at",
    "wished": "wished_at",
}


def recipients(campaign: Campaign, *, state: str = "", reason: str = "", did: str = "") -> Any:
    """Those of a campaign's ledger in a state, for a reason, who did something. Unknown words find nobody."""
    rows = Recipient.objects.filter(campaign=campaign)
    if state:
        rows = rows.filter(state=state)
    if reason:
        rows = rows.filter(reason=reason)
    if did:
        rows = rows.filter(**{f"{DID[did]}__isnull": False}) if did in DID else rows.none()
    rows = rows.select_related("customer", "channel", "variant", "message")
    return rows.defer("message__text", "message__html", "message__data")


DID_WORDS = {
    "replied": _("They answered"),
    "clicked": _("They followed a link"),
    "opened": _("They opened it"),
    "wished": _("They asked for a person"),
    "opted_out": _("They unsubscribed"),
    "complained": _("They reported it as spam"),
    "bounced": _("It came back from them"),
}


class Deed(NamedTuple):
    """How many of those who got it did something, and what part of them."""

    did: str
    label: str
    people: int
    percent: float


def deeds(answered: results.Answered) -> list[Deed]:
    """What came back, the welcome first."""
    return [
        Deed(did, str(label), people, 100 * people / answered.sent if answered.sent else 0)
        for did, label in DID_WORDS.items()
        for people in [getattr(answered, did)]
    ]


Braked = Campaign.Braked
ADVICE = {
    Braked.OPT_OUTS: _(
        "Ask yourself whether these people wanted it. Change what it says, or to whom, before you go on."
    ),
    Braked.COMPLAINTS: _("Going on would let your other mails land in spam, too. Better cancel it."),
    Braked.BOUNCES: _("Many addresses are old. Clean the list before you go on, or your mails land in spam."),
    Braked.WISHES: _("First answer whoever asked; then go on, more slowly."),
    Braked.AWAY: _(
        "Is it still true what it says? Then resume: nobody is skipped and nobody gets it twice. "
        "Else cancel it."
    ),
    Braked.CHANNEL: _(
        "Look at the channel in the settings. Then resume: nobody is skipped and nobody gets it twice."
    ),
    Braked.SEGMENT: _("Take it back to a draft and choose another segment."),
    Braked.AUDIENCE: _(
        "Take it back to a draft and choose other segments, or wait until somebody is in them."
    ),
    Braked.TEMPLATE: _("Repair the template, then resume."),
    Braked.HOURS: _("Look at the rules of sending: they leave no hour open."),
    Braked.RESTORED: _(
        "Those who still wait may have got it already: resume sends it to them, cancel leaves them out."
    ),
}


def advice(campaign: Campaign) -> str:
    """What there is to do about a campaign that stopped by itself; "" for nothing."""
    return str(ADVICE.get(campaign.braked, ""))  # type: ignore[call-overload]
