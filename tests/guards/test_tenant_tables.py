"""The database refuses by itself: every table, key, index, role and privileged function."""

from collections.abc import Iterator

import psycopg
import pytest

from tests import servers
from tests.guards import catalog
from tests.guards.rules import unexcused

PEOPLE = "belongs to a person, who may be in several businesses"
OUTSIDE: dict[str, str] = {
    "tenants_membership.reads": "directory: which businesses a person may enter, before any is entered",
    "tenants_directoryentry.reads": "directory: where a secret leads, before any business is known",
    "tenants_user": PEOPLE,
    "tenants_jobrun": "turns of periodic jobs of the whole installation",
    "tenants_pulse": "the heartbeat of the whole installation, one row",
    "account_emailaddress": PEOPLE,
    "account_emailconfirmation": PEOPLE,
    "auth_group": "Django's, unused: roles are ours",
    "auth_group_permissions": "Django's, unused: roles are ours",
    "auth_permission": "Django's, unused: permissions are ours",
    "axes_accessattempt": "failed log-ins, counted before anybody is known",
    "axes_accessattemptexpiration": "failed log-ins, counted before anybody is known",
    "axes_accessfailurelog": "failed log-ins, counted before anybody is known",
    "axes_accesslog": "log-ins, before a business is entered",
    "django_content_type": "names of models",
    "django_migrations": "what has been migrated",
    "django_session": PEOPLE,
    "mfa_authenticator": PEOPLE,
    "usersessions_usersession": PEOPLE,
}
DIRECTORY = "directory: looked up by what the visitor brings, before the business is known"
DIRECTORY_KEYS: dict[str, str] = {
    "tenants_directoryentry": "no row points at it, and a door may outlive its business",
    "tenants_directoryentry.tenants_directory_once": DIRECTORY,
    "tenants_membership.tenants_membership_user_id_2c860192_fk_tenants_user_id": "a member is a person",
    "tenants_membership.tenants_membership_user_id_2c860192": DIRECTORY,
}
UPWARD = "a conversation or what came of one: the arrows between the apps allow no key upwards"
SOFT: dict[str, str] = {
    "conversations_confirmation.thing_id": "what it tells of, in one of four tables, also after it is gone",
    "conversations_delivery.attempt_id": "names an attempt, not a row",
    "conversations_articleversion.file_ids": "files of its answer, kept as long as a version names them",
    "conversations_bot.channel_ids": "a choice; a channel that is closed meanwhile is answered on by nobody",
    "conversations_campaign.channels": "a choice; a channel that is closed meanwhile reaches nobody",
    "conversations_campaign.exclude": "a choice; a segment that is gone stops the campaign before it starts",
    "conversations_campaign.include": "a choice; a segment that is gone stops the campaign before it starts",
    "conversations_recipient.attempt_id": "names an attempt, not a row",
    "conversations_mailbox.lease": "names a reader, not a row",
    "conversations_rehearsalrun.episode_ids": "what is still to be played, also of what goes meanwhile",
    "conversations_rehearsalrun.version_ids": "what was tried, also after such a draft is discarded",
    "conversations_upload.visitor": "a browser's own number, names no row",
    "conversations_message.client_id": "made by the sender's browser, names no row",
    "conversations_scheduledreply.client_id": "made by the sender's browser, names no row",
    "crm_case.context_id": UPWARD,
    "crm_followup.context_id": UPWARD,
    "crm_followup.source_id": UPWARD,
    "crm_customermerge.batch": "names a press of a button, not a row",
    "crm_likenessscan.after_id": "how far the looking came, also after that customer is gone",
    "crm_likenessscan.orders_until": "the same of orders",
    "crm_preference.context_id": UPWARD,
    "crm_timelineentry.context_id": UPWARD,
    "crm_timelineentry.object_id": "whatever the entry tells of, in any table",
    "tenants_auditevent.target_id": "whatever was acted on, in any table, also after it is gone",
    "tenants_directoryentry.target_id": "whatever the door leads to, in any table",
    "tenants_idempotencyrecord.caller": "the key that called, also after it is gone",
}


@pytest.fixture
def db(django_db_setup: None) -> Iterator[psycopg.Connection]:
    """The catalog, in a transaction that is thrown away."""
    with servers.superuser(servers.DATABASE) as connection:
        connection.execute("BEGIN")
        yield connection
        connection.execute("ROLLBACK")


def closed_table(db: psycopg.Connection, columns: str = "", name: str = "crm_bad") -> None:
    """A table as it should be, to be spoilt by a test."""
    db.execute(
        f"CREATE TABLE {name} (id uuid PRIMARY KEY,"
        f" tenant_id uuid NOT NULL REFERENCES tenants_tenant (id), {columns} UNIQUE (tenant_id, id))"
    )
    db.execute(
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY; ALTER TABLE {name} FORCE ROW LEVEL SECURITY;"
        f" CREATE POLICY bare ON {name} USING (tenant_id = current_setting('app.tenant_id')::uuid)"
    )


def about(table: str, violations: list[catalog.Violation]) -> list[str]:
    """What is said about one table."""
    return [str(violation) for violation in violations if violation.subject.split(".")[0] == table]


def test_every_table_is_isolated_or_excused(db: psycopg.Connection) -> None:
    assert unexcused(catalog.isolated_tables(db), OUTSIDE) == []


def test_every_key_and_index_leads_with_the_tenant(db: psycopg.Connection) -> None:
    assert unexcused(catalog.tenant_led_keys(db), DIRECTORY_KEYS) == []


def test_every_unchecked_id_is_excused(db: psycopg.Connection) -> None:
    assert unexcused(catalog.soft_references(db), SOFT) == []


def test_roles_have_their_powers_and_no_more(db: psycopg.Connection) -> None:
    assert unexcused(catalog.roles(db), {}) == []


def test_privileged_functions_are_searches(db: psycopg.Connection) -> None:
    assert unexcused(catalog.definers(db), {}) == []


def test_good_table_passes(db: psycopg.Connection) -> None:
    closed_table(db)
    assert about("crm_bad", [*catalog.isolated_tables(db), *catalog.tenant_led_keys(db)]) == []


def test_table_without_tenant_is_told(db: psycopg.Connection) -> None:
    db.execute("CREATE TABLE crm_bad (id uuid PRIMARY KEY)")
    assert about("crm_bad", catalog.isolated_tables(db)) == ["crm_bad: has no tenant_id"]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        ("ALTER TABLE crm_bad DISABLE ROW LEVEL SECURITY", ["row-level security is not enabled"]),
        ("ALTER TABLE crm_bad NO FORCE ROW LEVEL SECURITY", ["row-level security is not forced"]),
        ("ALTER TABLE crm_bad ALTER tenant_id DROP NOT NULL", ["tenant_id may be null"]),
        ("DROP POLICY bare ON crm_bad", ["has 0 policies instead of one"]),
        (
            "ALTER POLICY bare ON crm_bad USING (true)",
            ["its policy is not the bare comparison but true, checking None"],
        ),
        (
            "ALTER POLICY bare ON crm_bad WITH CHECK (true)",
            [
                "its policy is not the bare comparison but "
                "(tenant_id = (current_setting('app.tenant_id'::text))::uuid), checking true"
            ],
        ),
        (
            "DROP POLICY bare ON crm_bad; CREATE POLICY bare ON crm_bad FOR SELECT"
            " USING (tenant_id = current_setting('app.tenant_id')::uuid)",
            ["its policy is not for all commands and everybody"],
        ),
        (
            "ALTER POLICY bare ON crm_bad TO puente_app",
            ["its policy is not for all commands and everybody"],
        ),
    ],
)
def test_open_table_is_told(db: psycopg.Connection, spoil: str, told: list[str]) -> None:
    closed_table(db)
    db.execute(spoil)
    assert about("crm_bad", catalog.isolated_tables(db)) == [f"crm_bad: {wrong}" for wrong in told]


def test_second_policy_is_told(db: psycopg.Connection) -> None:
    closed_table(db)
    db.execute("CREATE POLICY open ON crm_bad USING (tenant_id = current_setting('app.tenant_id')::uuid)")
    assert about("crm_bad", catalog.isolated_tables(db)) == ["crm_bad: has 2 policies instead of one"]


def test_open_reads_are_told_and_never_open_writes(db: psycopg.Connection) -> None:
    closed_table(db)
    db.execute("CREATE POLICY reads ON crm_bad FOR SELECT USING (true)")
    assert about("crm_bad", catalog.isolated_tables(db)) == [
        "crm_bad.reads: is read before any business is known"
    ]
    db.execute("DROP POLICY reads ON crm_bad; CREATE POLICY reads ON crm_bad FOR UPDATE USING (true)")
    assert about("crm_bad", catalog.isolated_tables(db)) == [
        "crm_bad: has 2 policies instead of one",
        "crm_bad: its policy is not the bare comparison but true, checking None",
        "crm_bad: its policy is not for all commands and everybody",
    ]


def test_materialized_view_is_told(db: psycopg.Connection) -> None:
    db.execute("CREATE MATERIALIZED VIEW crm_bad AS SELECT * FROM crm_customer")
    assert about("crm_bad", catalog.isolated_tables(db)) == [
        "crm_bad: views and foreign tables read past row-level security"
    ]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (
            "customer_id uuid CONSTRAINT plain REFERENCES crm_customer (id) ON DELETE CASCADE,",
            [
                "crm_bad.plain: is not composite: (customer_id) → crm_customer (id)",
                "crm_bad.plain: is not DEFERRABLE INITIALLY IMMEDIATE and valid",
            ],
        ),
        (
            "customer_id uuid, CONSTRAINT wide FOREIGN KEY (tenant_id, customer_id) REFERENCES crm_customer"
            " (tenant_id, id) ON DELETE SET NULL DEFERRABLE,",
            ["crm_bad.wide: neither cascades nor sets its own column to null"],
        ),
        (
            "customer_id uuid, CONSTRAINT late FOREIGN KEY (tenant_id, customer_id) REFERENCES crm_customer"
            " (tenant_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,",
            ["crm_bad.late: is not DEFERRABLE INITIALLY IMMEDIATE and valid"],
        ),
        (
            "user_id uuid CONSTRAINT out REFERENCES tenants_user (id),",
            ["crm_bad.out: points at tenants_user, which belongs to no business"],
        ),
        ("code text CONSTRAINT one UNIQUE,", ["crm_bad.one: does not lead with tenant_id but with code"]),
    ],
)
def test_wrong_key_is_told(db: psycopg.Connection, columns: str, told: list[str]) -> None:
    closed_table(db, columns)
    assert about("crm_bad", catalog.tenant_led_keys(db)) == told


def test_wrong_indexes_are_told(db: psycopg.Connection) -> None:
    closed_table(db, "code text,")
    db.execute(
        "CREATE INDEX by_code ON crm_bad (code, tenant_id); CREATE INDEX by_lower ON crm_bad (lower(code))"
    )
    db.execute("CREATE INDEX fine ON crm_bad (tenant_id, code)")
    assert about("crm_bad", catalog.tenant_led_keys(db)) == [
        "crm_bad.by_code: does not lead with tenant_id but with code",
        "crm_bad.by_lower: does not lead with tenant_id but with an expression",
    ]


def test_missing_keys_are_told(db: psycopg.Connection) -> None:
    db.execute("CREATE TABLE crm_bad (id uuid PRIMARY KEY, tenant_id uuid NOT NULL)")
    assert about("crm_bad", catalog.tenant_led_keys(db)) == [
        "crm_bad: has no UNIQUE (tenant_id, id)",
        "crm_bad: has no plain key from tenant_id to the table of tenants",
    ]


def test_unchecked_id_is_told(db: psycopg.Connection) -> None:
    closed_table(db, "customer_id uuid,")
    assert about("crm_bad", catalog.soft_references(db)) == [
        "crm_bad.customer_id: holds an id that no key checks"
    ]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        ("ALTER ROLE puente_app BYPASSRLS", "puente_app: has bypass=True, login=True, member of []"),
        (
            "ALTER ROLE puente_owner SUPERUSER",
            "puente_owner: is a superuser or may make roles, databases or replicas",
        ),
        ("ALTER ROLE puente_search LOGIN", "puente_search: has bypass=True, login=True, member of []"),
        (
            "GRANT puente_ops TO puente_app",
            "puente_app: has bypass=False, login=True, member of ['puente_ops']",
        ),
        ("CREATE ROLE puente_extra", "puente_extra: is a role nobody knows"),
        ("CREATE TABLE crm_bad (); ALTER TABLE crm_bad OWNER TO puente_app", "puente_app: owns 1 things"),
        (
            "GRANT TRUNCATE ON crm_customer TO puente_app",
            "puente_app on crm_customer: may truncate, past row-level security",
        ),
        (
            "GRANT REFERENCES ON crm_customer TO PUBLIC",
            "PUBLIC on crm_customer: may references, past row-level security",
        ),
        (
            "ALTER ROLE puente_app SET app.tenant_id = 'none'",
            "app.tenant_id: has a value before any scope: {app.tenant_id=none}",
        ),
    ],
)
def test_too_much_power_is_told(db: psycopg.Connection, spoil: str, told: str) -> None:
    db.execute(spoil)
    assert told in unexcused(catalog.roles(db), {})


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (
            "CREATE FUNCTION bad() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
            [
                "bad: is SECURITY DEFINER and owned by postgres",
                "bad: its search_path is not fixed with pg_temp last: None",
                "bad: may be executed by PUBLIC",
                "bad: does not ask for app.tenant_id",
            ],
        ),
        (
            "CREATE FUNCTION bad() RETURNS text LANGUAGE sql SECURITY DEFINER"
            " SET search_path = pg_catalog, public, pg_temp"
            " AS $$ SELECT current_setting('app.tenant_id') $$;"
            " ALTER FUNCTION bad() OWNER TO puente_search; REVOKE ALL ON FUNCTION bad() FROM PUBLIC",
            [],
        ),
    ],
)
def test_privileged_function_is_told(db: psycopg.Connection, function: str, told: list[str]) -> None:
    db.execute(function)
    assert [text for text in unexcused(catalog.definers(db), {}) if text.startswith("bad:")] == told
