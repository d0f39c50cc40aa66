"""What tells Messenger and Instagram apart, where Meta's Messenger Platform serves both."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext_noop

from conversations.channels.base import ChannelError
from conversations.models import Channel

NOT_CONNECTED = gettext_noop("The channel is not connected yet. Enter account and token on its page.")


class Network(NamedTuple):
    """One of the two."""

    kind: str  # of the channel, and of the identities on it
    title: str
    account: str  # the setting that holds the account's id
    text_bytes: int  # 0: its limit counts characters
    text_limit: int
    media_limits: Mapping[str, int]  # bytes by kind
    media_types: Mapping[str, frozenset[str]]  # content types it takes, by kind; empty takes all
    metadata: bool  # whether what we write beside a message comes back with its echo


class Account(NamedTuple):
    """Whose calls go where."""

    id: str  # as part of an address
    token: str
    api: str  # the host they go to
    by_page: bool  # whether it is a Facebook page, or an Instagram account reached through one


MEGABYTE = 1_000_000  # bytes; a little less than the vendor's
MESSENGER = Network(
    kind="messenger",
    title="Messenger",
    account="page_id",
    text_bytes=0,
    text_limit=2_000,
    media_limits=dict.fromkeys(("image", "audio", "video", "file"), 25 * MEGABYTE),
    media_types={},
    metadata=True,
)
INSTAGRAM = Network(
    kind="instagram",
    title="Instagram",
    account="account_id",
    text_bytes=1_000,
    text_limit=1_000,
    media_limits={
        "image": 8 * MEGABYTE,
        "audio": 25 * MEGABYTE,
        "video": 25 * MEGABYTE,
        "file": 25 * MEGABYTE,
    },
    media_types={
        "image": frozenset({"image/png", "image/jpeg", "image/gif"}),
        "audio": frozenset(
            {"audio/aac", "audio/m4a", "audio/x-m4a", "audio/mp4", "audio/wav", "audio/x-wav"}
        ),
        "video": frozenset({"video/mp4", "video/ogg", "video/x-msvideo", "video/quicktime", "video/webm"}),
        "file": frozenset({"application/pdf"}),
    },
    metadata=False,
)


def account_of(channel: Channel) -> Account:
    """Which account a channel is, and its token. Raises `ChannelError` while it is not connected.

    An Instagram account with a page is reached through it, as before 2024; else by its own login.
    """
    token = str(channel.secrets.get("access_token") or "")
    page = _id(channel.settings.get("page_id"))
    own = _id(channel.settings.get("account_id"))
    found = page or (own if channel.kind == INSTAGRAM.kind else "")
    if not found or not token or not (token.isascii() and token.isprintable()):
        raise ChannelError(NOT_CONNECTED, permanent=False, channel_broken=True)
    return Account(found, token, settings.META_API if page else settings.META_INSTAGRAM_API, bool(page))


def _id(value: Any) -> str:
    return quote(str(value or ""), safe="")
