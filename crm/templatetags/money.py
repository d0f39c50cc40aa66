"""`{% money order.total order.currency %}`: an amount as the reader writes it."""

from django import template

from crm.lines import amount

register = template.Library()


@register.simple_tag
def money(total: object, currency: str) -> str:
    """1,250.00 MXN, with the separators of the reader's language."""
    return amount(total, currency)
