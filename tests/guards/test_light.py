"""What every process carries: libraries that few need come when they are needed."""

import subprocess
import sys

import pytest

HEAVY = ("boto3", "numpy", "openpyxl")  # about 10, 16 and 8 MB, in each of five processes
LOAD = "import sys, config.wsgi, config.urls; print(*[name for name in sys.argv[1:] if name in sys.modules])"


WORKER = "import config.celery; config.celery.app.loader.import_default_modules(); "


@pytest.mark.parametrize("first", ["", WORKER], ids=["web", "worker"])
def test_heavy_libraries_are_not_loaded_at_the_start(first: str) -> None:
    command = [sys.executable, "-c", first + LOAD, *HEAVY]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    assert loaded.stdout.split() == []
