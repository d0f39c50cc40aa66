"""tenants ← crm ← conversations ← feedback ← config: imports go one way (STYLE.md)."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

LINT = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(LINT, cwd=folder, capture_output=True, text=True, check=False)


def test_imports_go_one_way() -> None:
    run = lint(Path(settings.BASE_DIR))
    assert run.returncode == 0, run.stdout


@pytest.fixture
def small_project(tmp_path: Path) -> Path:
    """A project with our contract, and one empty file per app."""
    contract = (Path(settings.BASE_DIR) / "pyproject.toml").read_text()
    (tmp_path / "pyproject.toml").write_text(contract[contract.index("[tool.importlinter]") :])
    for app in ("config", "tenants", "crm", "conversations", "feedback"):
        (tmp_path / app).mkdir()
        (tmp_path / app / "__init__.py").touch()
    return tmp_path


def test_import_downwards_passes(small_project: Path) -> None:
    (small_project / "crm/fine.py").write_text("import tenants\n")
    assert lint(small_project).returncode == 0


@pytest.mark.parametrize(
    ("app", "upward"), [("tenants", "crm"), ("crm", "conversations"), ("conversations", "config")]
)
def test_import_upwards_is_told(small_project: Path, app: str, upward: str) -> None:
    (small_project / app / "wrong.py").write_text(f"def late():\n    import {upward}\n")
    run = lint(small_project)
    assert run.returncode == 1
    assert f"{app}.wrong -> {upward}" in run.stdout
