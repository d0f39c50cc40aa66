"""Rules over PostgreSQL's own catalog: what the database must refuse by itself (ARCHITECTURE.md §2).

Each function takes a connection that sees everything and returns the violations.
"""

from collections.abc import Iterator

import psycopg

from tests.guards.rules import Violation

BARE = "({column} = (current_setting('app.tenant_id'::text))::uuid)"
OPEN_READS = ("true", None, "r", True, [0])  # FOR SELECT USING (true), beside the policy for all commands
TENANT_TABLE = "tenants_tenant"
OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg_temp%'"

TABLES = f"""
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relkind::text,
       EXISTS (SELECT FROM pg_attribute a
               WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped) AS has_tenant,
       coalesce((SELECT a.attnotnull FROM pg_attribute a
                 WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped), false)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {OURS}
ORDER BY c.relname
"""
POLICIES = """
SELECT pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid),
  polcmd::text, polpermissive, polroles
FROM pg_policy WHERE polrelid = %s::regclass
"""
UNIQUE_TENANT_ID = """
SELECT count(*) FROM pg_constraint k WHERE k.conrelid = %s::regclass AND k.contype IN ('u', 'p')
  AND (SELECT array_agg(a.attname::text ORDER BY o) FROM unnest(k.conkey) WITH ORDINALITY AS u(n, o)
       JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n) = ARRAY['tenant_id', 'id']
"""
KEYS = """
SELECT k.conname, t.relname, k.confdeltype::text, k.condeferrable, k.condeferred, k.convalidated,
  (SELECT array_agg(a.attname::text ORDER BY o) FROM unnest(k.conkey) WITH ORDINALITY AS u(n, o)
   JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n) AS ours,
  (SELECT array_agg(a.attname::text ORDER BY o) FROM unnest(k.confkey) WITH ORDINALITY AS u(n, o)
   JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n) AS theirs,
  (SELECT array_agg(a.attname::text) FROM unnest(k.confdelsetcols) AS u(n)
   JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n) AS nulled
FROM pg_constraint k JOIN pg_class t ON t.oid = k.confrelid
WHERE k.conrelid = %s::regclass AND k.contype = 'f' ORDER BY k.conname
"""
INDEXES = """
SELECT i.relname, x.indisunique, x.indisprimary, m.amname,
  coalesce((SELECT a.attname::text FROM pg_attribute a
            WHERE a.attrelid = x.indrelid AND a.attnum = x.indkey[0]), '')
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am m ON m.oid = i.relam
WHERE x.indrelid = %s::regclass ORDER BY i.relname
"""
UUID_COLUMNS = """
SELECT a.attname::text FROM pg_attribute a
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
  AND a.atttypid IN ('uuid'::regtype, 'uuid[]'::regtype)
  AND a.attname NOT IN ('id', 'tenant_id') ORDER BY a.attname
"""
ROLES = """
SELECT r.rolname, r.rolsuper, r.rolbypassrls, r.rolcanlogin, r.rolcreaterole, r.rolcreatedb, r.rolreplication,
  (SELECT count(*) FROM pg_class c WHERE c.relowner = r.oid)
    + (SELECT count(*) FROM pg_proc p WHERE p.proowner = r.oid)
    + (SELECT count(*) FROM pg_namespace n WHERE n.nspowner = r.oid),
  ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
        WHERE m.member = r.oid)
FROM pg_roles r WHERE r.rolname LIKE 'puente%'
"""
TABLE_RIGHTS = f"""
SELECT c.relname, r.rolname, p.privilege_type
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL aclexplode(c.relacl) p LEFT JOIN pg_roles r ON r.oid = p.grantee
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {OURS}
"""
DEFINERS = f"""
SELECT p.proname::text, o.rolname::text, p.proconfig, p.prosrc,
  EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x WHERE x.grantee = 0)
FROM pg_proc p JOIN pg_roles o ON o.oid = p.proowner JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prosecdef AND {OURS} ORDER BY p.proname
"""


def isolated_tables(db: psycopg.Connection) -> list[Violation]:
    """Every table that has rows of businesses is closed by itself; every other one needs an excuse."""
    return [violation for row in db.execute(TABLES).fetchall() for violation in _table(db, *row)]


def _table(
    db: psycopg.Connection,
    table: str,
    enabled: bool,
    forced: bool,
    kind: str,
    has_tenant: bool,
    not_null: bool,
) -> Iterator[Violation]:
    if kind in "vmf":
        yield Violation(table, "views and foreign tables read past row-level security")
    elif not has_tenant and table != TENANT_TABLE:
        yield Violation(table, "has no tenant_id")
    else:
        if not enabled:
            yield Violation(table, "row-level security is not enabled")
        if not forced:
            yield Violation(table, "row-level security is not forced")
        if has_tenant and not not_null:
            yield Violation(table, "tenant_id may be null")
        yield from _policies(db, table, "id" if table == TENANT_TABLE else "tenant_id")


def _policies(db: psycopg.Connection, table: str, column: str) -> Iterator[Violation]:
    policies = db.execute(POLICIES, [table]).fetchall()
    if OPEN_READS in policies:
        policies.remove(OPEN_READS)
        yield Violation(f"{table}.reads", "is read before any business is known")
    if len(policies) != 1:
        yield Violation(table, f"has {len(policies)} policies instead of one")
    for using, check, command, permissive, roles in policies:
        wanted = BARE.format(column=column)
        if using != wanted or check not in (None, wanted):
            yield Violation(table, f"its policy is not the bare comparison but {using}, checking {check}")
        if command != "*" or not permissive or roles != [0]:
            yield Violation(table, "its policy is not for all commands and everybody")


def tenant_led_keys(db: psycopg.Connection) -> list[Violation]:
    """Keys between rows of businesses are composite; every unique and b-tree index leads with tenant_id."""
    tables = [row[0] for row in db.execute(TABLES).fetchall() if row[4] and row[3] in "rp"]
    found: list[Violation] = []
    for table in tables:
        if db.execute(UNIQUE_TENANT_ID, [table]).fetchone() == (0,):
            found.append(Violation(table, "has no UNIQUE (tenant_id, id)"))
        found += _foreign_keys(db, table, set(tables))
        found += [
            Violation(f"{table}.{name}", f"does not lead with tenant_id but with {first or 'an expression'}")
            for name, unique, primary, method, first in db.execute(INDEXES, [table]).fetchall()
            if not primary and (unique or method == "btree") and first != "tenant_id"
        ]
    return found


def _foreign_keys(db: psycopg.Connection, table: str, tenant_tables: set[str]) -> Iterator[Violation]:
    keys = db.execute(KEYS, [table]).fetchall()
    if [key[6:8] for key in keys if key[1] == TENANT_TABLE] != [(["tenant_id"], ["id"])]:
        yield Violation(table, "has no plain key from tenant_id to the table of tenants")
    for name, target, on_delete, deferrable, deferred, valid, ours, theirs, nulled in keys:
        subject = f"{table}.{name}"
        if target == TENANT_TABLE:
            continue
        if target not in tenant_tables:
            yield Violation(subject, f"points at {target}, which belongs to no business")
            continue
        if ours[0] != "tenant_id" or len(ours) != 2 or theirs != ["tenant_id", "id"]:
            yield Violation(
                subject, f"is not composite: ({', '.join(ours)}) → {target} ({', '.join(theirs)})"
            )
        if not deferrable or deferred or not valid:
            yield Violation(subject, "is not DEFERRABLE INITIALLY IMMEDIATE and valid")
        if on_delete not in "cn" or (on_delete == "n" and nulled != ours[1:]):
            yield Violation(subject, "neither cascades nor sets its own column to null")


def soft_references(db: psycopg.Connection) -> list[Violation]:
    """Columns that hold an id which no key checks: each needs a reason why none can."""
    found = []
    for table, *_, has_tenant, _null in db.execute(TABLES).fetchall():
        if has_tenant:
            keyed = {column for key in db.execute(KEYS, [table]).fetchall() for column in key[6]}
            columns = [row[0] for row in db.execute(UUID_COLUMNS, [table]).fetchall()]
            found += [
                Violation(f"{table}.{c}", "holds an id that no key checks") for c in columns if c not in keyed
            ]
    return found


EXPECTED_ROLES = {
    "puente_owner": {"login": True, "bypass": False, "member_of": ["puente_search"]},
    "puente_app": {"login": True, "bypass": False, "member_of": []},
    "puente_ops": {"login": True, "bypass": True, "member_of": []},
    "puente_search": {"login": False, "bypass": True, "member_of": []},
}


def roles(db: psycopg.Connection) -> list[Violation]:
    """Four roles, each with the powers it needs; the pages' role owns nothing and may not truncate."""
    found = []
    seen = set()
    for name, superuser, bypass, login, *powers, owned, member_of in db.execute(ROLES).fetchall():
        seen.add(name)
        wanted = EXPECTED_ROLES.get(name)
        if wanted is None:
            found.append(Violation(name, "is a role nobody knows"))
            continue
        if superuser or any(powers):
            found.append(Violation(name, "is a superuser or may make roles, databases or replicas"))
        if bypass != wanted["bypass"] or login != wanted["login"] or sorted(member_of) != wanted["member_of"]:
            found.append(Violation(name, f"has bypass={bypass}, login={login}, member of {member_of}"))
        if owned and name in ("puente_app", "puente_ops"):
            found.append(Violation(name, f"owns {owned} things"))
    found += [Violation(name, "is missing") for name in EXPECTED_ROLES.keys() - seen]
    found += [
        Violation(f"{role or 'PUBLIC'} on {table}", f"may {right.lower()}, past row-level security")
        for table, role, right in db.execute(TABLE_RIGHTS).fetchall()
        if (role is None or role in ("puente_app", "puente_ops", "puente_search"))
        and right not in ({"SELECT"} if role == "puente_search" else {"SELECT", "INSERT", "UPDATE", "DELETE"})
    ]
    settings = db.execute(
        "SELECT setconfig::text FROM pg_db_role_setting WHERE setconfig::text LIKE '%app.tenant_id%'"
    )
    found += [
        Violation("app.tenant_id", f"has a value before any scope: {row[0]}") for row in settings.fetchall()
    ]
    return found


def definers(db: psycopg.Connection) -> list[Violation]:
    """Functions that run with another's rights: only the searches, closed to strangers, led by the tenant."""
    found = []
    for name, owner, config, source, public in db.execute(DEFINERS).fetchall():
        path = next((c.split("=", 1)[1] for c in config or [] if c.startswith("search_path=")), None)
        if owner != "puente_search":
            found.append(Violation(name, f"is SECURITY DEFINER and owned by {owner}"))
        if path is None or path.replace(" ", "").replace('"', "").split(",")[-1] != "pg_temp":
            found.append(Violation(name, f"its search_path is not fixed with pg_temp last: {path}"))
        if public:
            found.append(Violation(name, "may be executed by PUBLIC"))
        if "app.tenant_id" not in source:
            found.append(Violation(name, "does not ask for app.tenant_id"))
    return found
