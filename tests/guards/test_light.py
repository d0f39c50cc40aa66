"""What every process carries: libraries that few need come when they are needed."""

import subprocess
import sys

import pytest

HEAVY = ("boto3", "numpy", "openpyxl")  # about 10, 16 and 8 MB, in each of five processes
LOAD = "import sys, config.wsgi, config.urls; print(*[name for name in sys.argv[1:] if name in sys.modules])"


@pytest.mark.parametrize("also", ["", "import config.celery; config.celery.app.loader.import_default_modules()"])
def test_heavy_libraries_are_not_loaded_at_the_start(also: str) -> None:
    command = [sys.executable, "-c", f"{LOAD}" if not also else f"{also}; {LOAD}", *HEAVY]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    assert loaded.stdout.split() == []
