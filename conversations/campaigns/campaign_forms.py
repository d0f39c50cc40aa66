"""The page on which a campaign is written: what its form says, and what it shows."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import gettext as _

from conversations import gate, right_time
from conversations.actions.campaigns.drafting import LETTERS
from conversations.models import Campaign, Channel, MessageTemplate, Variant
from conversations.workspace.forms import uuid_or_none
from crm.models import Purpose, Segment
from tenants.kit.text import clean
from tenants.models import Tenant
from tenants.refusals import Refused

Test = Campaign.Test
MOST_CHANNELS = 3
MOST_TEMPLATES = 500


class Written(NamedTuple):
    """What was posted: the fields of a campaign, and its letters."""

    fields: dict[str, Any]
    letters: list[dict[str, Any]]


def read(post: QueryDict, tenant: Tenant) -> Written:
    """What the form says. Raises `Refused` with the field for what cannot be read."""
    test = post.get("test", "")
    fields: dict[str, Any] = {
        "name": clean(post.get("name", "")),
        "purpose": post.get("purpose", Purpose.PROMOTION),
        "include": _ids(post.getlist("include")),
        "exclude": _ids(post.getlist("exclude")),
        "channels": _ids([post.get(f"channel-{number}", "") for number in range(1, MOST_CHANNELS + 1)]),
        "starts_at": starts(post, tenant),
        "in_their_zone": post.get("zone", "theirs") == "theirs",
        "per_minute": _number(post, "per_minute"),
        "test": test,
        "hold_out_percent": _number(post, "hold_out_percent") or 0,
    }
    share = _number(post, "test_percent")
    if share is not None:
        fields["test_percent"] = share
    return Written(fields, _letters(post, test))


def _ids(given: list[str]) -> list[UUID]:
    return [found for one in given if (found := uuid_or_none(one))]


def _number(post: QueryDict, name: str) -> int | None:
    text = post.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise Refused(_("Give a whole number."), name)
    return int(text)


def starts(post: QueryDict, tenant: Tenant) -> datetime | None:
    """The moment that was chosen; None for at once."""
    if post.get("when") != "at":
        return None
    day, at = _day(post.get("day", "")), _time(post.get("hour", ""))
    if day is None or at is None:
        raise Refused(_("Give a day and an hour."), "starts_at")
    try:
        return right_time.instant(day, at, tenant.zone)
    except OverflowError:
        raise Refused(_("Give a day and an hour."), "starts_at") from None


def _day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and 2000 < found.year < 2200 else None


def _time(text: str) -> time | None:
    try:
        found = parse_time(text)
    except ValueError:
        return None
    return found if found and found.tzinfo is None else None


def _letters(post: QueryDict, test: str) -> list[dict[str, Any]]:
    """The letters of a campaign: one without a test; of a test of hours or channels the same words."""
    first = uuid_or_none(post.get("template-A"))
    if first is None:
        return []
    found: list[dict[str, Any]] = []
    for letter in LETTERS:
        own = uuid_or_none(post.get(f"template-{letter}"))
        hour = _time(post.get(f"hour-{letter}", ""))
        channel = uuid_or_none(post.get(f"on-{letter}"))
        if test == Test.HOUR and hour:
            found.append({"template": first, "hour": hour})
        elif test == Test.CHANNEL and channel:
            found.append({"template": first, "channel": channel})
        elif test == Test.CONTENT and own:
            found.append({"template": own})
    return found if test in (Test.CONTENT, Test.HOUR, Test.CHANNEL) and found else [{"template": first}]


def receiver(post: QueryDict) -> dict[str, Any]:
    """Who gets a test: by its own address, a number, or the customer whose letter is looked at."""
    customer, who = uuid_or_none(post.get("customer")), post.get("who", "")
    return {
        "channel_id": uuid_or_none(post.get("channel")),
        "number": post.get("number", "") if who == "number" else "",
        "customer_id": customer if who == "customer" else None,
        "like_id": customer,
    }


# --- as the page shows it ---


class LetterRow(NamedTuple):
    """A letter as the form shows it, chosen or still empty."""

    letter: str
    template: UUID | None
    hour: time | None
    channel: UUID | None


def given(campaign: Campaign) -> Written:
    """What stands in a campaign, as the form would have said it."""
    letters = [
        {"template": one.template_id, "hour": one.hour, "channel": one.channel_id}
        for one in Variant.objects.filter(campaign=campaign).order_by("letter")
    ]
    names = ("name", "purpose", "include", "exclude", "channels", "starts_at", "in_their_zone")
    more = ("per_minute", "test", "test_percent", "hold_out_percent")
    return Written({name: getattr(campaign, name) for name in names + more}, letters)


def shown(said: Written, tenant: Tenant, post: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Everything that the form is made of. `post` is what was typed, where it could not be read."""
    fields = said.fields
    moment: datetime | None = fields.get("starts_at")
    local = moment.astimezone(tenant.zone) if moment else None
    usable = [one for one in Channel.objects.order_by("name", "id") if gate.reaches(one)]
    chosen = [*fields.get("channels", []), None, None, None][: min(MOST_CHANNELS, max(1, len(usable)))]
    rows = {letter: LetterRow(letter, None, None, None) for letter in LETTERS}
    for letter, one in zip(LETTERS, said.letters, strict=False):
        rows[letter] = LetterRow(letter, one.get("template"), one.get("hour"), one.get("channel"))
    return {
        "said": fields,
        "day": (post or {}).get("day", local.date().isoformat() if local else ""),
        "hour": (post or {}).get("hour", f"{local:%H:%M}" if local else ""),
        "is_at": (post or {}).get("when", "at" if local else "now") == "at",
        "channel_rows": list(enumerate(chosen, 1)),
        "usable_channels": usable,
        "segments": list(Segment.objects.standing().order_by("name", "id")[:500]),
        "templates": list(MessageTemplate.objects.kept().order_by("name", "id")[:MOST_TEMPLATES]),
        "letter_rows": list(rows.values()),
        "purposes": Purpose.choices,
        "tests": Test.choices,
    }
