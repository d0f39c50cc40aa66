"""Models and migrations say the same, and no migration forgets the businesses."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState
from django.utils import translation

from tests.guards import source
from tests.guards.rules import Violation, unexcused
from tests.guards.source import Source


def missing_migrations(state: ProjectState) -> list[str]:
    """The changes of our apps that no migration makes."""
    ours = ("tenants", "crm", "conversations", "feedback")
    loader = MigrationLoader(None)
    with translation.override(None):
        changes = MigrationAutodetector(loader.project_state(), state).changes(graph=loader.graph)
    return [f"{app}: {op.describe()}" for app in ours for m in changes.get(app, []) for op in m.operations]


def unlooped_data(sources: tuple[Source, ...]) -> list[Violation]:
    """Migrations that move data without looping over the businesses: they would see none and say nothing."""
    return [
        Violation(found.path, "runs Python over rows without a scope for each business")
        for found in sources
        if any(source.name_of(node) == "RunPython" for node in source.nodes(found, source.ast.Attribute))
        and not any(
            source.name_of(node.func) == "tenant_scope" for node in source.nodes(found, source.ast.Call)
        )
    ]


def test_no_migration_is_missing() -> None:
    assert missing_migrations(ProjectState.from_apps(apps)) == []


def test_missing_migration_is_told() -> None:
    state = ProjectState.from_apps(apps)
    before = missing_migrations(state)
    state.add_model(ModelState("crm", "Forgotten", [("id", models.BigAutoField(primary_key=True))]))
    assert set(missing_migrations(state)) - set(before) == {"crm: Create model Forgotten"}


def test_every_migration_of_data_loops_over_the_businesses() -> None:
    assert unexcused(unlooped_data(source.migrations()), {}) == []


def test_unlooped_migration_is_told() -> None:
    wrong = Source.of("crm/migrations/0002_wrong.py", "operations = [migrations.RunPython(fill)]")
    assert [str(v) for v in unlooped_data((wrong,))] == [
        "crm/migrations/0002_wrong.py: runs Python over rows without a scope for each business"
    ]


@pytest.mark.django_db
def test_app_role_migrates_nothing() -> None:
    said = StringIO()
    call_command("migrate", "tenants", plan=True, stdout=said, no_color=True)
    assert "No planned migration operations" in said.getvalue()
