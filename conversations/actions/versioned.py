"""What has a name of its own and says in versions what it says: templates of messages, journeys."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.refusals import Conflicting, Refused

NAME = 100
MOST_ALIKE = 1_000


class NameTaken(Conflicting):
    """Another one in use has this name."""


class Archived(Conflicting):
    """It was put away."""


class ChangedMeanwhile(Conflicting):
    """Somebody saved another version since it was opened."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of them. A version names its own by `key` and says what it says in `says`."""

    model: Any
    version: Any
    key: str
    says: str
    audited: str
    taken: str | Promise
    archived: str | Promise

    def name(self, given: str) -> str:
        """A name fit to keep. Raises `Refused`."""
        name = one_line(given, NAME)
        if not name:
            raise Refused(_("Enter a name."), "name")
        return name

    def free_name(self, name: str) -> str:
        """The name, or where one has it, with the next number."""
        stem = name[: NAME - 6]
        taken = set(self.model.objects.filter(name__startswith=stem).values_list("name", flat=True))
        numbered = (f"{stem} ({number})" for number in range(2, MOST_ALIKE))
        return next((one for one in (name, *numbered) if one not in taken), name)

    def save(self, row: Any) -> None:
        """Raises `NameTaken`."""
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            raise NameTaken(str(self.taken), "name") from None

    def locked(self, row: Any) -> Any:
        """Its row until the transaction ends. Raises `Archived`."""
        found = self.model.objects.select_for_update().get(pk=row.pk)
        if found.archived_at is not None:
            raise Archived(str(self.archived))
        return found

    def latest(self, row: Any) -> Any:
        """The version that holds now."""
        return row.versions.order_by("-number")[:1].get()

    def check_base(self, latest: Any, base: int | None) -> None:
        """Raise `ChangedMeanwhile` where another version than the one that was changed is the latest."""
        if base is not None and base != latest.number:
            sentence = _("%(name)s saved another version meanwhile. Look at it before you save yours.")
            raise ChangedMeanwhile(sentence % {"name": latest.made_by_label or _("Somebody")})

    def add_version(self, row: Any, says: Mapping[str, Any], number: int, by: Actor) -> Any:
        """Keep what it says as a version."""
        label = by.label[:150]
        given = {self.key: row, self.says: says, "made_by": by.membership, "made_by_label": label}
        return self.version.objects.create(number=number, **given)

    @transaction.atomic
    def archive(self, row: Any, by: Actor, **changes: Any) -> None:
        """Put it away: who is inside finishes, nothing new starts with it."""
        kept = self.model.objects.kept().filter(pk=row.pk)
        if kept.update(archived_at=timezone.now(), **changes):
            audit.record(f"{self.audited}.archived", target=row, by=by, name=row.name)

    @transaction.atomic
    def bring_back(self, row: Any, by: Actor) -> Any:
        """Take it out of the archive. Raises `NameTaken` where another has its name by now."""
        found = self.model.objects.select_for_update().get(pk=row.pk)
        if found.archived_at is not None:
            found.archived_at = None
            self.save(found)
            audit.record(f"{self.audited}.restored", target=found, by=by, name=found.name)
        return found
