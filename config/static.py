"""Static files with hashes in their names."""

from functools import lru_cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's, but each address is worked out once: a page names a hundred."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._address = lru_cache(maxsize=2_048)(super().url)

    def url(self, name: str, force: bool = False) -> str:
        """The address of a collected file. Raises ValueError for one that was not collected."""
        return self._address(name, force)
