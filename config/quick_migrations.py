"""Migrations that do not draw the whole schema anew for each index.

Django renders a model's neighbours, and theirs, whenever a migration changes it. Everything here is
neighbour to the business, so that each of a thousand changes rendered all tables: nine tenths of the time
that a fresh database took. What is added to a model needs that model alone; a migration that reads rows,
or changes what others refer to, gets all of them fresh, as Django has it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.db.migrations.state import ProjectState

# What leaves every other model as it was.
ALONE = ("add_model", "add_field", "_append_option", "_remove_option", "_alter_option", "rename_index")


@contextmanager
def rendering_alone() -> Iterator[None]:
    """Within it, states render a model alone where nothing else depends on the change."""
    before = {name: getattr(ProjectState, name) for name in (*ALONE, "reload_model", "reload_models")}
    for name in ALONE:
        setattr(ProjectState, name, _alone(before[name]))
    for name in ("reload_model", "reload_models"):
        setattr(ProjectState, name, _afresh(before[name]))
    try:
        yield
    finally:
        for name, method in before.items():
            setattr(ProjectState, name, method)


def _alone(change: Any) -> Any:
    """A change of the state after which the changed model is rendered and no other."""

    @wraps(change)
    def changed(state: ProjectState, *args: Any, **given: Any) -> None:
        rendered = state.__dict__.pop("apps", None)  # without it, nothing is rendered
        change(state, *args, **given)
        if rendered is None:
            return
        state.apps = rendered
        state.is_delayed = True  # migrations that read rows have everything rendered first
        model = args[0] if len(args) == 1 else state.models[args[0], args[1]]
        rendered.unregister_model(model.app_label, model.name_lower)
        rendered.render_multiple([model])

    return changed


def _afresh(reload: Any) -> Any:
    """A reload that starts from models which know each other."""

    @wraps(reload)
    def reloaded(state: ProjectState, *args: Any, **given: Any) -> None:
        if state.is_delayed and "apps" in state.__dict__:
            state.clear_delayed_apps_cache()
        else:
            reload(state, *args, **given)

    return reloaded
