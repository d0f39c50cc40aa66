"""What the bot of a business knows, ready to be searched: kept in the process for as long as nothing changed.

Sentence vectors of published answers are kept in Valkey; without it they are made anew.
"""

from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import batched
from typing import TYPE_CHECKING, Any
from uuid import UUID

import redis
from django.conf import settings
from django.db.models import Count, Max

from conversations import knowledge, live_facts
from conversations.bot import encoder, retrieve
from conversations.bot.retrieve import Entry, Index
from conversations.facts import shelves
from conversations.facts.settling import Settling
from conversations.models import ArticleVersion
from tenants.kit import valkey
from tenants.scoping import current_tenant_id

if TYPE_CHECKING:
    import numpy as np

KEPT = 16
"""Businesses whose knowledge a process keeps: about eight megabytes each at five hundred answers."""
AT_ONCE = 100
VECTORS_FOR = 30 * 24 * 3_600  # seconds


@dataclass(frozen=True)
class Brain:
    """The searchable answers of a business in one language, for one kind of channel."""

    index: Index
    versions: dict[str, ArticleVersion] = field(default_factory=dict)
    """By the identifier of their entries."""
    twins: dict[str, str] = field(default_factory=dict)
    """The facts that articles answer, too, by the identifier of their entries."""


_kept: "OrderedDict[tuple[Any, ...], Brain]" = OrderedDict()


def brain(language: str, channel_kind: str = "") -> Brain:
    """What answers now in a language on a kind of channel. Three queries where nothing changed.

    Where nothing is published in that language, all of it counts, whatever its language.
    """
    kinds = live_facts.kinds()
    key = (current_tenant_id(), language, channel_kind, kinds, *_stamp())
    found = _kept.get(key)
    if found is None:
        found = brain_of(knowledge.published(channel_kind=channel_kind or None), language, kinds)
        _kept[key] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    _look_at_the_shelf(found, language, kinds)
    return found


def entries(
    versions: Sequence[ArticleVersion], language: str, kinds: frozenset[str] = frozenset(live_facts.WAYS)
) -> list[Entry]:
    """Answers as the index takes them, and what the business can tell of itself.

    A fact that an article answers, too, has no entry of its own: it is found by the article's, which gets
    its wordings.
    """
    told = {live_facts.kind_of_entry(one.id): one for one in live_facts.entries(language, kinds)}
    twins = _twins(versions, kinds)
    made = []
    for entry in _written(versions):
        kind = twins.get(entry.id, "")
        own = told.pop(kind, None)
        more = tuple(one for one in own.phrasings if one not in entry.phrasings) if own else ()
        made.append(replace(entry, phrasings=(*entry.phrasings, *more), is_live=bool(kind)))
    return [*made, *told.values()]


def _written(versions: Sequence[ArticleVersion]) -> list[Entry]:
    return [
        Entry(
            str(version.pk),
            (version.question, *version.phrasings),
            version.answer,
            version.category,
            version.language,
        )
        for version in versions
    ]


def _twins(versions: Sequence[ArticleVersion], kinds: frozenset[str]) -> dict[str, str]:
    found = {
        str(version.pk): live_facts.kind_of_wordings(version.question, version.phrasings, version.language)
        for version in versions
    }
    return {name: kind for name, kind in found.items() if kind in kinds}


def _look_at_the_shelf(found: Brain, language: str, kinds: frozenset[str]) -> None:
    """Let the index put first what is surely meant, of what is sold at this moment."""
    homes: dict[str, Entry] = {}
    for entry in found.index.entries:
        kind = found.twins.get(entry.id) or live_facts.kind_of_entry(entry.id)
        if kind:
            homes.setdefault(kind, entry)
    shelf = shelves.shelf(language) if "product" in kinds else None
    found.index.settle = Settling(homes, found.twins, shelf)


def _stamp() -> tuple[Any, ...]:
    published = ArticleVersion.objects.filter(state=ArticleVersion.State.PUBLISHED).order_by()
    found = published.aggregate(count=Count("id"), latest=Max("updated_at"), published=Max("published_at"))
    return (*found.values(), knowledge.today())


def brain_of(versions: Sequence[ArticleVersion], language: str, kinds: frozenset[str] | None = None) -> Brain:
    """What some versions would answer in a language: those written in it, or all where none is."""
    spoken = [version for version in versions if version.language.partition("-")[0] == language]
    chosen = spoken or versions
    kinds = live_facts.kinds() if kinds is None else kinds
    made = entries(chosen, language, kinds)
    model = encoder.shared() if settings.BOT_ENCODER else None
    index = Index(made, model, _vectors(made, model) if model else None)
    made_of = {str(version.pk): version for version in chosen}
    found = Brain(index, made_of, _twins(chosen, kinds))
    _look_at_the_shelf(found, language, kinds)
    return found


def _vectors(made: list[Entry], model: encoder.Encoder) -> "np.ndarray[Any, Any]":
    """The vectors of an index: those of texts seen before come from Valkey, the others are made and kept."""
    import numpy as np  # noqa: PLC0415 -- comes with the encoder, where there is one

    texts = retrieve.texts(made)
    names = [valkey.key(current_tenant_id(), "vector", sha256(text.encode()).hexdigest()) for text in texts]
    table = np.zeros((len(texts), encoder.SIZE), dtype=np.float16)
    known = _read(names)
    fresh = [place for place, packed in enumerate(known) if packed is None]
    for place, packed in enumerate(known):
        if packed is not None:
            table[place] = np.frombuffer(b64decode(packed), dtype=np.float16)
    if fresh:
        table[fresh] = model.encode([texts[place] for place in fresh])
        _keep({names[place]: b64encode(table[place].tobytes()).decode() for place in fresh})
    return table


def vectors_of(made: list[Entry], model: encoder.Encoder) -> "np.ndarray[Any, Any]":
    """The vectors of other entries of the business, kept in the same way."""
    return _vectors(made, model)


def _read(names: list[str]) -> list[str | None]:
    found: list[Any] = []
    try:
        for start in range(0, len(names), AT_ONCE):
            found += valkey.client().mget(names[start : start + AT_ONCE])
    except redis.RedisError:
        return [None] * len(names)
    return found


def _keep(made: dict[str, str]) -> None:
    with suppress(redis.RedisError):
        for some in batched(made.items(), AT_ONCE):
            pipe = valkey.client().pipeline(transaction=False)
            for name, packed in some:
                pipe.set(name, packed, ex=VECTORS_FOR)
            pipe.execute()


def forget(tenant_id: UUID | None = None) -> None:
    """Drop what is kept, of one business or of all; for tests and memory."""
    for key in [key for key in _kept if tenant_id is None or key[0] == tenant_id]:
        del _kept[key]
