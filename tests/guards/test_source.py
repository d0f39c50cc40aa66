"""Rules over the source, each with its exceptions and a wrong file that it catches."""

from collections.abc import Callable, Iterable

import pytest

from tests.guards import source
from tests.guards.rules import Violation, unexcused
from tests.guards.source import Source

Rule = Callable[[Iterable[Source]], list[Violation]]

EXCUSED: dict[Rule, dict[str, str]] = {
    source.directory_readers: {
        "tenants/doors.py": "the doors themselves",
    },
    source.privileged_connections: {
        "config/management/commands/prepare.py": "asks whether anybody but the demo lives here",
        "config/metrics.py": "counts waiting rows of all businesses for the operator; no row leaves",
        "conversations/automation_tasks.py": "mails and events that are due anywhere, only to fan out",
        "conversations/actions/restored.py": "all businesses of a restored backup, each in its own scope",
        "conversations/actions/listening.py": "mailboxes of all, only to listen to each in its own scope",
        "conversations/campaign_tasks.py": "campaigns that are due in any business, only to ring; ids only",
        "conversations/confirmation_tasks.py": "what is to be said in any business, only to ring; ids only",
        "conversations/journey_tasks.py": "who goes a step further in any business, only to ring; ids only",
        "conversations/tasks.py": "the sweeper looks for due rows of all and rings for each; ids only",
        "conversations/teaching_tasks.py": "rehearsals and gatherings that are due in any business; ids only",
        "crm/duplicate_tasks.py": "where customers changed, in any business, only to ring for each; ids only",
        "crm/fact_tasks.py": "what was begun with facts of any business, only to ring for each; ids only",
        "crm/import_tasks.py": "imports and exports left behind anywhere, only to ring for each; ids only",
        "crm/management/commands/tombstones.py": "hashes of who was erased, for the operator",
        "crm/privacy_tasks.py": "erasures, archives, reminders and rules that are due anywhere; ids only",
        "crm/segment_tasks.py": "segments whose turn it is in any business, only to ring for each; ids only",
        "crm/run_tasks.py": "acts on many customers that were left behind in any business; ids only",
        "crm/consent_tasks.py": "consents and lists that are due anywhere, only to fan out",
        "tenants/doors.py": "closes the doors of all businesses whose time is over",
        "tenants/tasks.py": "housekeeping looks for old rows of all and rings for each; ids only",
    },
    source.tenant_setters: {
        "crm/segments/compile.py": "memory and patience of one question, for its transaction; not the tenant",
        "tenants/db/constraints.py": "writes the policy",
        "tenants/scoping.py": "the one function that sets the tenant",
    },
    source.scope_openers: {
        "config/demo/load.py": "fills the businesses it has just made",
        "config/simulator.py": "localhost's simulator enters the business of the demo's door",
        "config/shop.py": "the demo's shop page enters the business of the demo's door",
        "config/management/commands/create_business.py": "enters the business it has just made",
        "crm/duplicate_tasks.py": "of a task's business: one chunk commits after the other",
        "crm/exports/engine.py": "of a task's business: claim, make, keep",
        "crm/imports/engine.py": "of a task's business: one chunk commits after the other",
        "tenants/many.py": "of a task's business: one chunk commits after the other",
        "tenants/kit/files.py": "of the scope it was called in: a file goes after the commit",
        "conversations/actions/restored.py": "each business of a restored backup: hold back, one by one",
        "conversations/actions/channels.py": "of a task's business: read the channel, ask the vendor, keep",
        "conversations/actions/listening.py": "of the mailbox listened to: its account, its next reading",
        "conversations/actions/campaigns/quiet.py": "of a task's business: one message commits after another",
        "conversations/actions/campaigns/running.py": "of a task's business: look, claim, rest one by one",
        "conversations/actions/campaigns/sending.py": "of a task's business: write, mark, settle one by one",
        "conversations/tracking/doors.py": "of the signed token's business",
        "conversations/campaign_tasks.py": "of a task's business: judge, then ring once more",
        "conversations/actions/deliveries.py": "of a task's business: claim, mark, settle commit one by one",
        "conversations/actions/domains.py": "of a task's business: read, ask the DNS, keep",
        "conversations/actions/mailboxes.py": "of a task's business: each mail and its number commit alone",
        "conversations/actions/inbound.py": "of the door's business: store and read commit one by one",
        "conversations/actions/acknowledgements.py": "of a task's business: read, then call the vendor",
        "conversations/actions/model_calls.py": "of a task's business: book, ask the model, settle",
        "conversations/actions/model_endpoint.py": "of a task's business: read, test the model, keep",
        "conversations/actions/model_ranking.py": "of a task's business: read, ask the model, keep",
        "conversations/actions/model_writing.py": "of a task's business: read, ask the model, keep",
        "conversations/campaigns/views/appointment_page.py": "of a signed link: the business it names",
        "conversations/confirmations/planning.py": "of a task's business: one step commits after the other",
        "conversations/confirmations/sending.py": "of a task's business: one message commits after the other",
        "conversations/confirmations/silence.py": "of a task's business: one call commits after the other",
        "conversations/journeys/advancing.py": "of a task's business: one step commits after the other",
        "conversations/journeys/entering.py": "of a task's business: one batch commits after the other",
        "config/demo/campaigns.py": "fills the businesses it has just made",
        "conversations/campaign_reading_tasks.py": "of a task's business: counts whom a draft reaches",
        "conversations/confirmations/busy.py": "of a task's business: a calendar is fetched in between",
        "conversations/confirmations/answering.py": "of a task's business: answers commit one by one",
        "conversations/actions/campaigns/trying_out.py": "of a task's business: read, send the test, keep",
        "conversations/actions/media.py": "of a task's business: claim, call the vendor, settle",
        "conversations/actions/names.py": "of a task's business: read the customer, ask the vendor, keep",
        "conversations/actions/notification_mails.py": "of a task's business: claim, send, settle",
        "conversations/actions/suggesting.py": "of a task's business: they commit one by one",
        "conversations/actions/thinking.py": "of a task's business: count the attempt, ask the model, answer",
        "conversations/actions/unanswered.py": "of a task's business: read, compare for long, keep",
        "conversations/actions/readings.py": "of a task's business: take it, read outside, keep",
        "conversations/actions/rules_trials.py": "of a task's business: take it, compare, keep",
        "conversations/rehearsing.py": "of a task's business: some conversations commit after the others",
        "conversations/actions/rules.py": "of a task's business: claim, run, settle commit one by one",
        "conversations/actions/templates.py": "of a task's business: read, call the vendor, keep",
        "conversations/actions/receipts.py": "of a task's business: read, then call the vendor",
        "conversations/actions/late.py": "of a task's business: one conversation commits after the other",
        "conversations/actions/promising.py": "of a task's business: one promise commits after the other",
        "conversations/actions/sla.py": "of a task's business: one conversation commits after the other",
        "crm/actions/privacy_archive.py": "of a task's business: claim, then make the file",
        "crm/actions/privacy_erasure.py": "of a task's business: one batch commits after the other",
        "crm/privacy_tasks.py": "of a task's business: one batch of a rule commits after the other",
        "crm/management/commands/tombstones.py": "each business that the operator's file names",
        "conversations/workspace/views/help_centre.py": "the same: the business whose help centre is read",
        "conversations/campaigns/views/pictures.py": "the same: the business whose mail shows the picture",
        "crm/views/privacy_public.py": "the business whose public pages are asked for, by its door",
        "crm/actions/learning.py": "of a task's business: one batch of customers commits after the other",
        "conversations/actions/release.py": "of a task's business: one conversation commits after the other",
        "conversations/actions/quiet.py": "of a task's business: one conversation commits after the other",
        "conversations/channels/email/oauth.py": "a mailbox's permission, read and renewed between calls",
        "conversations/channels/entrance.py": "a channel's address leads to the business of its door",
        "conversations/channels/media_out.py": "a signed link's channel opens its door",
        "conversations/channels/posted.py": "the secrets of a channel that the entrance gave",
        "conversations/channels/web/door.py": "the widget enters the business of its channel's door",
        "conversations/channels/web/files.py": "a signed link's channel opens its door",
        "conversations/channels/web/uploads.py": "asks for a visitor's files in the business of his entrance",
        "conversations/channels/web/stream.py": "the visitor's stream looks up its channel's door",
        "conversations/workspace/stream.py": "the members' stream looks up its own membership by the door",
        "conversations/workspace/views/unsubscribing.py": "a mail's signed link names its business",
        "crm/actions/exclusions.py": "of a task's business: one batch of lines commits after the other",
        "crm/views/preferences.py": "a link's token opens its door",
        "feedback/views/public.py": "a rating link's token opens its door",
        "tenants/actions/businesses.py": "a new business is born inside its own scope",
        "tenants/api/views.py": "a key's door gives the business",
        "tenants/kit/tasks.py": "a task enters the business it was called with",
        "tenants/scoping.py": "one statement inside a transaction is a scope like any other",
        "tenants/doors.py": "a secret that works once is spent in the business it leads to",
        "tenants/middleware.py": "a page enters the business that the door gave",
        "tenants/views/invites.py": "an invitation's token opens its door",
    },
    source.leaking_generators: {},
    source.unnamed_keys: {
        "tenants/kit/undo.py": "the name of an event in the browser, not a key",
        "config/settings.py": "prefix of the broker's queues; every task in them names its business",
        "config/metrics.py": "length of the broker's queues",
        "tenants/pulse.py": "the heartbeat and the clocks are the installation's, not a business's",
        "tenants/tasks.py": "the worker's sign of life is the installation's, not a business's",
        "tenants/kit/ratelimit.py": "counts callers, most of them before a business is known",
    },
    source.unscoped_queries: {
        "tenants/api/views.py": "names a model's own manager, which is scoped (test_tenant_models.py)",
        "tenants/models/membership.py": "the directory's manager, which only the doors may use",
    },
    source.composed_sql: {
        "tenants/db/constraints.py": "statements of migrations, out of quoted names",
    },
    source.network_users: {
        "conversations/channels/email/connections.py": "mail servers, at addresses judged like the client's",
        "config/embedded.py": "asks the Valkey it has just started whether it is up, on its Unix socket",
        "config/supervisor.py": "asks whether its port is free",
        "conversations/actions/notification_mails.py": "names SMTP's errors; the server is the operator's",
        "conversations/actions/campaigns/sending.py": "names SMTP's errors",
        "conversations/channels/email/adapter.py": "names SMTP's errors; the mail server is the operator's",
        "conversations/channels/email/post.py": "names SMTP's errors; the mail server is the operator's",
        "tenants/kit/http.py": "the client itself",
    },
    source.unescaped: {
        "conversations/templatetags/workspace.py": "links the addresses in a text that it has escaped",
        "tenants/templatetags/remembered.py": "joins what templates rendered, escapes what it puts in",
        "tenants/templatetags/ui.py": "icons, classes and times out of our own files, every value escaped",
    },
    source.visitors_tenant: {},
}

WRONG: list[tuple[Rule, str, str]] = [
    (source.directory_readers, "DirectoryEntry.objects.filter(kind='slug')", "uses DirectoryEntry.objects"),
    (source.directory_readers, "Membership.directory.all()", "uses .directory"),
    (source.directory_readers, "user.memberships.all()", "uses .memberships"),
    (source.directory_readers, "User.objects.filter(memberships__role='owner')", ""),
    (source.directory_readers, "apps.get_model('tenants.DirectoryEntry')", "says 'tenants.DirectoryEntry'"),
    (source.directory_readers, "cursor.execute('SELECT key FROM tenants_directoryentry')", ""),
    (source.privileged_connections, "Customer.objects.using('ops').all()", "works as ops"),
    (source.privileged_connections, "connections['ops'].cursor()", "works as ops"),
    (source.privileged_connections, "transaction.atomic(using='owner')", "works as owner"),
    (source.tenant_setters, "cursor.execute('SET LOCAL app.tenant_id = 1')", ""),
    (source.tenant_setters, "cursor.execute('SELECT set_config(%s, %s, false)')", ""),
    (source.scope_openers, "with tenant_scope(tenant_id):\n    pass", "opens tenant_scope"),
    (source.scope_openers, "run_alone(tenant_id, QUERY, [])", "opens run_alone"),
    (
        source.leaking_generators,
        "def rows():\n    with tenant_scope(x):\n        yield from Customer.objects.all()",
        "rows yields inside a scope",
    ),
    (source.unnamed_keys, "client().set('puente:mine', 1)", "makes the key 'puente:mine'"),
    (source.unnamed_keys, "client().set(f'puente:{x}', 1)", "makes the key 'puente:'"),
    (source.unnamed_keys, "from django.core.cache import cache", ""),
    (source.unscoped_queries, "Customer._base_manager.all()", "uses _base_manager"),
    (source.unscoped_queries, "Customer.objects.raw('SELECT 1')", "calls raw()"),
    (source.unscoped_queries, "Customer.objects.extra(where=['1=1'])", "calls extra()"),
    (source.unscoped_queries, "everything = models.Manager()", "makes a plain manager"),
    (source.composed_sql, "cursor.execute(f'SELECT 1 FROM {table}')", "composes SQL: 'SELECT 1 FROM '"),
    (source.composed_sql, "cursor.execute('DELETE FROM x WHERE id = %s' % key)", ""),
    (source.composed_sql, "cursor.execute('UPDATE x SET y = ' + value)", ""),
    (source.composed_sql, "cursor.execute('SELECT {}'.format(value))", ""),
    (source.network_users, "import requests", "imports requests"),
    (source.network_users, "from urllib.request import urlopen", "imports urllib.request"),
    (source.unescaped, "mark_safe(message.html)", "calls mark_safe()"),
    (source.visitors_tenant, "request.GET['tenant_id']", "takes 'tenant_id' from the visitor"),
    (source.visitors_tenant, "request.headers.get('tenant')", "takes 'tenant' from the visitor"),
]

FINE = '''
"""set_config, DirectoryEntry.objects and puente: may be spoken of."""
kind = DirectoryEntry.Kind.SLUG
AGE = f"SELECT count(*) {FROM_DELIVERIES}"
cursor.execute("SELECT 1 FROM x WHERE id = %s", [key])
Customer.objects.using("default")
say(f"Select a {thing}!")

@contextmanager
def scope():
    with tenant_scope(x):
        yield
'''


@pytest.mark.parametrize("rule", EXCUSED, ids=lambda rule: rule.__name__)
def test_product_keeps_the_rule(rule: Rule) -> None:
    assert unexcused(rule(source.product()), EXCUSED[rule]) == []


@pytest.mark.parametrize(("rule", "text", "told"), WRONG)
def test_wrong_file_is_told(rule: Rule, text: str, told: str) -> None:
    violations = rule([Source.of("crm/wrong.py", text)])
    assert {violation.subject for violation in violations} == {"crm/wrong.py"}
    assert told in {"", *(violation.wrong for violation in violations)}


@pytest.mark.parametrize(
    "rule", [r for r in EXCUSED if r is not source.scope_openers], ids=lambda rule: rule.__name__
)
def test_fine_file_is_not_told(rule: Rule) -> None:
    assert rule([Source.of("crm/fine.py", FINE)]) == []


def test_migrations_do_not_open_scopes_by_themselves() -> None:
    assert unexcused(source.privileged_connections(source.migrations()), {}) == []
