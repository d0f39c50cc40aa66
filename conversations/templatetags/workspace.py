"""Template tags of the agents' screens."""

import re

from django import template
from django.utils.html import escape, urlize
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from conversations.workspace import facts
from tenants import pulse

register = template.Library()
STANDSTILL = {
    pulse.Why.RESTORED: _("A backup was restored: in a moment you see what may have been sent already."),
    pulse.Why.CLOCK: _(
        "The server's clock is wrong: campaigns, confirmations and journeys wait until it is right. Whoever"
        " runs Puente sees at /readyz what is wrong."
    ),
}


@register.filter(is_safe=True)
def linked(text: str) -> SafeString:
    """Plain text with its web addresses as links that open beside the workspace."""
    html = urlize(text[:50_000], nofollow=True, autoescape=True)
    return SafeString(html.replace("<a href=", '<a target="_blank" rel="noopener noreferrer nofollow" href='))


@register.filter(is_safe=True)
def mentioned(html: SafeString, names: tuple[str, ...]) -> SafeString:
    """The same text with the colleagues and teams it speaks to as chips."""
    if not names:
        return html
    longest_first = sorted({re.escape(escape(f"@{name}")) for name in names}, key=len, reverse=True)
    return SafeString(re.sub("|".join(longest_first), r'<span class="mention">\g<0></span>', html))


@register.filter
def channel_icon(kind: str) -> str:
    """The icon of a kind of channel."""
    return facts.channel_icon(kind)


@register.filter
def channel_title(kind: str) -> str:
    """What a kind of channel is called."""
    return facts.channel_title(kind)


@register.simple_tag
def standstill() -> str:
    """Why nothing goes out by itself now, in a sentence; "" where it does."""
    why = pulse.held()
    return str(STANDSTILL[why]) if why else ""


@register.filter
def minutes(count: int | None) -> str:
    """A promised time as people say it: 45 min, 2 h, 1 h 30 min; a dash for none."""
    if count is None:
        return "–"
    hours, rest = divmod(count, 60)
    return " ".join(filter(None, [f"{hours} h" if hours else "", f"{rest} min" if rest else ""]))


@register.filter
def seconds(count: int) -> str:
    """A measured time: 40 s, 12 min, 3 h 5 min, 2 d 4 h."""
    if count < 60:
        return f"{count} s"
    days, rest = divmod(count // 60, 24 * 60)
    if not days:
        return minutes(rest)
    return " ".join(filter(None, [f"{days} d", f"{rest // 60} h" if rest >= 60 else ""]))
