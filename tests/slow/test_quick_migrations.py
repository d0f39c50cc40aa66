"""The quick way to migrate makes the schema that Django's own makes."""

import os
import subprocess
import sys

import pytest

from config import embedded
from tests import servers

OURS = """
import sys
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""
DJANGOS = """
import django; django.setup()
from django.core.management import call_command
from django.core.management.commands.migrate import Command
call_command(Command(), database="owner", verbosity=0, skip_checks=True)
"""
PG_DUMP = embedded.POSTGRES_BIN / "pg_dump"


def schema(database: str, code: str) -> str:
    """What a fresh database is after a migration, as PostgreSQL writes it down."""
    embedded.bootstrap(os.environ["TEST_SUPERUSER"], database)
    given = ["migrate", "--database", "owner", "--verbosity", "0", "--skip-checks"]
    env = os.environ | servers.urls(database) | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run([sys.executable, "-c", code, *given], env=env, cwd=servers.ROOT, check=True)
    url = os.environ["TEST_SUPERUSER"].replace("@/postgres", f"@/{database}")
    dumped = subprocess.run([PG_DUMP, "-s", url], capture_output=True, text=True, check=True).stdout
    kept = [line for line in dumped.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]
    return "\n".join(kept)


@pytest.mark.slow
def test_schema_is_the_same() -> None:
    assert schema("puente_quick", OURS) == schema("puente_plain", DJANGOS)
