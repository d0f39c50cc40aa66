"""Everything the widget says, in the visitor's language (docs/guides/web-chat-protocol.md)."""

from django.utils.translation import gettext as _

PRECHAT_TYPES = {"name": "text", "email": "email", "phone": "tel"}


def widget_texts() -> dict[str, str]:
    """The widget's own words in the active language."""
    return {
        "open": _("Open chat"),
        "close": _("Close chat"),
        "unread": _("New messages: {n}"),
        "log": _("Conversation"),
        "you": _("You"),
        "bot": _("Automatic reply"),
        "placeholder": _("Write a message…"),
        "send": _("Send"),
        "start": _("Start chat"),
        "optional": _("optional"),
        "invalid": _("Please check this answer."),
        "too_long": _("Too long: {n} of {max} characters."),
        "sending": _("Sending…"),
        "sent": _("Sent"),
        "read": _("Read"),
        "waiting": _("Not sent yet. Try now"),
        "failed": _("Not sent. Try again"),
        "offline": _("No connection. We send it as soon as it is back."),
        "typing": _("{name} is typing…"),
        "earlier": _("Earlier messages"),
        "rate_of": _("{n} of {max}"),
        "rate_low": _("Bad"),
        "rate_high": _("Excellent"),
        "rate_thanks": _("Thank you!"),
        "rate_failed": _("That could not be saved. Please try again."),
        "comment": _("Would you tell us more? (optional)"),
        "comment_send": _("Send comment"),
        "attach": _("Attach a file, up to {max} MB"),
        "remove": _("Remove {name}"),
        "uploading": _("{n} % of {name}"),
        "too_large": _("{name} is too large: at most {max} MB."),
        "too_many": _("At most {max} files in one message."),
        "upload_failed": _("{name} could not be handed in. Try again."),
    }


def prechat_label(name: str, *, is_open: bool = True) -> str:
    """What the widget asks before the first message; while nobody is there, for what."""
    if name == "email" and not is_open:
        return _("Your e-mail, so that we can answer")
    return {"name": _("What is your name?"), "email": _("Your e-mail"), "phone": _("Your phone")}.get(
        name, name
    )
