"""Is the process up, can it work, and how is it doing."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_address
from threading import Event

import redis
from django.conf import settings
from django.db import Error, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from config import metrics
from tenants import pulse
from tenants.kit import valkey
from tenants.tasks import WORKER_SEEN_KEY

SECURITY_TXT_HOLDS = timedelta(days=180)
_migrations_applied = Event()  # once set, true until the next deployment restarts us


class NotReady(Exception):
    """What is missing, in words for the person who reads /readyz."""


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; restart it when it does not. Asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when everything it takes to serve a customer is there, else 503 with what is missing."""
    parts = {name: _state(check) for name, check in CHECKS.items()}
    ready = all(state == "ok" for state in parts.values())
    parts |= {name: _state(check) for name, check in TOLD.items()}
    return JsonResponse({"ready": ready, "parts": parts}, status=200 if ready else 503)


@never_cache
@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Numbers for Prometheus, for this machine or whoever brings PUENTE_METRICS_TOKEN; else not found."""
    if not _may_read_metrics(request):
        raise Http404
    return HttpResponse(metrics.render(), content_type=CONTENT_TYPE_LATEST)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116); not found where the operator names no contact."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = (timezone.now() + SECURITY_TXT_HOLDS).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires}",
        "Preferred-Languages: es, pt, en",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as missing:
        return str(missing)
    return "ok"


def _postgres() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        raise NotReady("PostgreSQL does not answer") from error


def _migrations() -> None:
    if _migrations_applied.is_set():
        return
    try:
        executor = MigrationExecutor(connections["default"])
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        raise NotReady("unknown while PostgreSQL does not answer") from error
    if waiting:
        raise NotReady(f"{len(waiting)} migrations are not applied: manage.py migrate --database owner")
    _migrations_applied.set()


def _valkey() -> None:
    try:
        valkey.client().ping()
    except (redis.RedisError, OSError) as error:
        raise NotReady("Valkey does not answer") from error


def _worker() -> None:
    try:
        seen = valkey.client().exists(WORKER_SEEN_KEY)
    except (redis.RedisError, OSError) as error:
        raise NotReady("unknown while Valkey does not answer") from error
    if not seen:
        raise NotReady("no worker has been seen for a minute: are worker and beat running?")


def _clock() -> None:
    try:
        found = pulse.standstill()
    except Error as error:
        raise NotReady("unknown while PostgreSQL does not answer") from error
    if found:
        raise NotReady(f"nothing goes out by itself: {found.words}")


CHECKS = {"postgres": _postgres, "migrations": _migrations, "valkey": _valkey, "worker": _worker}
TOLD = {"clock": _clock}  # people are served all the same


def _may_read_metrics(request: HttpRequest) -> bool:
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and secrets.compare_digest(bearer.encode(), settings.METRICS_TOKEN.encode()):
        return True
    if "X-Forwarded-For" in request.headers:
        return False
    address = request.META.get("REMOTE_ADDR", "")
    return not address or ip_address(address).is_loopback  # without an address it came by our Unix socket
