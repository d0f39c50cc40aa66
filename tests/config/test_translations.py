"""Catalogues compile without gettext."""

import gettext
import os

import pytest
from django.core.management import CommandError, call_command

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Log in"
msgstr "Entrar"

#, fuzzy
msgid "Guess"
msgstr "Adivina"
"""


@pytest.fixture
def source(settings, tmp_path):
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    path = tmp_path / "locale" / "es" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(CATALOGUE)
    return path


def test_catalogue_is_compiled_once_per_change(source, capsys):
    call_command("compiletranslations")
    assert capsys.readouterr().out == "compiled locale/es/LC_MESSAGES/django.po\n"
    with source.with_suffix(".mo").open("rb") as compiled:
        translations = gettext.GNUTranslations(compiled)
    assert translations.gettext("Log in") == "Entrar"
    assert translations.gettext("Guess") == "Guess"

    call_command("compiletranslations")
    assert capsys.readouterr().out == ""
    later = source.with_suffix(".mo").stat().st_mtime + 5
    os.utime(source, (later, later))
    call_command("compiletranslations")
    assert capsys.readouterr().out == "compiled locale/es/LC_MESSAGES/django.po\n"


def test_broken_catalogue_is_named(source):
    source.write_text('nonsense "open')
    with pytest.raises(CommandError, match=r"django\.po cannot be compiled"):
        call_command("compiletranslations")
    assert not source.with_suffix(".mo").exists()
