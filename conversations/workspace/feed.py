"""What a conversation's pane shows: messages, separators and lines, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from conversations.actions.threads import base_subject
from conversations.bot.reasons import SENTENCES as WHY
from conversations.models import Attachment, Channel, Conversation, Delivery, Goal, Message
from conversations.reasons import shown
from conversations.workspace.call_lines import CallLine
from conversations.workspace.call_lines import of as call_of
from conversations.workspace.extras import Extras, is_quiet
from conversations.workspace.extras import of as extras_of
from conversations.workspace.facts import channel_icon, channel_title
from tenants import formats
from tenants.kit import filetypes
from tenants.models import Membership
from tenants.templatetags.ui import timestamp

GROUP = timedelta(minutes=5)  # messages of one author this close together share a name
PICTURE = (320, 240)  # pixels a picture has in the thread at most
LIGHT = 1_000_000  # bytes of a picture shown itself where it has no thumbnail

EVENT_ICONS = {
    "assigned": "user-round-check",
    "unassigned": "user-x",
    "released": "user-x",
    "team_changed": "users-round",
    "priority_changed": "flag",
    "labelled": "tag",
    "closed": "check",
    "reopened": "rotate-ccw",
    "waiting": "hourglass",
    "snoozed": "alarm-clock",
    "woken": "bell",
    "sla_missed": "circle-alert",
    "delivery_failed": "circle-alert",
    "complaint_raised": "flag",
    "comment_hidden": "eye-off",
    "comment_shown": "eye",
    "address_changed": "phone",
    "closed_to_us": "ban",
    "stopped": "ban",
    "unsubscribed": "ban",
    "opened_again": "circle-check",
    "came_back": "circle-check",
    "delivery_delayed": "hourglass",
    "reopened_undelivered": "rotate-ccw",
    "merged": "arrow-down",
    "unmerged": "arrow-up",
    "split": "arrow-up",
    "split_from": "arrow-up",
    "unsplit": "arrow-down",
    "answers_moved": "reply",
    "put_back": "undo-2",
    "scheduled_held": "calendar-clock",
    "handed_off": "hand",
    "not_told": "circle-alert",
    "turn_taken": "hand",
    "turn_given_back": "bot",
    "promise_made": "handshake",
    "promise_kept": "circle-check",
    "promise_put_off": "calendar-clock",
    "promise_withdrawn": "x",
    "promise_open_again": "rotate-ccw",
    "promise_late": "circle-alert",
}


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


SENTENCES = {
    "taken": gettext_lazy("%(who)s took the conversation"),
    "assigned": gettext_lazy("%(who)s assigned it to %(to)s"),
    "assigned_because": gettext_lazy("Assigned to %(to)s: %(why)s"),
    "unassigned": gettext_lazy("%(who)s put it back in the queue"),
    "released": gettext_lazy("%(to)s no longer answers here: it is back in the queue"),
    "team_changed": gettext_lazy("%(who)s moved it to the team %(team)s"),
    "team_left": gettext_lazy("%(who)s took it out of its team"),
    "priority_changed": gettext_lazy("%(who)s set the priority to %(priority)s"),
    "labelled": gettext_lazy("%(who)s set the labels: %(labels)s"),
    "labels_removed": gettext_lazy("%(who)s removed all labels"),
    "closed": gettext_lazy("%(who)s closed the conversation"),
    "reopened": gettext_lazy("%(who)s reopened the conversation"),
    "waiting": gettext_lazy("%(who)s is waiting for the customer"),
    "snoozed": gettext_lazy("%(who)s snoozed it until %(until)s"),
    "snoozed_for_an_answer": gettext_lazy("%(who)s snoozed it until the customer writes"),
    "snoozed_anyway": gettext_lazy("%(who)s snoozed it until %(until)s, whatever the customer writes"),
    "woken": gettext_lazy("The snooze is over"),
    "woken_by_answer": gettext_lazy("Back from its snooze, because the customer wrote"),
    "sla_missed": gettext_lazy("Overdue: %(target)s, promised until %(due)s"),
    "delivery_failed": gettext_lazy("Not delivered: %(reason)s"),
    "complaint_raised": gettext_lazy("Sounds like a complaint, in public: the priority is %(priority)s now"),
    "comment_hidden": gettext_lazy("%(who)s hid a comment"),
    "comment_shown": gettext_lazy("%(who)s let everybody see a comment again"),
    "closed_to_us": gettext_lazy("Has blocked you here: nothing arrives any more"),
    "stopped": gettext_lazy("Wrote “%(word)s” and wants no more messages here"),
    "unsubscribed": gettext_lazy("Wrote “%(word)s” and gets no more offers and surveys here"),
    "opened_again": gettext_lazy("Can be reached here again"),
    "came_back": gettext_lazy(
        "Wrote “%(word)s” and can be reached here again. It is no consent to offers or surveys."
    ),
    "address_changed": gettext_lazy("Has another number now: %(to)s instead of %(old)s"),
    "delivery_delayed": gettext_lazy("Not there yet: %(reason)s"),
    "scheduled_held": gettext_lazy("A planned answer could not go out: %(reason)s"),
    "reopened_undelivered": gettext_lazy("Open again, because the answer did not arrive"),
    "reopened_undelivered_for": gettext_lazy("Open again for %(to)s, because the answer did not arrive"),
    "merged": gettext_lazy("%(who)s put “%(other)s” together with this conversation"),
    "unmerged": gettext_lazy("%(who)s took “%(other)s” out again"),
    "split": gettext_lazy("%(who)s made a conversation of its own out of some messages"),
    "split_from": gettext_lazy("%(who)s took this out of “%(other)s”"),
    "unsplit": gettext_lazy("%(who)s brought back what had been taken out"),
    "answers_moved": gettext_lazy("%(who)s answers by “%(channel)s” from here on"),
    "taken_from_bot": gettext_lazy("%(who)s took the conversation from the bot"),
    "assigned_from_bot": gettext_lazy("%(who)s gave it from the bot to %(to)s"),
    "turn_taken": gettext_lazy("%(who)s took the conversation from the bot"),
    "turn_given_back": gettext_lazy("%(who)s gave it back to the bot"),
    "handed_off": gettext_lazy("The bot handed over: %(why)s"),
    "not_told": gettext_lazy("The customer could not be told that a person takes over: %(reason)s"),
    "promise_made": gettext_lazy("%(who)s promised “%(text)s” until %(until)s"),
    "promise_kept": gettext_lazy("%(who)s kept the promise “%(text)s”"),
    "promise_put_off": gettext_lazy("%(who)s put off the promise “%(text)s” until %(until)s"),
    "promise_withdrawn": gettext_lazy("%(who)s withdrew the promise “%(text)s”"),
    "promise_open_again": gettext_lazy("%(who)s opened the promise “%(text)s” again"),
    "promise_late": gettext_lazy("Not kept in time: “%(text)s”, promised until %(until)s"),
    "put_back": gettext_lazy("%(who)s took back what was done to many conversations"),
}


def event_text(message: Message) -> str:
    """What happened, in a sentence that names who did it."""
    data = message.data
    words = {
        "who": message.author_label or "Puente",
        "to": data.get("to", ""),
        "team": data.get("team", ""),
        "other": data.get("other", ""),
        "channel": data.get("channel", ""),
        "word": data.get("word", ""),
        "priority": _priority(data),
        "labels": ", ".join(map(str, data.get("labels") or [])),
        "until": _until(data),
        "reason": shown(str(data.get("reason") or "")),
        "text": data.get("text", ""),
    }
    what = str(data.get("event", ""))
    if what == "assigned" and data.get("why"):
        what, words["why"] = "assigned_because", choice_text(data["why"])
    elif what == "snoozed":
        what = _snoozed(data)
    elif what == "woken" and data.get("why") == "reply":
        what = "woken_by_answer"
    elif what == "sla_missed":
        words |= {"target": _target(data), "due": _until({"until": data.get("due")})}
    elif what == "assigned" and words["who"] == words["to"]:
        what = "taken_from_bot" if data.get("from_bot") else "taken"
    elif what == "assigned" and data.get("from_bot"):
        what = "assigned_from_bot"
    elif what == "handed_off":
        words["why"] = handed_off_because(data)
    elif what == "not_told":
        words["reason"] = data.get("why", "")
    elif what == "team_changed" and not words["team"]:
        what = "team_left"
    elif what == "reopened_undelivered" and words["to"]:
        what = "reopened_undelivered_for"
    elif what == "labelled" and not words["labels"]:
        what = "labels_removed"
    sentence = SENTENCES.get(what)
    return str(sentence) % words if sentence else what


def handed_off_because(data: dict[str, Any]) -> str:
    """Why the bot stepped aside, within a sentence."""
    sentence = str(WHY.get(str(data.get("reason")), WHY["broken"])).rstrip(".")
    return sentence[:1].lower() + sentence[1:]


REASONS = {
    "turn": gettext_lazy("next in turn"),
    "load": gettext_lazy("fewest open"),
    "language": gettext_lazy("speaks %(what)s"),
    "channel": gettext_lazy("answers %(what)s"),
    "label": gettext_lazy("knows “%(what)s”"),
    "knows": gettext_lazy("answered this customer last"),
}


def choice_text(why: Any) -> str:
    """Why somebody was chosen, in the reader's language."""
    shown_reasons = []
    for reason in why if isinstance(why, list) else []:
        kind, _colon, what = str(reason).partition(":")
        if kind == "language":
            what = _language(what)
        elif kind == "channel":
            what = channel_title(what)
        if kind in REASONS:
            shown_reasons.append(str(REASONS[kind]) % {"what": what})
    return ", ".join(shown_reasons)


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def _target(data: dict[str, Any]) -> str:
    known = dict(Goal.Target.choices)
    return str(known.get(str(data.get("target")), data.get("target", ""))).lower()


def _snoozed(data: dict[str, Any]) -> str:
    if not data.get("until"):
        return "snoozed_for_an_answer"
    return "snoozed" if data.get("until_reply", True) else "snoozed_anyway"


def _priority(data: dict[str, Any]) -> str:
    try:
        return str(Conversation.Priority(int(data["priority"])).label).lower()
    except (KeyError, TypeError, ValueError):
        return str(data.get("priority", ""))


def _until(data: dict[str, Any]) -> str:
    try:
        until = timezone.localtime(datetime.fromisoformat(str(data.get("until"))))
    except ValueError:
        return "?"
    return formats.numeric(until)
