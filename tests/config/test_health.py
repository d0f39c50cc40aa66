"""What the process manager, the load balancer and the scraper get to see."""

import json

import pytest
from django.db import OperationalError, connection
from django.test import Client

from config import health
from tenants.kit import valkey
from tenants.tasks import WORKER_SEEN_KEY, heartbeat

OK = {"postgres": "ok", "migrations": "ok", "valkey": "ok", "worker": "ok", "clock": "ok"}


def refuse(*args, **kwargs):
    raise OperationalError("gone")


def ask(client):
    response = client.get("/readyz")
    body = json.loads(response.content)
    return response.status_code, body["ready"], body["parts"]


def test_healthz_asks_nobody(client, no_valkey):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert client.post("/healthz").status_code == 405


def test_ready_once_a_worker_was_seen(client, db):
    missing = "no worker has been seen for a minute: are worker and beat running?"
    assert ask(client) == (503, False, OK | {"worker": missing})
    heartbeat()
    assert ask(client) == (200, True, OK)
    assert 0 < valkey.client().ttl(WORKER_SEEN_KEY) <= 60


def test_missing_postgres_is_named(client, db, monkeypatch):
    heartbeat()
    health._migrations_applied.clear()
    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", refuse)
        answer = ask(client)
    unknown = "unknown while PostgreSQL does not answer"
    missing = {"postgres": "PostgreSQL does not answer", "migrations": unknown, "clock": unknown}
    assert answer == (503, False, OK | missing)


def test_missing_valkey_is_named(client, db, no_valkey):
    parts = {"valkey": "Valkey does not answer", "worker": "unknown while Valkey does not answer"}
    assert ask(client) == (503, False, OK | parts)


def test_missing_migration_is_named(client, db):
    heartbeat()
    health._migrations_applied.clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    missing = "1 migrations are not applied: manage.py migrate --database owner"
    assert ask(client) == (503, False, OK | {"migrations": missing})


@pytest.mark.django_db(databases=["default", "ops"])
def test_metrics_are_for_this_machine_and_bearers_of_the_token(client, settings):
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="").status_code == 200  # our Unix socket
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.5").status_code == 404
    assert (
        client.get("/metrics", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.5").status_code == 404
    )
    assert client.get("/metrics", REMOTE_ADDR="", HTTP_X_FORWARDED_FOR="127.0.0.1").status_code == 404

    def with_token(token):
        return client.get(
            "/metrics", REMOTE_ADDR="203.0.113.5", HTTP_AUTHORIZATION=f"Bearer {token}"
        ).status_code

    assert with_token("") == 404
    settings.METRICS_TOKEN = "open-sesame"
    assert (with_token("open-sesame"), with_token("guess"), with_token("")) == (200, 404, 404)


@pytest.mark.django_db(databases=["default", "ops"])
def test_metrics_count_what_waits(client):
    valkey.client().lpush("puente:celery:replies", "one", "two")
    lines = client.get("/metrics").content.decode().splitlines()
    assert 'puente_part_up{part="postgres"} 1.0' in lines
    assert 'puente_part_up{part="valkey"} 1.0' in lines
    assert 'puente_queue_length{queue="replies"} 2.0' in lines
    assert 'puente_work{kind="deliveries_due"} 0.0' in lines
    assert 'puente_work{kind="inbound_parked"} 0.0' in lines


@pytest.mark.django_db(databases=["default", "ops"])
def test_metrics_answer_without_valkey(client, no_valkey):
    lines = client.get("/metrics").content.decode().splitlines()
    assert 'puente_part_up{part="valkey"} 0.0' in lines


def test_health_needs_no_log_in_and_is_never_cached(db):
    for path in ("/healthz", "/readyz", "/metrics"):
        assert "no-store" in Client().get(path, HTTP_X_FORWARDED_FOR="").headers.get(
            "Cache-Control", "no-store"
        )
