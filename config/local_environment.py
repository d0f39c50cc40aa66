"""Where the running supervisor's servers are, for commands typed in another shell.

`manage.py create_business …` beside a running `make run` finds its databases by this file.
"""

import json
from collections.abc import Mapping
from pathlib import Path

DATABASE_NAMES = {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_OPS_URL"}


def path_in(folder: Path) -> Path:
    return folder / "run" / "environment.json"


def remember(folder: Path, variables: Mapping[str, str]) -> None:
    """Write down the variables the supervisor gave its children."""
    path_in(folder).write_text(json.dumps(variables, indent=2))


def recall(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The remembered variables that `environment` says nothing about.

    One DATABASE_… of your own switches off all remembered ones: half of two installations is worse than none.
    """
    try:
        remembered: dict[str, str] = json.loads(path_in(folder).read_text())
    except (OSError, ValueError):
        return {}
    given = {name.removesuffix("_FILE") for name in environment}
    if given & DATABASE_NAMES:
        given |= DATABASE_NAMES
    return {name: value for name, value in remembered.items() if name not in given}


def forget(folder: Path) -> None:
    """The servers have stopped."""
    path_in(folder).unlink(missing_ok=True)
