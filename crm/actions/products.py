"""What the business sells: written by hand, reported by its systems, or read from a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import written
from crm.imports import at_once
from crm.imports.at_once import Imported, InvalidImport, Outcome
from crm.models import Product
from tenants import audit
from tenants.actors import Actor
from tenants.kit.text import bare_words, clean, one_line
from tenants.models import Tenant
from tenants.refusals import Refused
from tenants.scoping import uuid7

MOST = 20_000  # products of a business
MOST_ALIASES, LONGEST_ALIAS = 20, 100
MOST_STOCK = 2_000_000_000
MOST_PRICE = Decimal("999999999999.99")
YES = frozenset(("yes", "si", "sim", "true", "1", "x", "verdadero", "verdadeiro"))
NO = frozenset(("no", "nao", "false", "0", "falso"))
COLUMNS = {
    "external_id": ("external id", "id", "identificador", "id externo"),
    "name": ("name", "nombre", "producto", "nome", "produto", "product", "title", "titulo"),
    "aliases": ("aliases", "alias", "otros nombres", "outros nomes", "apelidos", "sinonimos"),
    "sku": ("sku", "codigo", "clave", "code", "ref", "referencia"),
    "price": ("price", "precio", "preco", "valor"),
    "currency": ("currency", "moneda", "moeda"),
    "stock": ("stock", "existencia", "existencias", "estoque", "inventario", "cantidad", "quantidade"),
    "url": ("url", "link", "enlace", "pagina"),
    "is_active": ("is active", "active", "activo", "ativo", "a la venta", "a venda"),
}


class InvalidProduct(Refused):
    """A product that cannot be kept; `field` is where."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is kept of a product."""

    name: str = ""
    aliases: tuple[str, ...] = ()
    sku: str = ""
    price: Decimal | None = None
    currency: str = ""
    stock: int | None = None
    url: str = ""
    is_active: bool = True

    @classmethod
    def of(cls, product: Product) -> "Content":
        """What a product says."""
        given = {name: getattr(product, name) for name in NAMES}
        return cls(**{**given, "aliases": tuple(product.aliases)})

    @property
    def words(self) -> str:
        """What it is found by, bare."""
        return bare_words(" ".join((self.name, self.sku, *self.aliases)))


NAMES = tuple(one.name for one in fields(Content))
KEYS = ("source", "external_id")


# --- one ---


@transaction.atomic
def write_product(
    *, by: Actor, product: Product | None = None, source: str = "manual", **given: Any
) -> Product:
    """A new product, or a change of one; what is not given stays. Raises `InvalidProduct`."""
    if product is None:
        if Product.objects.count() >= MOST:
            raise InvalidProduct(_too_many_products())
        content = checked(given, Content(currency=Tenant.objects.get().currency))
        key = uuid7()
        product = Product(id=key, source=source, external_id=str(key))
        _fill(product, content)
        product.save(force_insert=True)
        audit.record("product.created", target=product, by=by, name=content.name)
        return product
    product = Product.objects.select_for_update().get(pk=product.pk)
    content = checked(given, Content.of(product))
    if content != Content.of(product):
        changed = [name for name in NAMES if getattr(content, name) != getattr(Content.of(product), name)]
        _fill(product, content)
        product.save()
        audit.record("product.changed", target=product, by=by, name=content.name, fields=changed)
    return product


@transaction.atomic
def remove_product(*, product: Product, by: Actor) -> dict[str, Any]:
    """Delete a product; what `restore_product` needs comes back."""
    kept = {name: getattr(product, name) for name in ("id", *KEYS)} | asdict(Content.of(product))
    audit.record("product.deleted", target=product, by=by, name=product.name)
    product.delete()
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in kept.items()}


@transaction.atomic
def restore_product(*, kept: Mapping[str, Any], by: Actor) -> Product:
    """Bring a product back as it was. Raises `InvalidProduct` where its identifier was taken meanwhile."""
    if Product.objects.filter(source=kept["source"], external_id=kept["external_id"]).exists():
        raise InvalidProduct(_("There is a product with this identifier by now."))
    product = Product(id=kept["id"], source=kept["source"], external_id=kept["external_id"])
    _fill(product, checked({name: kept[name] for name in NAMES}))
    product.save(force_insert=True)
    audit.record("product.restored", target=product, by=by, name=product.name)
    return product


def _fill(product: Product, content: Content) -> None:
    now = timezone.now()
    if product.words != content.words or product.is_active != content.is_active:
        product.named_at = now
    for name, value in asdict(content).items():
        setattr(product, name, list(value) if isinstance(value, tuple) else value)
    product.words, product.updated_at = content.words, now


# --- many ---


@transaction.atomic
def keep_products(
    *, rows: Sequence[Any], by: Actor, source: str, dry_run: bool = False, only_good: bool = False
) -> Imported:
    """Write many in one transaction: all rows, or with `only_good` those without a fault.

    A row is known by `external_id` (else its code, else its name) within its `source`; what it leaves out
    stays as it is. The same rows again change nothing. Raises `InvalidImport`.
    """
    at_once.check_count(rows)
    currency = Tenant.objects.get().currency
    standing = _standing(rows, source)
    outcomes, work = [], []
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows, start=1):
        try:
            key, content = _read(row, source, standing, seen, currency)
        except Refused as refusal:
            name = row.get("name", "") if isinstance(row, Mapping) else ""
            outcomes.append(Outcome(number, "refused", one_line(str(name), 150), refusal.field, str(refusal)))
            continue
        seen.add(key)
        found = standing.get(key)
        said = "created" if found is None else "changed" if content != Content.of(found) else "unchanged"
        outcome = Outcome(number, said, content.name, object_id=found.pk if found else None)
        outcomes.append(outcome)
        work.append((outcome, key, content))
    result = Imported(outcomes)
    if Product.objects.count() + result.counts["created"] > MOST:
        raise InvalidImport(_too_many_products(), "rows")
    if dry_run or (result.counts["refused"] and not only_good):
        return result
    _write(work, standing)
    result.written = True
    audit.record("product.imported", target=None, by=by, **result.counts)
    return result


def _too_many_products() -> str:
    return _("At most %(most)s products. Delete those you no longer sell.") % {"most": MOST}


def _standing(rows: Sequence[Any], source: str) -> dict[tuple[str, str], Product]:
    """The products that rows speak of, locked."""
    keys = {_key(row, source) for row in rows if isinstance(row, Mapping)}
    found = Product.objects.select_for_update().filter(external_id__in={one for _source, one in keys})
    return {(one.source, one.external_id): one for one in found.order_by("pk")}


def _key(row: Mapping[str, Any], source: str) -> tuple[str, str]:
    given = [row.get(name) for name in ("external_id", "sku", "name")]
    named = next((text for one in given if isinstance(one, str) and (text := one_line(one, 120))), "")
    from_where = row.get("source")
    return (one_line(from_where, 40) if isinstance(from_where, str) and from_where else source, named)


def _read(
    row: Any,
    source: str,
    standing: Mapping[tuple[str, str], Product],
    seen: set[tuple[str, str]],
    currency: str,
) -> tuple[tuple[str, str], Content]:
    if not isinstance(row, Mapping):
        raise InvalidProduct(_("A row must be an object with a name."))
    if unknown := sorted(str(name) for name in row if name not in (*NAMES, *KEYS)):
        raise InvalidProduct(_("There is no such field."), one_line(unknown[0], 80))
    key = _key(row, source)
    if key in seen:
        raise InvalidProduct(_("An earlier row is about the same product."), "external_id")
    found = standing.get(key)
    given = {name: value for name, value in row.items() if name in NAMES and value is not None}
    return key, checked(given, Content.of(found) if found else Content(currency=currency))


def _write(
    work: Iterable[tuple[Outcome, tuple[str, str], Content]], standing: Mapping[tuple[str, str], Product]
) -> None:
    new: list[Product] = []
    changed: list[Product] = []
    for outcome, (source, external_id), content in work:
        if outcome.outcome == "unchanged":
            continue
        product = standing.get((source, external_id)) or Product(source=source, external_id=external_id)
        _fill(product, content)
        outcome.object_id = product.pk
        (changed if (source, external_id) in standing else new).append(product)
    Product.objects.bulk_create(new)
    Product.objects.bulk_update(changed, [*NAMES, "words", "named_at", "updated_at"])


def rows_of_file(content: bytes) -> list[dict[str, Any]]:
    """The rows of a CSV or XLSX file. Raises `InvalidImport`."""
    unnamed = _("The first row must name the columns, the name among them.")
    found: list[dict[str, Any]] = [*at_once.rows_of_table(content, COLUMNS, ("name",), unnamed)]
    for row in found:
        if "aliases" in row:
            row["aliases"] = [part.strip() for part in row["aliases"].replace("\n", "|").split("|")]
    return found


def checked(given: Mapping[str, Any], onto: Content | None = None) -> Content:
    """The content with what is given put in, trimmed and checked. Raises `InvalidProduct`."""
    readers: dict[str, Any] = {
        "name": lambda value: one_line(_text(value, "name"), 150),
        "aliases": _aliases,
        "sku": lambda value: one_line(_text(value, "sku"), 60),
        "price": _price,
        "currency": _currency,
        "stock": _stock,
        "url": _url,
        "is_active": _yes,
    }
    read: dict[str, Any] = {name: reader(given[name]) for name, reader in readers.items() if name in given}
    found = replace(onto or Content(), **read)
    if not found.name:
        raise InvalidProduct(_("Write the name customers know it by."), "name")
    if not found.currency:
        found = replace(found, currency=Tenant.objects.get().currency)
    return found


def _text(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise InvalidProduct(_("This must be text."), field)
    return clean(value).strip()


def _aliases(value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        raise InvalidProduct(_("This must be a list."), "aliases")
    names = (one_line(_text(one, "aliases"), LONGEST_ALIAS) for one in value)
    found = tuple(dict.fromkeys(name for name in names if name))
    if len(found) > MOST_ALIASES:
        raise InvalidProduct(_("At most %(most)s other names.") % {"most": MOST_ALIASES}, "aliases")
    return found


def _price(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str) and not _is_plain(value):
            tenant = Tenant.objects.get()
            found = written.amount_of(value, tenant.country, tenant.currency)
        else:
            found = Decimal(str(value))
    except (InvalidOperation, written.Unreadable, ValueError):
        raise InvalidProduct(
            _("“%(value)s” is not an amount.") % {"value": str(value)[:80]}, "price"
        ) from None
    if isinstance(value, bool) or not found.is_finite() or not 0 <= found <= MOST_PRICE:
        raise InvalidProduct(_("“%(value)s” is not an amount.") % {"value": str(value)[:80]}, "price")
    return round(found, 2)


def _is_plain(text: str) -> bool:
    """Whether it is written as programs write amounts: 1150.5."""
    whole, _point, part = text.strip().partition(".")
    return whole.isascii() and whole.isdigit() and (not part or (part.isdigit() and len(part) <= 2))


def _currency(value: Any) -> str:
    text = _text(value, "currency").upper()
    if text and not (len(text) == 3 and text.isascii() and text.isalpha()):
        raise InvalidProduct(
            _("“%(value)s” is not a currency: use a code such as MXN.") % {"value": text[:80]}, "currency"
        )
    return text


def _stock(value: Any) -> int | None:
    if value is None or value == "":
        return None
    try:
        found = Decimal(str(value).strip())
        number = int(found) if found == found.to_integral_value() else None
    except (InvalidOperation, ValueError, OverflowError):
        number = None
    if isinstance(value, bool) or number is None or abs(number) > MOST_STOCK:
        raise InvalidProduct(_("“%(value)s” is not a whole number.") % {"value": str(value)[:80]}, "stock")
    return number


def _url(value: Any) -> str:
    text = _text(value, "url")
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if text and (
        parts.scheme not in ("http", "https") or not parts.hostname or len(text) > 500 or " " in text
    ):
        raise InvalidProduct(_("Write the whole address, such as https://example.com/product."), "url")
    return text


def _yes(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = bare_words(_text(value, "is_active"))
    if text and text not in YES | NO:
        raise InvalidProduct(
            _("“%(value)s” is neither yes nor no.") % {"value": str(value)[:80]}, "is_active"
        )
    return text not in NO
