"""What stands in a form of Twilio's, whatever stands there."""

from urllib.parse import parse_qsl

from django.utils.translation import gettext_noop

from conversations.channels.base import Unreadable
from tenants.kit.text import clean

MOST = 1_000  # fields
SHORT = 1_000  # characters
CONTENT_TYPE = "application/x-www-form-urlencoded"
NO_FORM = gettext_noop("This is not the form that Twilio sends.")


def pairs(raw: bytes) -> list[tuple[str, str]]:
    """Names and values of a form, empty values too. Raises `Unreadable`."""
    try:
        posted = raw.decode()
        return parse_qsl(posted, keep_blank_values=True, strict_parsing=bool(posted), max_num_fields=MOST)
    except ValueError as error:  # no UTF-8, no form, or too many fields
        raise Unreadable(NO_FORM) from error


class Form(dict[str, str]):
    """A form's fields, each fit to keep."""

    @classmethod
    def of(cls, raw: bytes) -> "Form":
        """Raises `Unreadable`."""
        return cls(pairs(raw))

    def text(self, name: str, limit: int = SHORT) -> str:
        """A text, empty where there is none."""
        return clean(self.get(name, "")[: limit * 2], limit).strip()

    def number(self, name: str) -> float | None:
        """A number between -1000 and 1000, enough for coordinates and counts."""
        try:
            found = float(self.get(name, ""))
        except ValueError:
            return None
        return found if -SHORT <= found <= SHORT else None

    def is_true(self, name: str) -> bool:
        return self.get(name, "").lower() == "true"
