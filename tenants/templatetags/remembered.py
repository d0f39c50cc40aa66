"""Parts of pages that look the same for the same values: rendered once, then remembered.

    {% remembered "components/chrome.html" here=here name=user.name %}
    {% remembered_rows "crm/customer_row.html" rows %}

Both include a template that sees what is named here and nothing else but what every page has: `tenant`
(name and slug), `may`, `csrf_token` and `path`, the address of the page. So a part can never show what
it was not given, and what it shows is known by its values: texts, numbers, identifiers, and tuples of
them in which each place always holds the same type. With any other value among them the part is rendered
each time. Moments must come as `{% timestamp %}` has written them, since "5 min" does not stay true.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from threading import Lock
from types import NoneType
from typing import Any, NamedTuple
from uuid import UUID

from django import template
from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from tenants import formats

register = template.Library()

PLAIN = (str, int, UUID, tuple, NoneType)
LARGEST, ROOM = 64_000, 24_000_000  # characters of a part, and of all; most have a thousand or two
# What differs from request to request is put in last, at a mark that nobody can guess.
CSRF, PATH = (secrets.token_hex(16) for _mark in range(2))


class Surroundings(NamedTuple):
    """What every part knows of the page around it."""

    written: tuple[str | None, str, str]  # language, place and country, by which all is written
    slug: str
    name: str
    permissions: frozenset[str]


class Business(NamedTuple):
    """The business as parts know it."""

    slug: str
    name: str


@register.simple_tag(takes_context=True)
def remembered(context: template.Context, template_name: str, **values: Any) -> SafeString:
    """A template with the named values, from memory where it can be. Raises TemplateDoesNotExist."""
    return _finished(_part(template_name, _surroundings(context), values), context)


@register.simple_tag(takes_context=True)
def remembered_rows(
    context: template.Context, template_name: str, rows: Iterable[tuple[Any, ...]]
) -> SafeString:
    """A template for each of many rows, which it knows as `row`. Raises TemplateDoesNotExist."""
    around = _surroundings(context)
    return _finished("".join([_row(template_name, around, row) for row in rows]), context)


def _surroundings(context: template.Context) -> Surroundings:
    tenant, actor = context.get("tenant"), context.get("actor")
    return Surroundings(
        (get_language(), formats.reader(), tenant.country if tenant else ""),
        tenant.slug if tenant else "",
        tenant.name if tenant else "",
        actor.permissions if actor else frozenset(),
    )


class Shelf:
    """Rendered parts, the least recently shown thrown out when there is no more room."""

    def __init__(self, room: int) -> None:
        self.room = room  # characters
        self.parts: OrderedDict[tuple[Any, ...], str] = OrderedDict()
        self.lock = Lock()

    def get(self, key: tuple[Any, ...], render: Callable[[], str]) -> str:
        """The part of a key, rendered when it is not here."""
        with self.lock:
            if key in self.parts:
                self.parts.move_to_end(key)
                return self.parts[key]
        html = render()
        if len(html) <= LARGEST:
            self._put(key, html)
        return html

    def _put(self, key: tuple[Any, ...], html: str) -> None:
        with self.lock:
            if key not in self.parts:
                self.room -= len(html)
            self.parts[key] = html
            while self.room < 0:
                _key, gone = self.parts.popitem(last=False)
                self.room += len(gone)


shelf = Shelf(ROOM)


def _part(template_name: str, around: Surroundings, values: Mapping[str, Any]) -> str:
    if not all(isinstance(value, PLAIN) for value in values.values()):
        return _render(template_name, around, values)
    # SafeString("<b>") equals "<b>" but looks different, as do 1 and True: the types belong to the key.
    shown = tuple((name, type(value), value) for name, value in values.items())
    return shelf.get((template_name, around, shown), partial(_render, template_name, around, values))


def _row(template_name: str, around: Surroundings, row: tuple[Any, ...]) -> str:
    return shelf.get((template_name, around, row), partial(_render, template_name, around, {"row": row}))


def _render(template_name: str, around: Surroundings, values: Mapping[str, Any]) -> str:
    known = {
        "tenant": Business(around.slug, around.name),
        "may": {permission.name: True for permission in around.permissions},  # type: ignore[attr-defined]
        "csrf_token": CSRF,
        "path": PATH,
    }
    return get_template(template_name).render({**known, **values})


def _finished(html: str, context: template.Context) -> SafeString:
    if CSRF in html:
        html = html.replace(CSRF, str(context.get("csrf_token", "")))
    if PATH in html:
        html = html.replace(PATH, conditional_escape(context["request"].get_full_path()))
    return SafeString(html)
