"""A dump is made, everything goes out, the dump is restored: not one message goes out again by itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import servers

BEFORE, AFTER = "puente_before", "puente_after"
SENT = 6  # three of a campaign, a confirmation, a journey's step, and an answer


def process(database: str, folder: Path, *arguments: str) -> str:
    """What a process of the product prints."""
    done = subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | servers.urls(database, 9) | {"PUENTE_DATA": str(folder), "PUENTE_DEBUG": "1"},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    return done.stdout


def step(name: str, database: str, folder: Path) -> int:
    """One step of a business in a process of its own; returns how many mails lie in the sink then."""
    process(database, folder, "-m", "tests.slow.restored_process", name)
    return len(list((folder / "mailbox").glob("*.eml")))


def run(program: str, *arguments: str) -> None:
    from config.embedded import POSTGRES_BIN

    subprocess.run([str(POSTGRES_BIN / program), *arguments], check=True, timeout=300)


@pytest.mark.slow
def test_nothing_is_sent_twice_after_a_restore(tmp_path: Path) -> None:
    import redis

    from config import embedded

    (tmp_path / "static").mkdir()
    servers.copy_template(BEFORE)
    assert step("begin", BEFORE, tmp_path) == 0
    dump, of = str(tmp_path / "puente.dump"), servers.urls(BEFORE)
    run("pg_dump", of["DATABASE_OPS_URL"], "--format=custom", f"--file={dump}")
    assert step("work", BEFORE, tmp_path) == SENT + 1
    redis.Redis.from_url(
        servers.urls(BEFORE, 9)["VALKEY_URL"]
    ).flushdb()  # nothing is left outside the database
    with servers.superuser() as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {AFTER} WITH (FORCE)")
    embedded.bootstrap(os.environ["TEST_SUPERUSER"], AFTER)
    whole = os.environ["TEST_SUPERUSER"].replace("@/postgres", f"@/{AFTER}")
    run("pg_restore", "--clean", "--if-exists", "--exit-on-error", f"--dbname={whole}", dump)
    assert step("work", AFTER, tmp_path) == SENT + 1  # workers were quicker than `prepare`
    assert "held" in process(AFTER, tmp_path, "manage.py", "prepare")
    for _twice in range(2):
        assert step("work", AFTER, tmp_path) == SENT + 1
    assert "Held back in 1 businesses" in process(AFTER, tmp_path, "manage.py", "restored")
    assert step("work", AFTER, tmp_path) == SENT + 1
    assert step("answer", AFTER, tmp_path) == SENT + 2  # a person's new answer goes out
