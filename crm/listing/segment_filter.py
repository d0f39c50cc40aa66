"""The list of customers narrowed to a segment."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.listing.filters import BadFilter, Filter, Texts
from crm.segments import asking
from tenants.permissions import Permission


class SegmentFilter(Filter):
    """Whoever is in a segment now; of one that was put away, nobody."""

    name, title = "segment", gettext_lazy("Segment")
    needs = Permission.SEGMENTS_READ

    def read(self, texts: Texts) -> UUID:
        try:
            [value] = map(UUID, texts)
        except ValueError:
            raise BadFilter(_("There is nothing with this identifier.")) from None
        return value

    def where(self, value: UUID) -> Q:
        found = asking.find(value)
        return asking.condition(found) if found else Q(pk__isnull=True)

    def shown(self, value: Any) -> str:
        found = asking.find(value)
        return found.name if found else _("one that was deleted")
