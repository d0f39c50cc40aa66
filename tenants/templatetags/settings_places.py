"""`{% settings_places as places %}`: the settings this person may see."""

from django import template

from tenants.settings_nav import Place, places_for

register = template.Library()


@register.simple_tag(takes_context=True)
def settings_places(context: template.Context) -> list[Place]:
    """The places of the settings, in order, for the person who looks."""
    return places_for(context["request"].actor)
