"""Every address of the product, walked out of the URL configuration, and the rules they keep."""

import importlib
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

from tenants.permissions import Permission
from tests.guards.rules import Violation

INSIDE = "b/<slug:tenant_slug>/"
API = "api/v1/"
ALLAUTH = "allauth."
API_VIEW = "tenants.api."
DOCUMENTATION = "drf_spectacular."


class Address(NamedTuple):
    """One pattern: its whole route, its full name, its view, and the converters of its parameters."""

    route: str
    name: str
    view: Any
    converters: dict[str, Any]

    @property
    def is_inside(self) -> bool:
        return self.route.startswith(INSIDE)

    @property
    def is_api(self) -> bool:
        view = getattr(self.view, "cls", None)
        describes = view and any(base.__module__.startswith(DOCUMENTATION) for base in view.__mro__)
        return self.route.startswith(API) and view is not None and not describes

    @property
    def label(self) -> str:
        """How it stands in an allowlist."""
        return self.name or self.route

    def path(self, **values: Any) -> str:
        """The address with its parameters filled in."""
        path = self.route
        for name, converter in self.converters.items():
            kind = next(
                part for part in path.split("<") if f":{name}>" in part or part.startswith(f"{name}>")
            )
            path = path.replace("<" + kind.split(">")[0] + ">", converter.to_url(values[name]))
        return "/" + path


def addresses(urlconf: str | None = None) -> list[Address]:
    """Every address of a URL configuration."""
    return list(_walk(get_resolver(urlconf), "", [], {}))


def _walk(
    resolver: URLResolver, route: str, spaces: list[str], converters: dict[str, Any]
) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        whole, found = route + str(entry.pattern), converters | _own_converters(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, whole, [*spaces, *filter(None, [entry.namespace])], found)
        elif isinstance(entry, URLPattern):
            yield Address(whole, ":".join([*spaces, entry.name]) if entry.name else "", entry.callback, found)


def _own_converters(pattern: Any) -> dict[str, Any]:
    """The converters of a pattern's own parameters: Django adds those of its parents when it reverses."""
    named = re.findall(r"<(?:\w+:)?(\w+)>", str(pattern))
    return {name: converter for name, converter in pattern.converters.items() if name in named}


def unguarded(found: Iterable[Address]) -> list[Violation]:
    """Pages of a business that ask for no permission."""
    return [
        Violation(address.label, "asks for no permission: mark its view with @requires")
        for address in found
        if address.is_inside and not isinstance(getattr(address.view, "requires", None), Permission)
    ]


def outside(found: Iterable[Address]) -> list[Violation]:
    """Addresses outside every business: each needs a reason (allauth's own share one)."""
    return [
        Violation(
            ALLAUTH if address.view.__module__.startswith(ALLAUTH) else address.label,
            "is outside every business",
        )
        for address in found
        if not address.is_inside and not address.is_api
    ]


def named_tenants(found: Iterable[Address]) -> list[Violation]:
    """Addresses that take the business in another way than by its slug."""
    words = ("tenant", "tenant_id", "business", "business_id")
    slugged = [
        Violation(address.label, "takes a slug outside /b/")
        for address in found
        if "tenant_slug" in address.converters and not address.is_inside
    ]
    return slugged + [
        Violation(address.label, f"takes {name!r} from the visitor")
        for address in found
        for name in address.converters
        if name in words
    ]


def open_api(found: Iterable[Address]) -> list[Violation]:
    """API views that are none of ours, or have a method without a scope."""
    wrong = []
    for address in found:
        if not address.is_api:
            continue
        view = address.view.cls
        if not any(base.__module__.startswith(API_VIEW) for base in view.__mro__):
            wrong.append(Violation(address.label, "does not derive from the base view of tenants.api"))
            continue
        wrong += [
            Violation(address.label, f"{method.upper()} asks for no scope")
            for method in api_methods(address)
            if not scope_of(address, method)
        ]
    return wrong


def api_methods(address: Address) -> list[str]:
    """The methods an API address answers, in lower case, without OPTIONS and HEAD."""
    actions = getattr(address.view, "actions", None)
    methods = actions or [m for m in address.view.cls.http_method_names if hasattr(address.view.cls, m)]
    return [method for method in methods if method not in ("options", "head")]


def scope_of(address: Address, method: str) -> Any:
    """The scope that a method of an API address asks for, or None."""
    actions = getattr(address.view, "actions", None) or {}
    scopes = getattr(address.view.cls, "required_scopes", {})
    return scopes.get(actions.get(method, method)) or scopes.get(method) or scopes.get(method.upper())


def tenant_fields() -> list[Violation]:
    """Forms, serializers and filters that have a field for the business."""
    from django import forms

    wrong = []
    for kind in _subclasses(forms.BaseForm) | _serializers():
        names = getattr(kind, "base_fields", None) or getattr(kind, "_declared_fields", {})
        listed = getattr(getattr(kind, "Meta", None), "fields", ())
        told = {*names, *(listed if isinstance(listed, list | tuple) else [listed])}
        wrong += [
            Violation(f"{kind.__module__}.{kind.__qualname__}", f"has the field {name!r}")
            for name in sorted(map(str, told & {"tenant", "tenant_id", "__all__"}))
        ]
    return wrong


def _serializers() -> set[type]:
    from rest_framework.serializers import BaseSerializer

    return _subclasses(BaseSerializer)


def _subclasses(base: type) -> set[type]:
    """Every subclass of ours."""
    importlib.import_module("config.urls")
    found = {sub for direct in base.__subclasses__() for sub in {direct, *_subclasses(direct)}}
    return {
        kind
        for kind in found
        if kind.__module__.split(".")[0] in ("config", "tenants", "crm", "conversations", "feedback")
    }
