"""The canary suite once more behind a pooler that gives every transaction the same single connection.

Whatever one business left on the connection would be the next one's: a session-level setting, a
cursor, a prepared statement. PgBouncer in transaction mode, one server connection.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from django.conf import settings

from config.embedded import as_user
from tests import servers

ASKED = "not stranger and not nobody and not files"  # what never enters a business, and needs no connection
QUICK, LONG = ("rows", "tasks", "elsewhere"), ("pages", "api")
CONFIG = """
[databases]
{database} = host={host} dbname={database} user=puente_app
[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = {folder}
auth_type = any
pool_mode = transaction
default_pool_size = 1
min_pool_size = 0
reserve_pool_size = 0
max_client_conn = 50
server_reset_query =
ignore_startup_parameters = extra_float_digits,options
query_wait_timeout = 10
logfile = {folder}/pgbouncer.log
pidfile = {folder}/pgbouncer.pid
"""


@pytest.fixture(scope="module")
def pooler(django_db_setup: None) -> Iterator[str]:
    """The URL of a pooler in front of a database of its own."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        pytest.fail("pgbouncer is not installed: `apt-get install pgbouncer`, as .ci/run does")
    database = f"{servers.DATABASE}_pooled"
    servers.copy_template(database)
    host = parse_qs(urlsplit(os.environ["TEST_SUPERUSER"]).query)["host"][0]
    with tempfile.TemporaryDirectory(prefix="puente-pool-") as name:
        folder = Path(name)
        (folder / "pgbouncer.ini").write_text(CONFIG.format(database=database, host=host, folder=folder))
        user = os.stat(host).st_uid if os.geteuid() == 0 else None
        if user is not None:
            os.chown(folder, user, -1)
        process = subprocess.Popen(
            [program, str(folder / "pgbouncer.ini")], stderr=subprocess.DEVNULL, **as_user(user)
        )
        try:
            yield f"postgres://puente_app@/{database}?host={folder}&port=6432"
        finally:
            process.terminate()
            process.wait(10)


def test_the_pooler_gives_everybody_the_same_connection(pooler: str) -> None:
    """And keeps what a session-level setting left: the danger is real."""
    wait_for(pooler)
    seen = []
    for number in range(2):
        with psycopg.connect(pooler, prepare_threshold=None) as client:
            seen.append(
                client.execute("SELECT pg_backend_pid(), current_setting('app.left_behind', true)").fetchone()
            )
            client.execute("SELECT set_config('app.left_behind', %s, false)", [f"by {number}"])
    assert seen[0][0] == seen[1][0]
    assert seen[1][1] == "by 0"


@pytest.mark.parametrize("parts", [QUICK, pytest.param(LONG, marks=pytest.mark.slow)], ids="-".join)
def test_canary_suite_passes_behind_the_pooler(pooler: str, parts: tuple[str, ...]) -> None:
    wait_for(pooler)
    files = [f"tests/canary/test_{part}.py" for part in parts]
    command = [sys.executable, "-m", "pytest", *files, "-q", "-x", "-p", "no:cacheprovider", "-k", ASKED]
    environment = os.environ | {"TEST_POOLER": pooler}
    run = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout[-5_000:] + run.stderr[-2_000:]


def wait_for(pooler: str) -> None:
    """Until it answers. Raises the last error after five seconds."""
    for attempt in range(50):
        try:
            psycopg.connect(pooler, connect_timeout=1, prepare_threshold=None).close()
            return
        except psycopg.OperationalError:
            if attempt == 49:
                raise
            time.sleep(0.1)
