"""Real PostgreSQL and Valkey for every test (a pytest plugin, loaded before Django's settings).

The first process starts one pair and migrates a template; each xdist worker copies the template
into a database of its own and takes a Valkey database of its own. A migrated cluster is kept for the
next run, under the checksum of whatever it was made from; where migrations were only added since, they
alone are run on the latest that fits.
"""

import hashlib
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

from config import embedded

ROOT = Path(__file__).resolve().parent.parent
APPS = ("tenants", "crm", "conversations", "feedback")
KEPT = Path(tempfile.gettempdir()) / f"puente-test-clusters-{os.getuid()}"
MOST_KEPT = 6
TEMPLATE = "puente_template"
MADE_FROM = "made_from.json"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
POOLER = os.environ.get(
    "TEST_POOLER"
)  # stands in front of a database of its own (tests/canary/test_pooler.py)
DATABASE = f"puente_test_{WORKER}{'_pooled' if POOLER else ''}"
_servers: list[embedded.Server] = []


def urls(database: str, valkey_number: int = 0) -> dict[str, str]:
    """The environment of a process that works on `database`."""

    def of(role: str) -> str:
        return os.environ["TEST_SUPERUSER"].replace("postgres@/postgres", f"{role}@/{database}")

    return {
        "DATABASE_URL": of("puente_app"),
        "DATABASE_OWNER_URL": of("puente_owner"),
        "DATABASE_OPS_URL": of("puente_ops"),
        "VALKEY_URL": os.environ["TEST_VALKEY"].replace("db=0", f"db={valkey_number}"),
        "PUENTE_DATA": str(Path(os.environ["TEST_ROOT"]) / WORKER),
        "SECRET_KEY": "only-for-tests",
    }


def _start() -> None:
    root = Path(tempfile.mkdtemp(prefix="puente-test-"))
    made_from = _made_from()
    kept = KEPT / _checksum(made_from)
    is_migrated = kept.is_dir()
    if begun := kept if is_migrated else _fitting(made_from):
        _copy(begun, root / "postgres")
    postgres = embedded.start_postgres(root / "postgres", fast=True)
    valkey = embedded.start_valkey(root / "valkey")
    _servers.extend([postgres, valkey])
    os.environ |= {
        "TEST_ROOT": str(root),
        "TEST_SUPERUSER": postgres.superuser_url,
        "TEST_VALKEY": valkey.url,
    }
    if not is_migrated:
        _migrate(postgres, is_new=not begun)
        postgres.stop()
        (root / "postgres" / MADE_FROM).write_text(json.dumps(made_from))
        _keep(root / "postgres", kept)
        postgres.start()


def _migrate(postgres: embedded.Postgres, *, is_new: bool) -> None:
    if is_new:
        embedded.bootstrap(postgres.superuser_url, TEMPLATE)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--database", "owner", "--verbosity", "0", "--skip-checks"],
        env=os.environ | urls(TEMPLATE),
        check=True,
    )


def _made_from() -> dict[str, str]:
    """Checksums of the files that a migrated cluster is made from, by path."""
    files = [file for app in APPS for file in (ROOT / app).rglob("*.py")]
    files = [file for file in files if {"migrations", "db"} & set(file.parts)]
    files += [ROOT / name for name in ("config/bootstrap.sql", "requirements.lock")]
    return {
        str(file.relative_to(ROOT)): hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(files)
    }


def _checksum(made_from: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()


def _fitting(made_from: dict[str, str]) -> Path | None:
    """A kept cluster that lacks nothing but migrations."""
    for kept in sorted(KEPT.glob(f"*/{MADE_FROM}"), key=lambda file: file.stat().st_mtime, reverse=True):
        with suppress(OSError, ValueError):
            older: dict[str, str] = json.loads(kept.read_text())
            added = set(made_from) - set(older)
            if older.items() <= made_from.items() and all("/migrations/" in name for name in added):
                return kept.parent
    return None


def _copy(kept: Path, cluster: Path) -> None:
    """A kept cluster for this run, owned by whom PostgreSQL runs as: it refuses to run as root."""
    shutil.copytree(kept, cluster)
    if os.getuid() == 0:
        owner = pwd.getpwnam("nobody").pw_uid
        for path in (cluster, *cluster.rglob("*")):
            os.chown(path, owner, -1, follow_symlinks=False)


def _keep(cluster: Path, kept: Path) -> None:
    """Copy a stopped cluster for later runs, in one step for those who look; only the latest are kept."""
    KEPT.mkdir(mode=0o700, exist_ok=True)
    copy = Path(tempfile.mkdtemp(dir=KEPT, prefix="copying-"))
    shutil.copytree(cluster, copy, dirs_exist_ok=True)
    with suppress(OSError):  # another run was quicker
        copy.rename(kept)
    shutil.rmtree(copy, ignore_errors=True)
    for old in sorted(KEPT.iterdir(), key=lambda folder: folder.stat().st_mtime)[:-MOST_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def superuser(database: str = "postgres") -> psycopg.Connection:
    """A connection that may do anything, for making, emptying and looking into test databases."""
    url = os.environ["TEST_SUPERUSER"].replace("@/postgres", f"@/{database}")
    return psycopg.connect(url, autocommit=True)


@cache
def _emptier() -> psycopg.Connection:
    """The connection that empties: it learns what two hundred tables are once, not after each test."""
    connection = superuser(DATABASE)
    connection.execute("SET session_replication_role = replica")
    return connection


def copy_template(database: str = DATABASE) -> None:
    """A fresh database with every table and no row."""
    name = sql.Identifier(database)
    with superuser() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER puente_owner").format(
                name, sql.Identifier(TEMPLATE)
            )
        )


# Truncating makes new files for every table and index; most tests leave a few rows in a few tables.
FILLED = "SELECT %1$L AS name WHERE EXISTS (SELECT FROM %1$I)"
SWOLLEN = 1_000_000  # bytes of a table whose dead rows would slow the tests that follow


def empty_tables() -> None:
    """Remove every row of this worker's database."""
    connection = _emptier()
    for (name,) in connection.execute(_filled()).fetchall():
        table = sql.Identifier(name)
        connection.execute(sql.SQL("DELETE FROM {}").format(table))
        [[size]] = connection.execute("SELECT pg_relation_size(%s::regclass)", [name]).fetchall()
        if size > SWOLLEN:
            connection.execute(sql.SQL("VACUUM {}").format(table))


@cache
def _filled() -> str:
    """The query that names every table with a row in it."""
    [[ask]] = (
        _emptier()
        .execute(
            "SELECT string_agg(format(%s, tablename), ' UNION ALL ') FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'django_migrations'",
            [FILLED],
        )
        .fetchall()
    )
    return str(ask)


if "TEST_ROOT" not in os.environ:
    _start()
_number = int(WORKER.removeprefix("gw")) + 1 if WORKER.startswith("gw") else 0
os.environ |= urls(DATABASE, _number) | ({"DATABASE_URL": POOLER} if POOLER else {})
(Path(os.environ["PUENTE_DATA"]) / "static").mkdir(parents=True, exist_ok=True)


def pytest_unconfigure() -> None:
    if _emptier.cache_info().currsize:
        _emptier().close()
    for server in _servers:
        server.stop()
    if _servers:
        shutil.rmtree(os.environ["TEST_ROOT"], ignore_errors=True)
