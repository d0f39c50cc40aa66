"""What the lines between messages say: who did what, and why, in the reader's language."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language_info, gettext_lazy

from conversations.bot.reasons import SENTENCES as WHY
from conversations.models import Conversation, Goal, Message
from conversations.reasons import shown
from conversations.workspace.facts import channel_title
from tenants import formats

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
    "appointment_answered": "calendar-clock",
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
    "closed_quiet": gettext_lazy("Closed: the customer had nothing more to ask the bot"),
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
    "appointment_answered": gettext_lazy("Was asked whether he comes: %(text)s, %(until)s"),
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
    elif what == "closed" and data.get("why") == "quiet":
        what = "closed_quiet"
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
