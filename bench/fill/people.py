"""Customers with their addresses, labels and orders."""

from collections.abc import Callable

from bench.fill.businesses import LABELS


def customers(insert: Callable[..., None]) -> None:
    insert(
        """bench.customer c LEFT JOIN (SELECT customer_no, max(ended) AS last FROM bench.conversation
           GROUP BY 1) l ON l.customer_no = c.no ORDER BY c.id""",
        id="c.id",
        tenant_id="tenant_id",
        name="name",
        company="CASE WHEN bench.u(c.no, 14) < 0.1 THEN 'Talleres ' || split_part(name, ' ', 2) ELSE '' END",
        language="'es'",
        attributes="""CASE WHEN bench.u(c.no, 15) < 0.3 THEN '{"talla": "M"}' ELSE '{}' END::jsonb""",
        last_contact_at="coalesce(last, came)",
        last_contact_channel="CASE WHEN last IS NULL THEN '' ELSE 'web' END",
        created_at="came",
        updated_at="coalesce(last, came)",
    )


def identities(insert: Callable[..., None]) -> None:
    kinds = {
        "web": ("web_identity", "visitor::text", "true"),
        "email": ("email_identity", "email", "true"),
        "phone": ("uuidv7(came - now())", "phone", "no % 3 = 0"),
    }
    for kind, (identity, value, which) in kinds.items():
        insert(
            f"bench.customer WHERE {which} ORDER BY id",
            id=identity,
            tenant_id="tenant_id",
            customer_id="id",
            kind=f"'{kind}'",
            value=value,
            display=value
            if kind != "phone"
            else "regexp_replace(phone, '(...)(..)(....)(....)', '\\1 \\2 \\3 \\4')",
            is_verified="true",
            created_at="came",
        )


def labels(insert: Callable[..., None], table: str, owner: str) -> None:
    insert(
        f"""{table} o JOIN LATERAL (SELECT id FROM crm_label l WHERE l.tenant_id = o.tenant_id
            ORDER BY l.name OFFSET floor(bench.u(o.no, 16) * {len(LABELS)})::int LIMIT 1) AS chosen ON true
            WHERE bench.u(o.no, 17) < 0.2""",
        id="uuidv7()",
        tenant_id="o.tenant_id",
        label_id="chosen.id",
        **{f"{owner}_id": "o.id"},
    )


def orders(insert: Callable[..., None]) -> None:
    insert(
        """bench.customer c, LATERAL (SELECT now() - make_interval(secs => 86400 * 365 * bench.u(c.no, 18))
           AS placed) AS p ORDER BY placed""",
        id="uuidv7(placed - now())",
        tenant_id="tenant_id",
        customer_id="c.id",
        source="'tienda'",
        external_id="c.no::text",
        number="'B-' || 100000 + c.no",
        status="CASE WHEN bench.u(c.no, 19) < 0.9 THEN 'delivered' ELSE 'preparing' END",
        total="round((200 + 9000 * bench.u(c.no, 30))::numeric, 2)",
        currency="'MXN'",
        items="""'[{"name": "Bicicleta urbana", "quantity": 1, "price": "4500.00"}]'::jsonb""",
        placed_at="placed",
        changed_at="placed",
        created_at="placed",
        updated_at="placed",
    )
