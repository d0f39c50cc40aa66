"""Forms into which nobody has typed yet."""

from typing import Any, NamedTuple

from django import forms


class Blank(NamedTuple):
    """A form as it first appears. It is plain values, so that what it looks like can be remembered by them.

    Templates treat it as the form: `{% fields form %}` shows it, and there are no `errors`.
    """

    form: type[forms.Form]
    options: tuple[tuple[str, Any], ...] = ()
    initial: tuple[tuple[str, Any], ...] = ()

    @property
    def errors(self) -> tuple[str, ...]:
        """None."""
        return ()

    def build(self) -> forms.Form:
        """The form itself."""
        return self.form(initial=dict(self.initial), **dict(self.options))
