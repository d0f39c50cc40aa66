"""Notifications in words: one sentence, in the language that is active."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy, ngettext

from conversations.models import Notification
from conversations.reasons import shown

Kind = Notification.Kind
ICONS: dict[str, str] = {
    Kind.MENTION: "at-sign",
    Kind.ASSIGNED: "user-round-check",
    Kind.ANSWERED: "message-square",
    Kind.SLA: "hourglass",
    Kind.PROMISE: "handshake",
    Kind.UNSENT: "circle-alert",
    Kind.RATING: "frown",
    Kind.CHANNEL: "plug",
    Kind.RULE: "workflow",
    Kind.CAMPAIGN: "send",
}
TONES: dict[str, str] = {
    Kind.UNSENT: "danger",
    Kind.CHANNEL: "danger",
    Kind.CAMPAIGN: "danger",
    Kind.SLA: "warning",
    Kind.PROMISE: "warning",
    Kind.RATING: "warning",
}
SENTENCES: dict[str, Any] = {
    Kind.MENTION: gettext_lazy("%(who)s mentioned you about %(customer)s"),
    Kind.ASSIGNED: gettext_lazy("%(who)s gave you the conversation with %(customer)s"),
    Kind.SLA: gettext_lazy("A promised time was missed: %(customer)s"),
    Kind.UNSENT: gettext_lazy("Your message to %(customer)s did not go out"),
    Kind.RATING: gettext_lazy("%(customer)s rated us with %(score)s of 5"),
    Kind.CHANNEL: gettext_lazy("The channel “%(channel)s” stopped working"),
    Kind.RULE: gettext_lazy("%(rule)s: %(customer)s"),
}
CHANNELS = "settings/channels/"
# What a campaign needs of its owner.
CAMPAIGNS = {
    "waiting": gettext_lazy("The campaign “%(campaign)s” waits for your approval"),
    "overdue": gettext_lazy("The campaign “%(campaign)s” missed its start: send it now or later?"),
    "away": gettext_lazy("The campaign “%(campaign)s” stands still: Puente was away for more than an hour"),
    "opt_outs": gettext_lazy("The campaign “%(campaign)s” stands still: too many unsubscribed"),
    "complaints": gettext_lazy("The campaign “%(campaign)s” stands still: too many reported it as spam"),
    "bounces": gettext_lazy("The campaign “%(campaign)s” stands still: too many mails came back"),
    "wishes": gettext_lazy("The campaign “%(campaign)s” stands still: too many asked for a person"),
    "channel": gettext_lazy("The campaign “%(campaign)s” stands still: something it needs does not work"),
    "restored": gettext_lazy("The campaign “%(campaign)s” stands still: a backup was restored"),
    "held": gettext_lazy("A backup was restored: decide what of the automatic messages goes out again"),
    "test": gettext_lazy("Your test of “%(campaign)s” did not go out"),
}
PROMISED = {
    "soon": gettext_lazy("What %(customer)s was promised is due soon"),
    "late": gettext_lazy("What %(customer)s was promised was not kept in time"),
}


class Notice(NamedTuple):
    """A notification as it is read."""

    title: str
    detail: str
    icon: str
    tone: str


def notice_of(notification: Notification) -> Notice:
    """The sentence, what was said, and how it looks."""
    data = notification.data
    names = ("who", "customer", "rule", "channel", "score", "campaign")
    words = {name: str(data.get(name) or "") for name in names}
    words["who"] = words["who"] or "Puente"
    detail = str(data.get("text") or shown(str(data.get("reason") or "")))
    return Notice(
        _sentence(notification, words),
        detail,
        ICONS.get(notification.kind, "bell"),
        TONES.get(notification.kind, "accent"),
    )


def place_of(notification: Notification) -> str:
    """Where it happened, below the address of the business."""
    data = notification.data
    if notification.conversation_id:
        return f"inbox/{notification.conversation_id}/"
    if notification.kind == Kind.CAMPAIGN:
        return str(data.get("page") or f"campaigns/{data['campaign_id']}/")
    return CHANNELS if notification.kind == Kind.CHANNEL else "notifications/"


def _sentence(notification: Notification, words: dict[str, str]) -> str:
    if notification.kind == Kind.ANSWERED:
        count = int(notification.data.get("count") or 1)
        sentence = ngettext("%(customer)s wrote", "%(customer)s wrote %(count)s times", count)
        return sentence % (words | {"count": count})
    if notification.kind == Kind.CAMPAIGN:
        return str(CAMPAIGNS.get(str(notification.data.get("why")), CAMPAIGNS["channel"])) % words
    if notification.kind == Kind.PROMISE:
        return str(PROMISED["late" if notification.data.get("late") else "soon"]) % words
    return str(SENTENCES.get(notification.kind, SENTENCES[Kind.RULE])) % words
