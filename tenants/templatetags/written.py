"""Figures and dates as people of the country write them.

{% money order.total order.currency %}
{{ count|number }}
"""

from datetime import date, datetime, time

from django import template

from tenants import formats

register = template.Library()


@register.simple_tag
def money(total: object, currency: str) -> str:
    """$13,900, with the separators of the business's country."""
    return formats.money(total, currency)


@register.filter
def number(value: object, decimals: int | None = None) -> str:
    """12,345, or with so many decimals."""
    return formats.number(value, decimals)


@register.filter(expects_localtime=True)
def time_of_day(value: datetime | time) -> str:
    """14:05, 2:05 PM."""
    return formats.clock(value)


@register.filter(expects_localtime=True)
def long_date(value: date) -> str:
    """21 de noviembre de 2026."""
    return formats.long_date(value)


@register.filter(expects_localtime=True)
def week_date(value: date, year: bool = False) -> str:
    """sáb 21 nov, with its year when asked."""
    return formats.week_date(value, year=year)


@register.filter(expects_localtime=True)
def weekday(value: date) -> str:
    """sábado."""
    return formats.weekday(value)
