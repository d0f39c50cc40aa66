"""What the product is measured against: bare views with the same SQL, and a bare insert."""

import hashlib
import hmac
import json
import os
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from uuid import uuid4

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

FOLDER_VARIABLE = "BENCH_PLANS"
SECRET = b"of the app that signs"
INSERT = "INSERT INTO bench.accepted (id, body) VALUES (%s, %s)"


@dataclass(frozen=True, slots=True)
class Plan:
    """What one request of the product did: its SQL, the size of its answer, and the ids it made."""

    statements: list[str]
    size: int  # bytes
    fresh: list[str]  # texts that must differ each time it is replayed


def save_plans(folder: Path, name: str, plans: list[Plan]) -> None:
    """Hand the plans of an entry over to the server."""
    (folder / f"{name}.json").write_text(json.dumps([asdict(plan) for plan in plans]))


@cache
def plans_of(name: str) -> list[Plan]:
    """The plans of an entry."""
    folder = Path(os.environ[FOLDER_VARIABLE])
    return [Plan(**plan) for plan in json.loads((folder / f"{name}.json").read_text())]


def read(request: HttpRequest, name: str, variant: int) -> HttpResponse:
    """Replay a request's statements in one transaction and answer with as many bytes."""
    plan = plans_of(name)[variant]
    _replay(plan.statements)
    return _sized(plan.size)


def write(request: HttpRequest, name: str, variant: int) -> HttpResponse:
    """The same for a request that makes rows: what it made anew is made anew."""
    plan = plans_of(name)[variant]
    fresh = {known: uuid4().hex for known in plan.fresh}
    statements = []
    for statement in plan.statements:
        for known, new in fresh.items():
            statement = statement.replace(known, new)  # noqa: PLW2901 -- each replacement builds on the last
        statements.append(statement)
    _replay(statements)
    return _sized(plan.size)


def accept(request: HttpRequest) -> HttpResponse:
    """Store the posted bytes by one committed INSERT."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [uuid4(), request.body])
    return _sized(2)


def accept_signed(request: HttpRequest) -> HttpResponse:
    """The same for bytes that are signed (X-Hub-Signature-256); 401 otherwise."""
    expected = hmac.new(SECRET, request.body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(f"sha256={expected}", request.headers.get("X-Hub-Signature-256", "")):
        return HttpResponse(status=401)
    return accept(request)


def _replay(statements: list[str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            if cursor.description:
                cursor.fetchall()


def _sized(size: int) -> HttpResponse:
    response = HttpResponse(b"x" * size)
    response["Content-Length"] = str(size)
    return response
