"""How commands in another shell find the supervisor's servers."""

import pytest

from config import local_environment

VARIABLES = {
    "DATABASE_URL": "postgres://embedded",
    "DATABASE_OWNER_URL": "postgres://embedded-owner",
    "VALKEY_URL": "unix:///valkey.sock?db=0",
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "run").mkdir()
    local_environment.remember(tmp_path, VARIABLES)
    return tmp_path


def test_remembered_until_forgotten(folder):
    assert local_environment.recall(folder, {"PATH": "/bin"}) == VARIABLES
    local_environment.forget(folder)
    local_environment.forget(folder)
    assert local_environment.recall(folder, {}) == {}


@pytest.mark.parametrize("own", ["DATABASE_URL", "DATABASE_OPS_URL", "DATABASE_OWNER_URL_FILE"])
def test_one_database_of_your_own_switches_off_all_of_ours(folder, own):
    assert local_environment.recall(folder, {own: "x"}) == {"VALKEY_URL": "unix:///valkey.sock?db=0"}


def test_unreadable_memory_is_no_memory(folder):
    local_environment.path_in(folder).write_text("{half")
    assert local_environment.recall(folder, {}) == {}
