"""Telegram's refusals as sentences that say what to do.

Source: core.telegram.org/bots/api#making-requests and #responseparameters (Bot API 10.3); the descriptions
are those of github.com/tdlib/telegram-bot-api, telegram-bot-api/Client.cpp.
"""

import re
from typing import Any

from django.utils.translation import gettext_noop

from conversations.channels.base import ChannelError
from conversations.channels.meta import values

LONGEST_WAIT = 86_400.0  # seconds
REFUSED = gettext_noop("Telegram refused the message")  # followed by what it said
TOKEN = gettext_noop("Telegram no longer accepts the bot's token. Enter the new one from @BotFather.")
SLOWLY = gettext_noop("Telegram asks us to slow down. We try again.")
BLOCKED = gettext_noop("This person has blocked the bot. Only they can let it write again.")
STRANGER = gettext_noop("A bot may write only to people who have written to it first.")
GONE = gettext_noop("This Telegram account no longer exists.")
NO_CHAT = gettext_noop("Telegram does not find this chat. The person has to write to the bot first.")
TOO_BIG = gettext_noop("Telegram gives bots files of up to 20 MB. Ask for this one another way.")
FILE_GONE = gettext_noop("Telegram no longer has this file.")
FILE_REFUSED = gettext_noop("Telegram does not take this file. Send it in another format.")
REACTION = gettext_noop("Telegram does not take this emoji as a reaction.")
NO_TARGET = gettext_noop("Telegram no longer finds the message that this is about.")
TOO_OLD = gettext_noop("Telegram lets a bot take back only messages of the last 48 hours.")
TOO_LONG = gettext_noop("The text is longer than Telegram takes.")
UNCHANGED = gettext_noop("The message says this already.")
# What its descriptions say, our sentence, and what would help (`ChannelError.category`).
PERMANENT = (
    (r"blocked by the user", BLOCKED, "blocked"),
    (r"user is deactivated", GONE, "address"),
    (r"can't initiate conversation", STRANGER, "address"),
    (r"chat not found|peer_id_invalid", NO_CHAT, "address"),
    (r"file is too big", TOO_BIG, "file"),
    (r"wrong file_?id|invalid file_?id|file is temporarily unavailable", FILE_GONE, "file"),
    (r"photo_invalid|image_process_failed|wrong file type|type of file", FILE_REFUSED, "file"),
    (r"reaction_invalid|reaction_empty", REACTION, ""),
    (r"message can't be deleted", TOO_OLD, ""),
    (r"message is not modified", UNCHANGED, ""),
    (r"message to (?:edit|delete|react|reply).* not found|message_id_invalid", NO_TARGET, ""),
    (r"message is too long|caption is too long", TOO_LONG, "text"),
)


def refusal(status: int, said: dict[str, Any]) -> ChannelError:
    """Telegram's no as our error; of what is unknown to us its own words are kept."""
    code = int(values.number(said.get("error_code")) or status)
    words = values.text(said.get("description"), 200)
    if code in {401, 404}:
        return ChannelError(TOKEN, permanent=False, channel_broken=True)
    if code == 429:
        asked = values.number(values.mapping(said.get("parameters")).get("retry_after"))
        wait = min(max(float(asked or 1), 1.0), LONGEST_WAIT)
        return ChannelError(SLOWLY, permanent=False, wait=wait)
    for pattern, sentence, category in PERMANENT:
        if re.search(pattern, words, re.IGNORECASE):
            return ChannelError(sentence, permanent=True, category=category, code=code)
    return ChannelError(f"{REFUSED}: {words} ({code})", permanent=True, code=code)


def moved_to(said: dict[str, Any]) -> int | None:
    """The chat that took the place of the one we wrote to."""
    found = values.number(values.mapping(said.get("parameters")).get("migrate_to_chat_id"))
    return found if isinstance(found, int) else None
