"""Numbers for Prometheus: how long pages take, what waits, what went wrong. None carries personal data."""

import os
import time
from collections.abc import Callable, Iterator
from functools import cache

import redis
from django.db import Error, connections
from django.http import HttpRequest, HttpResponse
from prometheus_client import REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from tenants.kit import valkey

QUEUES = ("inbound", "replies", "automatic", "bulk", "slow")
QUEUE_PREFIX = "puente:celery:"  # CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]

# Cross-business on purpose (role ops): counts only, each answered from an index.
DELIVERIES_DUE = "FROM conversations_delivery WHERE status = 'pending' AND due_at <= now()"
INBOUND_DUE = "FROM conversations_inboundevent WHERE due_at <= now()"
AGE = "SELECT coalesce(extract(epoch FROM now() - min(due_at)), 0)"
WORK_SQL = {
    "deliveries_due": f"SELECT count(*) {DELIVERIES_DUE}",
    "deliveries_unknown": "SELECT count(*) FROM conversations_delivery WHERE status = 'unknown'",
    "inbound_due": f"SELECT count(*) {INBOUND_DUE}",
    "inbound_parked": "SELECT count(*) FROM conversations_inboundevent WHERE outcome = 'parked'",
    "oldest_delivery_seconds": f"{AGE} {DELIVERIES_DUE}",
    "oldest_inbound_seconds": f"{AGE} {INBOUND_DUE}",
}

REQUEST_SECONDS = Histogram(
    "puente_request_seconds",
    "How long requests took, by view and status.",
    ["view", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)


class RequestMetricsMiddleware:
    """Times every request under the name of its view, never under its address: microseconds each."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        view = request.resolver_match.view_name if request.resolver_match else "none"
        _series(view or "unnamed", response.status_code).observe(time.perf_counter() - started)
        return response


@cache
def _series(view: str, status: int) -> Histogram:
    """One line of numbers per view and status, both of which are few."""
    return REQUEST_SECONDS.labels(view, str(status))


class WorkCollector(Collector):
    """What waits, asked of PostgreSQL and Valkey at the moment of the scrape."""

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("puente_part_up", "Whether a part answers.", labels=["part"])
        work = GaugeMetricFamily("puente_work", "Rows that wait for a worker or a person.", labels=["kind"])
        queue = GaugeMetricFamily("puente_queue_length", "Bells rung and not yet heard.", labels=["queue"])
        up.add_metric(["postgres"], _fill_work(work))
        up.add_metric(["valkey"], _fill_queues(queue))
        yield from (up, work, queue)


def render() -> bytes:
    """The page for the scraper. With PROMETHEUS_MULTIPROC_DIR set it sums over all processes."""
    registry = CollectorRegistry()
    registry.register(WorkCollector())
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
        return generate_latest(registry)
    return generate_latest(REGISTRY) + generate_latest(registry)


def _fill_work(metric: GaugeMetricFamily) -> int:
    try:
        with connections["ops"].cursor() as cursor:
            for kind, statement in WORK_SQL.items():
                cursor.execute(statement)
                metric.add_metric([kind], float(cursor.fetchone()[0]))
    except Error:
        return 0
    return 1


def _fill_queues(metric: GaugeMetricFamily) -> int:
    try:
        for name in QUEUES:
            metric.add_metric([name], valkey.client().llen(QUEUE_PREFIX + name))
    except (redis.RedisError, OSError):
        return 0
    return 1
