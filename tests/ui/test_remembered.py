"""Parts of pages that are remembered: what they may see, and what is put in last."""

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.safestring import SafeString
from django.utils.translation import override

from tenants.templatetags import remembered

ROW = "components/badge.html"


def render(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def test_part_sees_what_it_is_given_and_nothing_else() -> None:
    html = render(f'{{% remembered "{ROW}" text=word %}}', word="Hola", tone="danger")
    assert "".join(html.split()) == '<spanclass="badgetone-grey">Hola</span>'


def test_part_is_rendered_once_for_the_same_values(monkeypatch: pytest.MonkeyPatch) -> None:
    source = f'{{% remembered "{ROW}" text=word %}}'
    first = render(source, word="una vez")
    monkeypatch.setattr(remembered, "_render", lambda *_args: "again")
    assert [render(source, word=word) for word in ("una vez", "otra")] == [first, "again"]


def test_part_is_rendered_each_time_with_values_that_may_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "_render", lambda _name, _around, values: str(values["text"]))
    source = f'{{% remembered "{ROW}" text=word %}}'
    word = ["one"]
    assert render(source, word=word) == "['one']"
    word.append("two")
    assert render(source, word=word) == "['one', 'two']"


def test_text_and_markup_of_the_same_letters_differ() -> None:
    source = f'{{% remembered "{ROW}" text=word %}}'
    assert "<b>x</b>" in render(source, word=SafeString("<b>x</b>"))
    assert "&lt;b&gt;x&lt;/b&gt;" in render(source, word="<b>x</b>")


def test_part_is_remembered_for_each_language() -> None:
    source = '{% remembered "components/spinner.html" %}'
    found = []
    for language in ("en", "es", "en"):
        with override(language):
            found.append("Loading" in render(source))
    assert found == [True, False, True]


def test_token_and_path_are_those_of_the_request(rf: RequestFactory) -> None:
    source = '{% remembered "components/language_choice.html" %}'
    for token, path in (("one", "/a/?x=1&y=2"), ("two", "/b/")):
        request: HttpRequest = rf.get(path)
        html = render(source, request=request, csrf_token=token)
        assert f'name="csrfmiddlewaretoken" value="{token}"' in html
        assert f'name="next" value="{path.replace("&", "&amp;")}"' in html
        assert [mark in html for mark in (remembered.CSRF, remembered.PATH)] == [False, False]


def test_shelf_keeps_what_was_shown_last_and_nothing_huge() -> None:
    shelf = remembered.Shelf(room=10)

    def show(key: str, html: str = "1234") -> str:
        return shelf.get((key,), lambda: html)

    for key in ("a", "b", "a", "c"):
        show(key)
    assert (list(shelf.parts), shelf.room) == ([("a",), ("c",)], 2)
    assert [show("a", "anew"), show("b", "anew")] == ["1234", "anew"]
    show("huge", "x" * (remembered.LARGEST + 1))
    assert ("huge",) not in shelf.parts
