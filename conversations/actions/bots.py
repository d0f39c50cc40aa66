"""The bot of a business: switched on and off, named, worded, given its rules and its balance."""

from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.actions import bells
from conversations.actions.bot_content import InvalidBot, checked
from conversations.actions.turns import CHATS
from conversations.models import Bot, Turn
from tenants import audit
from tenants.actors import Actor
from tenants.refusals import Conflicting

__all__ = ["ChangedMeanwhile", "InvalidBot", "Saved", "save_bot", "settings_of"]
FIELDS = (
    "is_on", "name", "channel_ids", "harmless", "words", "texts", "rules", "balance", "teams", "closes_after",
)  # fmt: skip
AT_ONCE = 50
"""Conversations that hear at once that the bot was switched off; the sweep rings for the others."""


class ChangedMeanwhile(Conflicting):
    """Somebody else changed the bot since it was looked at."""


class Saved(NamedTuple):
    """The bot as it is now, and what it said before: what `save_bot` takes to go back."""

    bot: Bot
    before: dict[str, Any]


def settings_of(bot: Bot) -> dict[str, Any]:
    """All settings of a bot, as `save_bot` takes them."""
    found = {name: getattr(bot, name) for name in FIELDS}
    return {**found, "channel_ids": [str(one) for one in bot.channel_ids]}


@transaction.atomic
def save_bot(*, by: Actor, seen: int | None = None, whole: bool = False, **given: Any) -> Saved:
    """Change the bot; what is not given stays. `whole` puts texts, rules and balance in the place of theirs.

    `seen` is the version that was looked at. Raises `InvalidBot`, `ChangedMeanwhile`.
    """
    bot = _lock()
    if seen is not None and seen != bot.version:
        raise ChangedMeanwhile(_("Somebody changed the bot meanwhile. Look at it and save again."))
    before, base = settings_of(bot), Bot() if whole else bot
    values = {name: checked(name, value, base) for name, value in given.items()}
    changed = sorted(name for name, value in values.items() if getattr(bot, name) != value)
    if not changed:
        return Saved(bot, {})
    was_on = bot.is_on
    for name in changed:
        setattr(bot, name, values[name])
    bot.version += 1
    bot.save()
    action = "bot.updated"
    if was_on != bot.is_on:
        action = "bot.turned_on" if bot.is_on else "bot.turned_off"
    audit.record(action, target=bot, by=by, version=bot.version, changed=changed)
    if was_on and {"is_on", "channel_ids"} & set(changed):
        _let_go(bot)
    return Saved(bot, {name: before[name] for name in changed})


def _lock() -> Bot:
    Bot.objects.get_or_create()
    return Bot.objects.select_for_update().get()


def _let_go(bot: Bot) -> None:
    """Wake the bot in every conversation that is no longer its own: it finds so and gives it to people."""
    held = Turn.objects.filter(holder=Turn.Holder.BOT, ended_at=None)
    if bot.is_on:
        own = Q(conversation__channel__in=bot.channel_ids)
        held = held.exclude(own if bot.channel_ids else Q(conversation__channel__kind__in=CHATS))
    ids = list(held.values_list("pk", "conversation_id"))
    Turn.objects.filter(pk__in=[pk for pk, _conversation in ids]).update(due_at=timezone.now(), attempts=0)
    for _pk, conversation_id in ids[:AT_ONCE]:
        bells.think(conversation_id)
