"""What the list of customers can be narrowed by.

A filter knows its names in an address, what makes sense there, the condition, and, where an index has the
customers it means, how to read them there: what hardly anybody is can so be found among millions.
Another module adds its own by `register(Mine())`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm import attributes, companies
from crm.attributes import Unfitting
from crm.models import Attribute, Case, Consent, Customer, CustomerLabel, Identity, Label, Medium, Purpose
from tenants import formats
from tenants.actors import Actor
from tenants.kit.text import one_line
from tenants.models import Membership, Tenant
from tenants.permissions import Permission
from tenants.refusals import Refused

ANY, NONE = "any", "none"
FACT = "fact."  # before the key of a fact
MOST_DAYS = 3_650
MOST_VALUES = 20  # of one name
LONGEST = 200
type Texts = tuple[str, ...]


class BadFilter(Refused):
    """What a filter was given makes no sense; the sentence says what would."""

    status = 400


class Filter(ABC):
    """One way to narrow the list."""

    name: str
    title: Any  # for people
    needs: Permission = Permission.CUSTOMERS_READ
    ordered_by: frozenset[str] = frozenset()  # sorts in which an index has exactly these, in order

    @abstractmethod
    def read(self, texts: Texts) -> Any:
        """The value that texts mean. Raises `BadFilter`."""

    @abstractmethod
    def where(self, value: Any) -> Q:
        """The condition on customers."""

    def customers(self, value: Any) -> QuerySet[Any] | None:
        """The identifiers of just these by an index; None where no index has them."""
        return None

    def bounds(self, value: Any, sort: str) -> Q:
        """What of the condition bounds the index by which a sort reads."""
        return Q()

    @abstractmethod
    def shown(self, value: Any) -> str:
        """The value in words, for the chip."""


class Given(NamedTuple):
    """A filter as somebody set it."""

    filter: Filter
    name: str  # that of a fact differs from its filter's
    texts: Texts
    value: Any


def _identifier(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadFilter(_("There is nothing with this identifier.")) from None


class LabelFilter(Filter):
    """Any of some labels; or any at all, or none."""

    name, title = "label", gettext_lazy("Label")

    def read(self, texts: Texts) -> Any:
        if set(texts) & {ANY, NONE}:
            if len(texts) > 1:
                raise BadFilter(_("Choose labels, or any, or none: not together."))
            return texts[0]
        return tuple(map(_identifier, texts))

    def where(self, value: Any) -> Q:
        links = CustomerLabel.objects.filter(customer_id=OuterRef("pk"))
        if value in (ANY, NONE):
            return Q(Exists(links)) if value == ANY else ~Q(Exists(links))
        return Q(Exists(links.filter(label_id__in=value)))

    def customers(self, value: Any) -> QuerySet[Any] | None:
        if value == NONE:
            return None
        links = CustomerLabel.objects.all()
        if value != ANY:
            links = links.filter(label_id__in=value)
        return links.values_list("customer_id", flat=True)  # type: ignore[no-any-return]

    def shown(self, value: Any) -> str:
        if value in (ANY, NONE):
            return _("with some") if value == ANY else _("with none")
        names = dict(Label.objects.filter(pk__in=value).values_list("pk", "name"))
        return _(" or ").join(names.get(one, _("one that was deleted")) for one in value)


class ChoiceFilter(Filter):
    """A column with few different values."""

    column: str
    ordered_by = frozenset({"contact", "quiet"})

    def choices(self) -> Sequence[tuple[str, Any]]:
        """Values and what people call them."""
        raise NotImplementedError

    def read(self, texts: Texts) -> Any:
        known = dict(self.choices())
        if len(texts) != 1 or texts[0] not in {*known, NONE}:
            raise BadFilter(_("Choose one of: %(choices)s.") % {"choices": ", ".join([*known, NONE])})
        return "" if texts[0] == NONE else texts[0]

    def where(self, value: Any) -> Q:
        return Q((self.column, value))

    def customers(self, value: Any) -> QuerySet[Any] | None:
        return Customer.objects.filter(self.where(value)).values_list("pk", flat=True)  # type: ignore[no-any-return]

    def bounds(self, value: Any, sort: str) -> Q:
        return self.where(value) if sort in self.ordered_by else Q()

    def shown(self, value: Any) -> str:
        return str(dict(self.choices()).get(value, value)) if value else _("not known")


class LanguageFilter(ChoiceFilter):
    """What he speaks."""

    name, column, title = "language", "language", gettext_lazy("Language")

    def choices(self) -> Sequence[tuple[str, Any]]:
        return settings.LANGUAGES


class ChannelFilter(ChoiceFilter):
    """By what he last wrote."""

    name, column, title = "channel", "last_contact_channel", gettext_lazy("Last wrote by")

    def choices(self) -> Sequence[tuple[str, Any]]:
        hidden = {Identity.Kind.PHONE, Identity.Kind.EXTERNAL}
        return [(str(kind.value), kind.label) for kind in Identity.Kind if kind not in hidden]


class DayFilter(Filter):
    """He came since or before a day, of the business."""

    title = gettext_lazy("Came")
    column = "created_at"
    ordered_by = frozenset({"newest", "oldest"})

    def __init__(self, name: str, lookup: str) -> None:
        self.name, self.lookup = name, lookup

    def read(self, texts: Texts) -> datetime:
        try:
            day = parse_date(texts[0])
        except ValueError:
            day = None
        if day is None or len(texts) > 1 or not 2000 <= day.year <= 2200:
            raise BadFilter(_("Enter a date as 2026-11-21."))
        return datetime.combine(day, time.min, tzinfo=Tenant.objects.get().zone)

    def where(self, value: datetime) -> Q:
        return Q((f"{self.column}__{self.lookup}", value))

    def customers(self, value: datetime) -> QuerySet[Any] | None:
        return Customer.objects.filter(self.where(value)).values_list("pk", flat=True)  # type: ignore[no-any-return]

    def bounds(self, value: datetime, sort: str) -> Q:
        return self.where(value) if sort in self.ordered_by else Q()

    def shown(self, value: datetime) -> str:
        day = formats.day_month(value.date(), year=True)
        return (_("since %(day)s") if self.lookup == "gte" else _("before %(day)s")) % {"day": day}


class RecencyFilter(Filter):
    """His last contact is, or is not, within so many days."""

    title = gettext_lazy("Last contact")
    ordered_by = frozenset({"contact", "quiet"})

    def __init__(self, name: str, lookup: str) -> None:
        self.name, self.lookup = name, lookup

    def read(self, texts: Texts) -> int:
        text = texts[0]
        if len(texts) > 1 or not (text.isascii() and text.isdigit() and len(text) < 6):
            raise BadFilter(_("Enter a number of days."))
        if not 1 <= int(text) <= MOST_DAYS:
            raise BadFilter(_("Enter a number of days from 1 to %(most)s.") % {"most": MOST_DAYS})
        return int(text)

    def where(self, value: int) -> Q:
        return Q((f"last_contact_at__{self.lookup}", timezone.now() - timedelta(days=value)))

    def customers(self, value: int) -> QuerySet[Any] | None:
        return Customer.objects.filter(self.where(value)).values_list("pk", flat=True)  # type: ignore[no-any-return]

    def bounds(self, value: int, sort: str) -> Q:
        return self.where(value) if sort in self.ordered_by else Q()

    def shown(self, value: int) -> str:
        if self.lookup == "gte":
            return ngettext("in the last day", "in the last %(days)s days", value) % {"days": value}
        return ngettext("none for a day", "none for %(days)s days", value) % {"days": value}


class ConsentFilter(Filter):
    """He agreed to be written to by one medium for one purpose, and it still holds."""

    name, title = "consent", gettext_lazy("Agreed to")

    def read(self, texts: Texts) -> tuple[str, str]:
        medium, _dot, purpose = texts[0].partition(".")
        if len(texts) > 1 or medium not in Medium.values or purpose not in Purpose.values:
            raise BadFilter(_("Give medium and purpose, such as whatsapp.promotion."))
        return medium, purpose

    def _held(self, value: tuple[str, str]) -> QuerySet[Any]:
        medium, purpose = value
        given = Consent.objects.filter(medium=medium, purpose=purpose, state=Consent.State.GIVEN)
        return given.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))  # type: ignore[no-any-return]

    def where(self, value: tuple[str, str]) -> Q:
        return Q(Exists(self._held(value).filter(customer_id=OuterRef("pk"))))

    def customers(self, value: tuple[str, str]) -> QuerySet[Any] | None:
        return self._held(value).values_list("customer_id", flat=True)

    def shown(self, value: tuple[str, str]) -> str:
        medium, purpose = value
        return f"{Purpose(purpose).label} · {Medium(medium).label}"


class CaseFilter(Filter):
    """Something of his is open, or nothing is."""

    name, title = "case", gettext_lazy("Cases")

    def read(self, texts: Texts) -> str:
        if texts not in {("open",), (NONE,)}:
            raise BadFilter(_("Choose one of: %(choices)s.") % {"choices": f"open, {NONE}"})
        return texts[0]

    def where(self, value: str) -> Q:
        found = Exists(Case.objects.filter(customer_id=OuterRef("pk"), resolved_at=None))
        return Q(found) if value == "open" else ~Q(found)

    def customers(self, value: str) -> QuerySet[Any] | None:
        if value != "open":
            return None
        return Case.objects.filter(resolved_at=None).values_list("customer_id", flat=True)  # type: ignore[no-any-return]

    def shown(self, value: str) -> str:
        return _("with an open case") if value == "open" else _("without an open case")


class CompanyFilter(Filter):
    """Those of one company."""

    name, title = "company", gettext_lazy("Company")

    def read(self, texts: Texts) -> str:
        found = one_line(texts[0], 150)
        if len(texts) > 1 or not found:
            raise BadFilter(_("Enter the name of a company."))
        return found

    def where(self, value: str) -> Q:
        return Q(company_key=companies.key_of(value), company_key__gt="")

    def customers(self, value: str) -> QuerySet[Any] | None:
        return Customer.objects.filter(self.where(value)).values_list("pk", flat=True)  # type: ignore[no-any-return]

    def shown(self, value: str) -> str:
        return value


class CreatorFilter(Filter):
    """A colleague added them by hand."""

    name, title = "created_by", gettext_lazy("Added by")

    def read(self, texts: Texts) -> UUID:
        if len(texts) > 1:
            raise BadFilter(_("Choose one person."))
        return _identifier(texts[0])

    def where(self, value: UUID) -> Q:
        return Q(created_by_id=value)

    def customers(self, value: UUID) -> QuerySet[Any] | None:
        return Customer.objects.filter(self.where(value)).values_list("pk", flat=True)  # type: ignore[no-any-return]

    def shown(self, value: UUID) -> str:
        member = Membership.objects.filter(pk=value).first()
        return member.name if member else _("one who was removed")


class FactFilter(Filter):
    """A fact that the business defined has a value, or any, or none. No index has these."""

    title: Any = gettext_lazy("Fact")

    def __init__(self, attribute: Attribute) -> None:
        self.attribute = attribute
        self.name = f"{FACT}{attribute.key}"
        self.title: Any = attribute.name

    def read(self, texts: Texts) -> Any:
        if len(texts) > 1:
            raise BadFilter(_("Give one value."))
        if texts[0] in (ANY, NONE):
            return (texts[0], None)
        try:
            value = attributes.parse(self.attribute, texts[0], Tenant.objects.get(), machine=True)
        except Unfitting as error:
            raise BadFilter(str(error)) from None
        if value is None:
            raise BadFilter(_("Give one value."))
        return "is", value

    def where(self, value: Any) -> Q:
        how, wanted = value
        has = Q(attributes__has_key=self.attribute.key)
        if how != "is":
            return has if how == ANY else ~has
        if isinstance(wanted, list):
            return Q(attributes__contains={self.attribute.key: wanted})
        text = str(wanted).lower() if isinstance(wanted, bool) else wanted
        return Q(Exact(attributes.text_of(self.attribute.key), text))

    def shown(self, value: Any) -> str:
        how, wanted = value
        if how != "is":
            return _("with some") if how == ANY else _("with none")
        return attributes.show(self.attribute, wanted, Tenant.objects.get())


# --- which there are, and what an address says of them ---

_filters: dict[str, Filter] = {}


def register(*filters: Filter) -> None:
    """Add ways to narrow the list; called once, when an app starts."""
    _filters.update({one.name: one for one in filters})


BUILT_IN: tuple[Filter, ...] = (
    LabelFilter(),
    LanguageFilter(),
    ChannelFilter(),
    RecencyFilter("contact_within", "gte"),
    RecencyFilter("no_contact_for", "lt"),
    DayFilter("came_since", "gte"),
    DayFilter("came_before", "lt"),
    ConsentFilter(),
    CaseFilter(),
    CompanyFilter(),
    CreatorFilter(),
)
register(*BUILT_IN)


def names() -> frozenset[str]:
    """Those that an address may have, but for facts."""
    return frozenset(_filters)


def is_one(name: str) -> bool:
    """Whether a name in an address is that of a filter."""
    return name in _filters or name.startswith(FACT)


def read(given: Mapping[str, Iterable[str]], *, strictly: bool = False) -> list[Given]:
    """The filters that names and texts mean, in the order they are given.

    What makes no sense is left out, or `strictly` raises `BadFilter` with the name as its field.
    """
    found = []
    facts = _facts() if any(name.startswith(FACT) for name in given) else {}
    for name, raw in given.items():
        one = _filters.get(name) or facts.get(name)
        texts = tuple(dict.fromkeys(text for text in (one_line(raw, LONGEST) for raw in raw) if text))
        if one is None or not texts:
            if strictly:
                raise _at(
                    name, BadFilter(_("There is no such filter.") if one is None else _("Give a value."))
                )
            continue
        try:
            if strictly and len(texts) > MOST_VALUES:
                raise BadFilter(_("Give at most %(most)s values.") % {"most": MOST_VALUES})
            found.append(Given(one, name, texts[:MOST_VALUES], one.read(texts[:MOST_VALUES])))
        except BadFilter as error:
            if strictly:
                raise _at(name, error) from None
    return found


def check_allowed(given: Iterable[Given], by: Actor) -> None:
    """Raises `PermissionDenied` for what the actor may not read."""
    for one in given:
        if not by.can(one.filter.needs):
            raise PermissionDenied(_("This needs the scope %(scope)s.") % {"scope": one.filter.needs.value})


def _at(name: str, error: BadFilter) -> BadFilter:
    error.field = name
    return error


def _facts() -> dict[str, Filter]:
    defined = [one for one in attributes.all_attributes() if one.archived_at is None]
    return {f"{FACT}{attribute.key}": FactFilter(attribute) for attribute in defined}


def condition(given: Sequence[Given]) -> Q:
    """All of them together."""
    found = Q()
    for one in given:
        found &= one.filter.where(one.value)
    return found
