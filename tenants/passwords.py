"""Passwords that are easy to guess here, though nowhere else."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tenants import doors

OURS = ("puente", "contraseña", "contrasena", "senha", "password", "clientes")
REST = 6  # characters that must be left when the words of the context are taken out


class ContextWordsValidator:
    """Refuses what is little more than our name or that of the person's business (ASVS 5.0, 6.2.11)."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` when too little is left beside words of the context."""
        rest = password.lower()
        for word in sorted({*OURS, *_words_of(user)}, key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) < min(REST, len(password)) and rest != password.lower():
            raise ValidationError(self.get_help_text(), code="password_of_the_context")

    def get_help_text(self) -> str:
        return _("Your password may not be just the name of Puente or of your business with a few signs.")


def _words_of(user: Any) -> set[str]:
    """The words in the names of a person's businesses."""
    if user is None or user.pk is None:
        return set()
    names = " ".join(business.name for business in doors.businesses_of(user.pk))
    return {word for word in re.findall(r"\w+", names.lower()) if len(word) > 3}
