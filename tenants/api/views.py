"""The base of every viewset of the API. A new one is written like this:

    class LabelViewSet(Listing, Reading, TenantViewSet):
        serializer_class = LabelOut            # a `Lean` shape: what is answered
        required_scopes = {"GET": Permission.CUSTOMERS_READ, "POST": Permission.LABELS_WRITE}
        ordering = ("-id",)                    # one or two fields, one direction, with an index

        def get_queryset(self):                # runs inside the business; narrow by self.actor
            return Label.objects.all()

        @extend_schema(request=LabelIn, responses={201: LabelOut})
        def create(self, request):
            label = create_label(**self.body(LabelIn), by=self.actor)   # writes call actions
            return self.answer(label, 201)

and mounted in config/api_urls.py by `router.register("labels", LabelViewSet, basename="label")`.

What the base does: the key opens the business (`tenant_scope` around the whole request, rolled
back by any error), times are UTC, every error is a problem, `Idempotency-Key` holds for every
POST, keys are throttled, `?fields=` narrows what `answer()` and lists show. What actions refuse
(`tenants.refusals.Refused`) becomes a problem by itself; `get_or_404` hides strangers' rows.
"""

from collections.abc import Sequence
from datetime import UTC, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.viewsets import GenericViewSet

from tenants.actors import Actor
from tenants.api import idempotency
from tenants.api.errors import Malformed, language_for
from tenants.api.parsers import StrictJSONParser, check_text
from tenants.api.permissions import HasScope
from tenants.api.schema import PuenteSchema
from tenants.api.serializers import Lean
from tenants.api.throttles import KeyThrottle
from tenants.db.prepared import prepared
from tenants.decorators import get_or_404
from tenants.doors import Door
from tenants.models import ApiKey
from tenants.permissions import Permission
from tenants.refusals import Refused
from tenants.scoping import tenant_scope

USED_EVERY = timedelta(minutes=1)  # how exactly "last used" is kept


class UnknownReference(Refused):
    """A field that names something this business does not have."""

    def __init__(self, field: str) -> None:
        super().__init__(_("There is nothing with this identifier."), field)


class TenantViewSet(GenericViewSet[Any]):
    """A set of operations inside the business that the key opens."""

    request: Any
    schema = PuenteSchema()
    parser_classes = [StrictJSONParser]
    permission_classes = [HasScope]
    throttle_classes = [KeyThrottle]
    metadata_class = None
    lookup_value_converter = "uuid"
    required_scopes: dict[str, Permission] = {}
    ordering: Sequence[str] = ("-id",)

    @property
    def actor(self) -> Actor:
        """Who calls; every action wants him as `by`."""
        return self.request.actor

    def get_ordering(self) -> Sequence[str]:
        """The order of the list, for views that have several."""
        return self.ordering

    # --- one request ---

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """The request inside its business; an error rolls back what it did and becomes a problem."""
        self.args, self.kwargs = args, kwargs
        self.headers = self.default_response_headers
        with translation.override(language_for(request)), timezone.override(UTC):
            self.request = self.initialize_request(request, *args, **kwargs)
            try:
                with tenant_scope(self._door().tenant_id):
                    self._enter()
                    self.initial(self.request, *args, **kwargs)
                    response: Any = self._respond()
            except Exception as exc:  # noqa: BLE001 -- the handler turns each into a problem
                response = self.handle_exception(exc)
            self.response = self.finalize_response(self.request, response, *args, **kwargs)
            return self.response

    def _door(self) -> Door:
        """Where the key leads. Raises `NotAuthenticated`, `AuthenticationFailed`."""
        door: Door | None = self.request.auth
        if door is None:
            raise NotAuthenticated(_("Send a key: Authorization: Bearer <key>."))
        return door

    def _enter(self) -> None:
        key = next(iter(_valid_keys(key_id=self.request.auth.target_id)), None)
        if key is None:
            raise AuthenticationFailed(_("This key does not exist or was revoked."))
        self.request.actor = Actor.of_key(key)
        now = timezone.now()
        if key.last_used_at is None or key.last_used_at < now - USED_EVERY:
            free = (
                ApiKey.objects.select_for_update(skip_locked=True)
                .filter(pk=key.pk)
                .values_list("pk", flat=True)
            )
            ApiKey.objects.filter(pk__in=list(free)).update(last_used_at=now)

    def _respond(self) -> Response:
        request = self.request
        for name, values in request.query_params.lists():
            for text in (name, *values):
                check_text(text)
        handler = getattr(self, str(request.method).lower(), self.http_method_not_allowed)
        key = idempotency.key_of(request) if request.method == "POST" else ""
        if not key:
            return handler(request, *self.args, **self.kwargs)
        return idempotency.once(request, key, lambda: handler(request, *self.args, **self.kwargs))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """How the key stands, and that no cache keeps the answer."""
        response["Cache-Control"] = "no-store"
        rate = getattr(request, "rate", None)
        if rate is not None:
            for name, value in rate.headers().items():
                response[name] = value
        return super().finalize_response(request, response, *args, **kwargs)

    # --- what handlers use ---

    def body(self, shape: type[Serializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        """The body, checked. Raises `ValidationError`, which is 422."""
        serializer = shape(data=self.request.data, partial=partial, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def fields(self) -> frozenset[str] | None:
        """What `?fields=` asks for; None is everything. Raises `Malformed` for a name there is not."""
        given = self.request.query_params.get("fields")
        shape: Any = self.get_serializer_class()
        if given is None or not issubclass(shape, Lean):
            return None
        names = frozenset(name.strip() for name in given.split(",") if name.strip())
        unknown = sorted(names - set(shape.names()))
        if unknown or not names:
            raise Malformed(_("There is no field %(name)s.") % {"name": ", ".join(unknown) or '""'}, "fields")
        return names

    def wants(self, field: str) -> bool:
        """Whether a field is shown: what is not need not be read."""
        fields = self.fields()
        return fields is None or field in fields

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "fields": self.fields()}

    def answer(self, found: Any, status: int = 200, shape: type[Serializer[Any]] | None = None) -> Response:
        """One object as an answer."""
        serializer = (shape or self.get_serializer_class())(found, context=self.get_serializer_context())
        return Response(serializer.data, status=status)

    def find(self, object_id: UUID, queryset: QuerySet[Any] | None = None) -> Any:
        """The object of this business with an id. Raises `Http404`."""
        return get_or_404(self.get_queryset() if queryset is None else queryset, object_id)


@prepared(ApiKey)
def _valid_keys(*, key_id: UUID) -> QuerySet[ApiKey]:
    return ApiKey.objects.filter(pk=key_id, revoked_at=None)


class Listing:
    """GET of the collection: a page of `get_queryset()` after `filterset_class`."""

    def list(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page, in the order of `ordering`."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        shape = self.get_serializer_class()
        return self.get_paginated_response(shape(rows, many=True, context=self.get_serializer_context()).data)


class Reading:
    """GET of one."""

    def retrieve(self: Any, request: Request, pk: UUID, *args: Any, **kwargs: Any) -> Response:
        """One, by its id."""
        return self.answer(self.find(pk))


def only(model: type[Model], ids: Sequence[UUID], field: str) -> list[Any]:
    """The rows with these ids, in any order, for fields of a body that point at others.

    Raises `UnknownReference`, which is 422 at `field`.
    """
    wanted = set(ids)
    if not wanted:
        return []
    found = list(model._default_manager.filter(pk__in=wanted))
    if len(found) != len(wanted):
        raise UnknownReference(field)
    return found
