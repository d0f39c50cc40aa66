"""The names of what businesses sell, ready to be searched: kept in the process while nobody changes one."""

from collections import OrderedDict
from typing import Any

from django.utils.translation import gettext as _

from conversations.facts.wares import SHOWN, Named, Shelf, Ware
from crm import products
from crm.models import Product
from tenants import formats
from tenants.scoping import current_tenant_id

KEPT = 8
LOOKED_AT = 20
FEW = 3
"""So many in stock are told by their number."""

_kept: "OrderedDict[tuple[Any, ...], Shelf]" = OrderedDict()


def shelf(language: str) -> Shelf:
    """What the business sells, by its names in a language. One query where nothing is called otherwise."""
    key = (current_tenant_id(), language, products.stamp())
    found = _kept.get(key)
    if found is None:
        wares = [Ware(pk, (name, *aliases), sku) for pk, name, aliases, sku in products.names()]
        found = _kept[key] = Shelf(wares, language)
        for older in [one for one in _kept if one[:2] == key[:2] and one != key]:
            del _kept[older]
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return found


def told(named: Named) -> str:
    """Price and stock of the one that is named, or which ones may be meant; "" where they are gone."""
    standing = products.some(named.ids[:LOOKED_AT])  # some may have been deleted
    if not standing:
        return ""
    if len(standing) == 1:
        return _one(standing[0])
    found = standing[:SHOWN]
    lines = [f"• {_priced(one)}" for one in found]
    more = len(standing) - len(found)
    said = _("Which of these do you mean?") if not more else _("There are several, such as:")
    return "\n".join([said, *lines])


def _one(product: Product) -> str:
    said = [_priced(product) + "."]
    if product.stock is not None:
        if product.stock <= 0:
            said.append(_("It is out of stock right now."))
        elif product.stock <= FEW:
            said.append(_("There are %(count)s left.") % {"count": product.stock} if product.stock > 1
                        else _("There is one left."))  # fmt: skip
        else:
            said.append(_("We have it in stock."))
    text = " ".join(said)
    return f"{text}\n{product.url}" if product.url else text


def _priced(product: Product) -> str:
    if product.price is None:
        return str(product.name)
    price = formats.money(product.price, product.currency)
    return _("%(product)s: %(price)s") % {"product": product.name, "price": price}
