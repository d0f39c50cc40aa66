"""Template tags of the agents' screens."""

import re

from django import template
from django.utils.html import escape, urlize
from django.utils.safestring import SafeString

from conversations.workspace import facts

register = template.Library()


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
