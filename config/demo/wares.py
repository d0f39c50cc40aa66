"""The price lists of the bicycle shop and the café as products that the bot answers of."""

from collections.abc import Iterable

from config.demo.script import Product
from crm.actions.products import keep_products
from tenants.actors import Actor
from tenants.models import Membership

STOCK = (4, 12, 2, 7, 0, 3, 25, 1)
"""How many there are, in turn; services are not counted."""
ALIASES = {
    "Bici infantil Colibrí 20": ["bici para niño", "bici rodada 20"],
    "Bici eléctrica Minerva E": ["e-bike", "bici con motor"],
    "Servicio básico": ["afinación", "mantenimiento básico"],
    "Servicio completo": ["mantenimiento completo"],
    "Candado en U": ["u-lock"],
}


def furnish(owner: Membership, products: Iterable[Product], page: str) -> None:
    """Keep a price list, as the shop's own system would report it."""
    rows = [
        {
            "external_id": f"P{number:03}",
            "sku": f"P{number:03}",
            "name": product.name,
            "aliases": ALIASES.get(product.name, []),
            "price": str(product.price),
            "stock": STOCK[number % len(STOCK)] if product.kind in ("bike", "part") else None,
            "url": page if product.kind == "bike" else "",
        }
        for number, product in enumerate(products, 1)
    ]
    keep_products(rows=rows, by=Actor.of_membership(owner), source="pos")
