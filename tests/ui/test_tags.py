"""Icons, people, times, fields and components."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone, translation

from tenants.templatetags.ui import STATUSES, UnknownIcon, icon_names, initials, relative

NOW = datetime(2026, 3, 12, 15, 0, tzinfo=UTC)


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context)).strip()


class MessageForm(forms.Form):
    text = forms.CharField(label="Text", help_text="Short is good.")
    secret = forms.CharField(widget=forms.HiddenInput)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"), timezone.override("America/Mexico_City"):
        yield


def test_icon_points_into_the_sprite_and_is_silent() -> None:
    assert render('{% icon "send" 20 css="big" %}') == (
        '<svg class="icon big" width="20" height="20" aria-hidden="true">'
        '<use href="/static/icons.svg#send"></use></svg>'
    )


def test_icon_with_label_is_read_aloud() -> None:
    assert 'role="img" aria-label="Close &quot;x&quot;"' in render(
        '{% icon "x" 16 label %}', label='Close "x"'
    )


def test_unknown_icon_raises() -> None:
    with pytest.raises(UnknownIcon):
        render('{% icon "no-such-icon" %}')


def test_every_status_has_an_icon() -> None:
    assert [code for code, (_name, _tone, symbol) in STATUSES.items() if symbol not in icon_names()] == []


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Lucía Herrera", "LH"),
        ("Ana Sofía de la Lima", "AL"),
        ("zoé", "z"),
        ("lucia.herrera@example.mx", "lh"),
        ("+52 33 1234", "51"),
        ("🙂", "?"),
        ("", "?"),
        ("___", "?"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_avatar_keeps_its_colour_and_escapes_the_name() -> None:
    once, again = render("{% avatar n %}", n="Marta"), render("{% avatar n %}", n="MARTA")
    assert once == again
    assert "<b>" not in render("{% avatar n label=True %}", n="<b>Marta</b>")


def test_avatar_of_nobody_is_a_question_mark() -> None:
    assert render("{% avatar n %}", n=None).endswith(">?</span>")


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(days=6, hours=23), "6 d"),
        (timedelta(days=7), "Mar 5"),
        (timedelta(days=100), "Dec 2, 2025"),
        (timedelta(minutes=-5), "+5 min"),
        (timedelta(days=-3), "+3 d"),
    ],
)
def test_relative(ago: timedelta, text: str) -> None:
    assert relative(NOW - ago, NOW) == text


@time_machine.travel(NOW, tick=False)
def test_timestamp_says_the_exact_time_in_the_viewers_zone() -> None:
    assert render("{% timestamp at %}", at=NOW - timedelta(minutes=5)) == (
        '<time datetime="2026-03-12T14:55:00+00:00" title="March 12, 2026, 8:55 AM CST"'
        " data-relative>5 min</time>"
    )


def test_timestamp_of_nothing_is_a_dash() -> None:
    assert render("{% timestamp at %}", at=None) == '<span aria-hidden="true">–</span>'


@time_machine.travel(NOW, tick=False)
def test_day_is_the_viewers_day() -> None:
    assert [render("{% day at %}", at=NOW - timedelta(hours=hours)) for hours in (1, 16, 40)] == [
        "Today",
        "Yesterday",
        "March 10, 2026",
    ]


def test_status_of_an_unknown_code_is_shown_as_it_is() -> None:
    assert "Half done" in render("{% status code %}", code="half_done")
    assert "&lt;b&gt;" in render("{% status code %}", code="<b>")


def test_face_of_no_rating_is_a_dash() -> None:
    assert [render("{% face s %}", s=score).count("<svg") for score in (1, "5", 0, None, "x", 10**30)] == [
        1,
        1,
        0,
        0,
        0,
        0,
    ]


def test_field_ties_label_help_and_error_to_the_control() -> None:
    html = render("{% field form.text %}", form=MessageForm({}))
    assert '<label for="id_text">Text</label>' in html
    assert 'aria-describedby="id_text_helptext id_text_error"' in html
    assert 'aria-invalid="true"' in html
    assert '<ul class="field-error" id="id_text_error"><li>This field is required.</li></ul>' in html


def test_fields_shows_hidden_fields_once() -> None:
    assert render("{% fields form %}", form=MessageForm()).count('name="secret"') == 1


def test_component_fills_its_slots_and_sees_only_its_parameters() -> None:
    html = render(
        '{% component "card" title=name %}{{ name }}!'
        "{% fill footer %}<i>{{ name }}</i>{% endfill %}{% endcomponent %}",
        name="<Marta>",
        help="from outside",
    )
    assert "<h2>&lt;Marta&gt;</h2>" in html
    assert "&lt;Marta&gt;!</div>" in html
    assert '<footer class="card-footer"><i>&lt;Marta&gt;</i></footer>' in html
    assert "from outside" not in html


@pytest.mark.parametrize(
    "source",
    [
        "{% component card %}{% endcomponent %}",
        "{% component %}{% endcomponent %}",
        '{% component "card" title %}{% endcomponent %}',
        '{% component "card" %}{% fill %}{% endfill %}{% endcomponent %}',
    ],
)
def test_wrong_component_is_refused_when_parsed(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Template(source)


def test_as_json_is_escaped_in_an_attribute() -> None:
    assert render('<i hx-vals="{{ v|as_json }}">', v={"a": '"<'}) == (
        '<i hx-vals="{&quot;a&quot;: &quot;\\&quot;&lt;&quot;}">'
    )
