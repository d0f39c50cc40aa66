"""Template tags of the agents' screens."""

from django import template
from django.utils.html import urlize
from django.utils.safestring import SafeString

from conversations.models import Attachment
from conversations.workspace import facts
from conversations.workspace.feed import RASTER

register = template.Library()


@register.filter(is_safe=True)
def linked(text: str) -> SafeString:
    """Plain text with its web addresses as links that open beside the workspace."""
    html = urlize(text[:50_000], nofollow=True, autoescape=True)
    return SafeString(html.replace("<a href=", '<a target="_blank" rel="noopener noreferrer nofollow" href='))


@register.filter
def channel_icon(kind: str) -> str:
    """The icon of a kind of channel."""
    return facts.channel_icon(kind)


@register.filter
def channel_title(kind: str) -> str:
    """What a kind of channel is called."""
    return facts.channel_title(kind)


@register.filter
def is_picture(file: Attachment) -> bool:
    """Whether a file is shown as a picture."""
    return file.content_type in RASTER
