"""No string is left over in any of the three languages, and none is written twice."""

import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
LOCALES = ["es", "pt_BR", "en"]


def catalogue(root: Path, locale: str) -> polib.POFile:
    return polib.pofile(str(root / "locale" / locale / "LC_MESSAGES" / "django.po"))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_string_of_the_catalogue_is_translated(locale: str) -> None:
    found = catalogue(ROOT, locale)
    assert [entry.msgid for entry in found if not entry.translated() or entry.fuzzy] == []


@pytest.mark.skipif(not shutil.which("xgettext"), reason="needs gettext to read the sources again")
def test_catalogues_know_every_string_of_the_sources(tmp_path: Path) -> None:
    for name in ("config", "tenants", "crm", "conversations", "feedback", "templates", "static", "locale"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "manage.py", tmp_path)
    command = [sys.executable, "manage.py", "makemessages", "--locale", "es", "--no-location"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue(ROOT, "es")}
    found = {(entry.msgctxt, entry.msgid) for entry in catalogue(tmp_path, "es") if not entry.obsolete}
    assert found - known == set()
