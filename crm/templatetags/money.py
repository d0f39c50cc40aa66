"""`{% money order.total order.currency %}`: an amount as people write it."""

from django import template

from crm.lines import amount

register = template.Library()


@register.simple_tag
def money(total: object, currency: str) -> str:
    """1,250.00 MXN, with the separators of the currency's country."""
    return amount(total, currency)
