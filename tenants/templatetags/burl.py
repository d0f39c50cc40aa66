"""`{% burl "conversations:thread" conversation.id %}`: an address inside the current business."""

from typing import Any

from django import template

from tenants.urls_tools import reverse_inside

register = template.Library()


@register.simple_tag(takes_context=True)
def burl(context: template.Context, name: str, *args: Any) -> str:
    """Reverse a name inside the page's business."""
    tenant = context.get("tenant") or context["request"].tenant
    return reverse_inside(tenant.slug, name, *args)
