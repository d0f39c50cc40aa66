"""Keys for installations that bring none: made once, kept in the data folder."""

import base64
import hashlib
import os
import secrets
from pathlib import Path


def local_secret(folder: Path) -> str:
    """The installation's own secret key, written on first use with mode 600."""
    path = folder / "secret_key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    except OSError:
        return secrets.token_urlsafe(50)  # the supervisor explains an unwritable folder
    return path.read_text()


def derived_fernet_key(secret: str) -> str:
    """A key for channel secrets out of the installation's secret key."""
    digest = hashlib.sha256(b"puente channel secrets:" + secret.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()
