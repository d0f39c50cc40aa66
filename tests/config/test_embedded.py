"""PostgreSQL and Valkey out of their wheels, started for real."""

import os
import signal

import psycopg
import pytest
import redis

from config import embedded
from config.embedded import EmbeddedError, Postgres, bootstrap, start_postgres, start_valkey


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    server = start_postgres(tmp_path_factory.mktemp("cluster") / "postgres", fast=True)
    bootstrap(server.superuser_url)
    yield server
    server.stop()


def ask(postgres, role, question, database="puente"):
    with psycopg.connect(postgres.url_for(role, database), autocommit=True) as connection:
        return connection.execute(question).fetchall()


def test_roles_bypass_row_level_security_only_where_meant(postgres):
    roles = ask(
        postgres,
        "postgres",
        "SELECT rolname, rolcanlogin, rolbypassrls, rolsuper FROM pg_roles"
        " WHERE rolname LIKE 'puente%' ORDER BY 1",
    )
    assert roles == [
        ("puente_app", True, False, False),
        ("puente_ops", True, True, False),
        ("puente_owner", True, False, False),
        ("puente_search", False, True, False),
    ]


def test_owner_makes_tables_that_app_and_ops_may_use(postgres):
    with psycopg.connect(postgres.url_for("puente_owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE bicycle (id serial, wheels int)")
    for role in ("puente_app", "puente_ops"):
        assert ask(postgres, role, "INSERT INTO bicycle (wheels) VALUES (2) RETURNING wheels") == [(2,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(postgres, role, "DROP TABLE bicycle")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(postgres, role, "CREATE TABLE mine (id int)")


def test_owner_hands_functions_to_search_yet_does_not_inherit_its_bypass(postgres):
    with psycopg.connect(postgres.url_for("puente_owner")) as owner:
        owner.execute("CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        owner.execute("ALTER FUNCTION one() OWNER TO puente_search")
        inherits = owner.execute("SELECT pg_has_role('puente_owner', 'puente_search', 'USAGE')").fetchone()
    assert inherits == (False,)


def test_bootstrap_may_run_again_and_makes_other_databases(postgres):
    bootstrap(postgres.superuser_url)
    bootstrap(postgres.superuser_url, "second")
    assert ask(postgres, "puente_app", "SELECT unaccent('canción'), upper('ñandú')", "second") == [
        ("cancion", "ÑANDÚ")
    ]


def test_listens_on_its_socket_alone(postgres):
    assert ask(postgres, "postgres", "SHOW listen_addresses") == [("",)]


def test_deep_folder_gets_a_short_socket(tmp_path):
    deep = tmp_path / ("deep" * 30)
    with_socket = Postgres(deep, fast=True)
    assert len(os.fsencode(with_socket.socket_folder / ".s.PGSQL.5432")) < 107
    with_socket.start()
    try:
        assert ask(with_socket, "postgres", "SELECT 1", "postgres") == [(1,)]
    finally:
        with_socket.stop()


def test_second_start_keeps_data_and_survives_kill(tmp_path):
    first = start_postgres(tmp_path / "postgres")
    with psycopg.connect(first.superuser_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    second = start_postgres(tmp_path / "postgres")
    try:
        assert ask(second, "postgres", "SELECT number FROM kept", "postgres") == [(7,)]
    finally:
        second.stop()


def test_folder_of_another_version_is_refused_with_a_way_out(tmp_path):
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedError) as refusal:
        Postgres(folder)
    assert str(refusal.value) == (
        f"{folder} was made by PostgreSQL 16 and this is 18: carry the data over with pg_dump "
        "(docs/operations.md says how), or point PUENTE_DATA at a new folder."
    )


def test_unwritable_folder_is_refused_with_a_way_out(tmp_path):
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "data"
    with pytest.raises(EmbeddedError) as refusal:
        embedded.make_folder(folder)
    assert str(refusal.value) == (
        f"the data folder {folder} cannot be written (Not a directory): "
        "make it writable, or point PUENTE_DATA at another folder."
    )


def test_server_that_does_not_start_says_where_it_said_why(tmp_path, monkeypatch):
    server = embedded.Valkey(tmp_path / "valkey")
    monkeypatch.setattr(embedded, "VALKEY_SETTINGS", {"port": "nonsense"})
    with pytest.raises(EmbeddedError, match="Valkey did not start; its last words are in"):
        server.start()
    assert "nonsense" in (tmp_path / "valkey.log").read_text()


def test_valkey_keeps_its_data(tmp_path):
    for expected in (None, b"bicycle"):
        server = start_valkey(tmp_path / "valkey")
        try:
            client = redis.Redis.from_url(server.url)
            assert client.get("thing") == expected
            client.set("thing", "bicycle")
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
            client.close()
        finally:
            server.stop()


def test_stop_is_harmless_twice(tmp_path):
    server = start_valkey(tmp_path / "valkey")
    server.stop()
    server.stop()
    assert not server.answers()
