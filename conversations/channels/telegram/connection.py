"""Connecting a Telegram bot (Bot API 10.3).

Source: core.telegram.org/bots/features#botfather; core.telegram.org/bots/api#getme, #setwebhook,
#getwebhookinfo.
"""

import secrets
from collections.abc import Collection
from datetime import timedelta

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop

from conversations.channels.base import ChannelError
from conversations.channels.connection import Address, Checked, Connection, ConnectionForm, Finding
from conversations.channels.meta import values
from conversations.channels.telegram import api
from conversations.models import Channel

BOT = gettext_noop("The bot")
EVENTS = gettext_noop("Receiving messages")
ARRIVAL = gettext_noop("Messages that arrived lately")
WORKS = gettext_noop("Works")
NOT_ARRIVED = gettext_noop("Telegram could not bring the last messages")  # followed by what it said
UPDATES = ["message", "edited_message", "callback_query", "message_reaction", "my_chat_member"]
LATELY = timedelta(hours=1)
_token = RegexValidator(
    api.TOKEN, gettext_lazy("A bot's token looks like 123456789:AAH-x3…: copy all of it.")
)


class TelegramForm(ConnectionForm):
    """What @BotFather gives."""

    secret_fields = ("bot_token",)

    bot_token = forms.CharField(
        label=gettext_lazy("Token of the bot"),
        validators=[_token],
        max_length=150,
        help_text=gettext_lazy("Kept encrypted, never shown."),
    )


class TelegramConnection(Connection):
    """A bot of the business's own."""

    form = TelegramForm
    summary = gettext_lazy("A Telegram bot that people write to like to a contact.")
    vendor_page = "https://t.me/BotFather"
    steps = (
        gettext_lazy("Open the chat with @BotFather in Telegram and send /newbot."),
        gettext_lazy("Choose the name that customers see, and a user name that ends in “bot”."),
        gettext_lazy("Copy the token that @BotFather answers with."),
    )

    def made(self) -> dict[str, str]:
        return {"webhook_secret": secrets.token_urlsafe(32)}

    def addresses(self, channel: Channel) -> Collection[Address]:
        """The bot's own number, which begins its token: two channels cannot share one."""
        bot = str(channel.secrets.get("bot_token") or "").partition(":")[0]
        return [Address("telegram", bot)] if bot else []

    def check(self, channel: Channel) -> Checked:
        """Read the bot, have its updates brought here, and see what Telegram says of the last of them."""
        token = api.token_of(channel.secrets)
        bot = values.mapping(api.ask(token, "getMe"))
        name = values.text(bot.get("username"), 64)
        findings = [Finding(BOT, True, f"@{name}" if name else WORKS)]
        address = f"{settings.BASE_URL}/hooks/telegram/{channel.pk}/"
        try:
            api.ask(
                token,
                "setWebhook",
                url=address,
                secret_token=str(channel.secrets.get("webhook_secret") or ""),
                allowed_updates=UPDATES,
                drop_pending_updates=False,
            )
            findings += [Finding(EVENTS, True, WORKS), *_troubles(token)]
        except ChannelError as error:
            if error.channel_broken:
                raise
            findings.append(Finding(EVENTS, False, error.reason))
        return Checked(findings, address=f"@{name}" if name else "")


def _troubles(token: str) -> list[Finding]:
    """What went wrong lately when Telegram called us, if anything did."""
    info = values.mapping(api.ask(token, "getWebhookInfo"))
    happened = values.moment(info.get("last_error_date"))
    if happened is None or happened < timezone.now() - LATELY:
        return []
    waiting = values.number(info.get("pending_update_count")) or 0
    said = values.text(info.get("last_error_message"), 150)
    return [Finding(ARRIVAL, not waiting, f"{NOT_ARRIVED}: {said}")]
