"""What may go out to a customer: by its channel, by the customer's wish, by the clock."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from conversations import consent, windows
from conversations.actions import content, filling
from conversations.actions.content import CannotSend
from conversations.channels.base import Capabilities, File
from conversations.channels.registry import adapter_for
from conversations.models import Conversation, Reach
from tenants.actors import Actor


def check_sendable(
    conversation: Conversation,
    text: str,
    files: list[File],
    *,
    by: Actor | None = None,
    data: Mapping[str, Any] | None = None,
) -> tuple[str, dict[str, Any]]:
    """The text and what is more than text, as they go out; raise `CannotSend` when the channel refuses it.

    Without `by` a person is meant.
    """
    channel = conversation.channel
    can = adapter_for(channel.kind).capabilities
    check_way(conversation, can)
    if data and data.get("template"):
        if not can.templates:
            raise CannotSend(_("This channel has no templates."), "template")
        _check_files(files, can)
        return filling.chosen(channel=channel, given=data["template"], files=files)
    kept = content.checked(conversation, data, text, can) if data else {}
    if not (text or files or "location" in kept):
        raise CannotSend(_("Write something first."))
    if len(text) > can.text_limit:
        raise CannotSend(
            _("Shorten the text: this channel takes %(limit)s characters.") % {"limit": can.text_limit}
        )
    if not windows.is_open(conversation, can, person=by is None or by.membership is not None):
        raise CannotSend(closed_window(can))
    _check_files(files, can)
    return text, kept


def check_way(conversation: Conversation, can: Capabilities) -> None:
    """Raise `CannotSend` when nothing at all goes out to this customer on this channel."""
    channel = conversation.channel
    if not channel.is_active:
        raise CannotSend(_("The channel “%(name)s” is switched off.") % {"name": channel.name})
    if conversation.identity_id is None:
        raise CannotSend(_("This customer has no address on this channel any more."))
    reach = Reach.objects.filter(channel=channel, identity_id=conversation.identity_id, is_open=False)
    for word in reach.values_list("word", flat=True):
        if word:
            said = _("The customer wrote “%(word)s” and wants no more messages here until he writes START.")
            raise CannotSend(said % {"word": word})
        raise CannotSend(_("The customer has blocked you on this channel. Write on another one."))
    if not can.text_limit:
        raise CannotSend(_("Nobody can write on this channel. Choose another one."))


def closed_window(can: Capabilities) -> str:
    """What to say of a closed window."""
    if can.templates:
        return _("The customer wrote too long ago: this channel now takes approved templates only.")
    return _("The customer wrote too long ago: this channel takes nothing until he writes again.")


def _check_files(files: list[File], can: Capabilities) -> None:
    if files and not can.attachments:
        raise CannotSend(_("This channel takes no files."))
    if sum(len(file.content) for file in files) > can.attachment_limit:
        raise CannotSend(
            _("The files are too large: together at most %(limit)s MB.")
            % {"limit": can.attachment_limit // 1_000_000}
        )


def check_consent(way: Conversation, purpose: str) -> None:
    """Raise `CannotSend` with the reason when the customer may not be written to there for a purpose."""
    verdict = consent.may_send(way, purpose)
    if not verdict.allowed:
        raise CannotSend(verdict.sentence)
