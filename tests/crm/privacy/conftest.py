"""Files of these tests lie in a folder of their own."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path
