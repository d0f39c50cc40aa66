"""What a conversation's pane shows: messages, separators and lines, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from conversations.actions.threads import base_subject
from conversations.models import Attachment, Channel, Conversation, Delivery, Message
from conversations.reasons import shown
from conversations.workspace.call_lines import CallLine
from conversations.workspace.call_lines import of as call_of
from conversations.workspace.event_lines import EVENT_ICONS, event_text
from conversations.workspace.extras import Extras, is_quiet
from conversations.workspace.extras import of as extras_of
from conversations.workspace.facts import channel_icon
from tenants import formats
from tenants.kit import filetypes
from tenants.models import Membership
from tenants.templatetags.ui import timestamp

GROUP = timedelta(minutes=5)  # messages of one author this close together share a name
PICTURE = (320, 240)  # pixels a picture has in the thread at most
LIGHT = 1_000_000  # bytes of a picture shown itself where it has no thumbnail


class ShownFile(NamedTuple):
    """A file under a message."""

    id: UUID
    name: str
    size: int  # bytes
    shows: str  # picture, sound, film, or nothing for a file to be saved
    state: str
    reason: str
    can_retry: bool
    has_thumbnail: bool
    width: int  # pixels, as shown; 0 where nobody knows
    height: int


class Unseeing(NamedTuple):
    """Somebody who was mentioned and cannot see the conversation."""

    kind: str
    id: str
    name: str
    conversation_id: UUID


class ShownComment(NamedTuple):
    """What stands below a message that is a public comment, or an answer to one."""

    mode: str  # of an answer: public or private; "" for the comment itself
    is_hidden: bool
    link: str  # to the post
    can_answer: bool


class Bubble(NamedTuple):
    """All that a message looks like: plain values, so that it can be remembered by them."""

    id: UUID
    kind: str
    client_id: str
    stamp: str
    author: str
    time: SafeString
    text: str
    quoted: str
    subject: str
    state: str
    reason: str
    delivery_id: UUID | None
    can_discard: bool  # it waits for something, or was discarded already
    asks: bool  # how it went
    automatic: bool
    by_bot: bool
    mine: bool
    grouped: bool
    has_html: bool
    opens_html: bool
    files: tuple[ShownFile, ...]
    fate: str  # edited, removed, or nothing
    reactions: str
    mentions: tuple[str, ...]  # as they are written in the text
    unseeing: tuple[Unseeing, ...]
    call: CallLine | None
    comment: ShownComment | None
    extras: Extras | None
    channel: str  # by which it came or went, if not by the one that the head names
    channel_icon: str


def _is_hidden(data: dict[str, Any]) -> bool:
    comment = data.get("comment")
    return isinstance(comment, dict) and bool(comment.get("hidden"))


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in the feed: a day, an episode, a message or an event line."""

    kind: str
    message: Message | None = None
    day: date | None = None
    text: str = ""
    icon: str = ""
    grouped: bool = False
    delivery: Delivery | None = None
    files: tuple[Attachment, ...] = ()
    mine: bool = False
    subject: str = ""
    opens_html: bool = False
    unseeing: tuple[Unseeing, ...] = ()
    extras: Extras | None = None
    channel: Channel | None = None

    @property
    def state(self) -> str:
        return self.delivery.status if self.delivery else ""

    @property
    def reason(self) -> str:
        """Why it failed, in the reader's language where we wrote it ourselves."""
        return self.delivery.why if self.delivery else ""

    @property
    def stamp(self) -> str:
        """Changes when the message looks different."""
        data = self.message.data if self.message else {}
        told = [data.get(name, "") for name in ("rating", "reactions", "edited", "removed", "heard")]
        told.append("hidden" if _is_hidden(data) else "")
        files = "".join(
            f"{file.state}{'small' if file.thumbnail else ''}"
            for file in self.files
            if file.thumbnail or file.state != Attachment.State.HERE
        )
        remedy = self.extras.remedy if self.extras else ""
        return f"{self.state}{self.reason}{remedy}{files}" + "".join(str(one) for one in told if one)

    @property
    def bubble(self) -> Bubble | None:
        """The message as it looks."""
        message = self.message
        if message is None:
            return None
        return Bubble(
            id=message.pk,
            kind=message.kind,
            client_id=str(message.client_id or ""),
            stamp=self.stamp,
            author=message.author_label,
            time=timestamp(message.created_at, "time"),
            text=message.text,
            quoted=message.quoted,
            subject=self.subject,
            state=self.state,
            reason=self.reason,
            delivery_id=self.delivery.pk if self.delivery else None,
            can_discard=self.state == "discarded" or bool(self.state == "pending" and self.reason),
            asks=bool(message.data.get("rating")),
            automatic=bool(message.data.get("automatic")),
            by_bot=message.author_kind == Message.Author.BOT,
            mine=self.mine,
            grouped=self.grouped,
            has_html=bool(getattr(message, "has_html", False)),
            opens_html=bool(self.opens_html),
            files=tuple(shown_file(file) for file in self.files),
            fate=next((what for what in ("removed", "edited") if what in message.data), ""),
            reactions="".join(message.data.get("reactions", {}).values()),
            mentions=tuple(one["text"] for one in message.data.get("mentions", ()) if one.get("text")),
            unseeing=self.unseeing,
            call=call_of(message),
            comment=_shown_comment(message),
            extras=self.extras,
            channel=self.channel.name if self.channel else "",
            channel_icon=channel_icon(self.channel.kind) if self.channel else "",
        )


def _shown_comment(message: Message) -> ShownComment | None:
    told = message.data.get("comment")
    if message.data.get("kind") != "comment" or not isinstance(told, dict):
        return None
    answers = message.is_from_customer and "removed" not in message.data
    return ShownComment(
        str(told.get("mode", "")), bool(told.get("hidden")), str(told.get("permalink", "")), answers
    )


def shown_file(file: Attachment) -> ShownFile:
    """What the pane needs of a file."""
    sides = zip(PICTURE, (file.width, file.height), strict=True)
    scale = min([1.0, *(most / side for most, side in sides if side)])
    return ShownFile(
        file.pk,
        file.name,
        file.size,
        _shows(file) if file.state == Attachment.State.HERE else "",
        file.state,
        shown(file.reason),
        bool(file.reference),
        bool(file.thumbnail),
        round(file.width * scale),
        round(file.height * scale),
    )


def _shows(file: Attachment) -> str:
    """As what a file is shown; a picture that none can be made of, or a heavy one, is saved."""
    if file.content_type in filetypes.PICTURES:
        untried = file.size <= LIGHT and (file.due_at or not file.attempts)
        return "picture" if file.thumbnail or untried else ""
    if file.content_type in filetypes.SOUNDS:
        return "sound"
    return "film" if file.content_type in filetypes.FILMS else ""


def feed(messages: Iterable[Message], conversation: Conversation, member: Membership) -> list[Item]:
    """Messages as the pane shows them, with what separates days and episodes."""
    items: list[Item] = []
    before: Message | None = None
    known = base_subject(conversation.subject)
    messages = list(messages)
    homes = _homes(messages)
    for message in messages:
        if is_quiet(message):
            continue
        day = timezone.localtime(message.created_at).date()
        starts = before is None and message.episode.number > 1
        if starts or (before is not None and before.episode_id != message.episode_id):
            items.append(Item("episode", text=_episode_text(message), day=day))
        if before is None or timezone.localtime(before.created_at).date() != day:
            items.append(Item("day", day=day))
        if message.kind == Message.Kind.EVENT:
            items.append(_event(message))
        else:
            subject = message.subject if base_subject(message.subject) != known else ""
            items.append(_bubble(message, before, member, subject, conversation, homes))
        before = message
    return items


def _homes(messages: Iterable[Message]) -> dict[UUID, Conversation]:
    """The merged conversations to which some of the messages belong; mostly there is none."""
    ids = {message.came_by_id for message in messages if message.came_by_id}
    return Conversation.objects.select_related("channel").in_bulk(ids) if ids else {}


def _bubble(
    message: Message,
    before: Message | None,
    member: Membership,
    subject: str,
    conversation: Conversation,
    homes: dict[UUID, Conversation],
) -> Item:
    files = tuple(message.attachments.all())
    home = homes.get(message.came_by_id, conversation) if message.came_by_id else conversation
    is_shown = message.kind != Message.Kind.NOTE and home.channel_id != conversation.channel_id
    return Item(
        "message",
        message=message,
        grouped=before is not None and _together(before, message),
        delivery=message.delivery,
        files=tuple(file for file in files if not (file.is_inline and getattr(message, "has_html", False))),
        mine=message.author_id == member.pk,
        subject=subject,
        opens_html=getattr(message, "has_html", False)
        and (not message.text or any(f.is_inline for f in files)),
        unseeing=_unseeing(message, conversation) if message.author_id == member.pk else (),
        extras=extras_of(message, conversation, home),
        channel=home.channel if is_shown else None,
    )


def _unseeing(message: Message, conversation: Conversation) -> tuple[Unseeing, ...]:
    """Whom the note's author mentioned in vain, until the conversation is theirs or their team's."""
    return tuple(
        Unseeing(one["kind"], one["id"], one["name"], conversation.pk)
        for one in message.data.get("mentions", ())
        if one.get("blind")
        and one["id"] != str(conversation.assignee_id)
        and str(conversation.team_id) not in one.get("teams", ())
    )


def _together(before: Message, message: Message) -> bool:
    return (before.kind, before.came_by_id, before.author_kind, before.author_id, before.author_label) == (
        message.kind,
        message.came_by_id,
        message.author_kind,
        message.author_id,
        message.author_label,
    ) and message.created_at - before.created_at < GROUP


def _event(message: Message) -> Item:
    what = str(message.data.get("event", ""))
    return Item("event", message=message, text=event_text(message), icon=EVENT_ICONS.get(what, "circle"))


def _episode_text(message: Message) -> str:
    opened = timezone.localtime(message.episode.opened_at)
    return _("Conversation of %(day)s") % {"day": formats.long_date(opened)}
