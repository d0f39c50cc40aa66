"""Reading the list: in an instant, however many customers there are and whatever narrows them.

Where an index has the few customers that one of the filters means, these are read and the rest of the
filters asked of them. Otherwise the index of the order is walked in stretches, each asked for those that
all filters mean, until the page is full or the time is up: then it says so, and goes on from there.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from crm import queries
from crm.listing import filters, sorts
from crm.listing.filters import Given
from crm.listing.sorts import Sort
from crm.models import Customer
from crm.queries import ListedCustomer
from tenants.actors import Actor
from tenants.kit import cursors
from tenants.kit.cursors import Page
from tenants.permissions import Sees

FEW = 3_000  # customers read one by one; of more the order's index is walked
FIRST_STRETCH, LONGEST_STRETCH = 4_000, 64_000  # places in the index
PATIENCE = 0.15  # seconds for a page
COUNTING = 0.3  # seconds for a number
MOST_COUNTED = 10_000


class Wanted(NamedTuple):
    """Whom the list is to show, and in which order."""

    q: str = ""
    given: tuple[Given, ...] = ()
    sort: Sort = sorts.CONTACT


class Listed(NamedTuple):
    """A page: its rows, where the next begins ("" after the last), and what people must know of it."""

    items: list[ListedCustomer]
    next_cursor: str
    unfinished: bool = False  # there was no time to look everywhere: the rest follows by the cursor
    best_only: bool = False  # of a search: only the best matches were asked for the filters


class Counted(NamedTuple):
    """How many; or at least how many."""

    number: int
    exact: bool


def page(wanted: Wanted, actor: Actor, *, cursor: str = "", limit: int = 50) -> Listed:
    """A page of the list. Raises `BadCursor`."""
    if wanted.q:
        return _found(wanted, actor, limit)
    if not wanted.given:
        return _of(queries.sorted_page(actor, wanted.sort.ordering, cursor=cursor, limit=limit))
    place = cursors.decode(cursor, Customer, wanted.sort.ordering) if cursor else []
    few = _few(wanted.given)
    if few is not None:
        rows = _rows(_all(wanted, actor).filter(pk__any=few), wanted.sort, place, limit + 1)
        return _of(cursors.cut(rows, ordering=wanted.sort.ordering, limit=limit))
    if _in_order(wanted, actor):
        rows = _rows(_all(wanted, actor), wanted.sort, place, limit + 1)
        return _of(cursors.cut(rows, ordering=wanted.sort.ordering, limit=limit))
    return _walked(
        lambda stretch, most: _rows(_all(wanted, actor).filter(stretch), wanted.sort, [], most),
        _stretches(_bounded(wanted), wanted.sort.ordering, place),
        wanted.sort.ordering,
        limit,
    )


def rows(
    found: QuerySet[Any],
    given: Sequence[Given],
    ordering: Sequence[str],
    *,
    cursor: str = "",
    limit: int,
    bounds: Q | None = None,
) -> Page:
    """The next rows of another question about customers, in its own order, of those whom filters mean.

    There may be fewer than `limit`, or none, with a cursor: there was no time to look further. `bounds` is
    what of the question bounds the index of its order; None where few can meet it. Raises `BadCursor`.
    """
    found = found.filter(filters.condition(given))
    few = _few(given)
    if few is not None or bounds is None:
        found = found if few is None else found.filter(pk__any=few)
        return cursors.page(found, ordering=ordering, limit=limit, cursor=cursor)
    place = cursors.decode(cursor, Customer, ordering) if cursor else []
    walked = _walked(
        lambda stretch, most: list(found.filter(stretch).order_by(*ordering)[:most]),
        _stretches(Customer.objects.filter(bounds), ordering, place),
        ordering,
        limit,
    )
    return Page(walked.items, walked.next_cursor)


def count(wanted: Wanted, actor: Actor) -> Counted:
    """How many customers the list has: exactly up to `MOST_COUNTED`, if there is time for it."""
    if wanted.q:
        return Counted(len(_ids_found(wanted, actor)[0]), exact=True)
    few = _few(wanted.given)
    if few is not None:
        return Counted(_all(wanted, actor).filter(pk__any=few).count(), exact=True)
    if not wanted.given or _in_order(wanted, actor):
        found = _all(wanted, actor).order_by().values("pk")[: MOST_COUNTED + 1].count()
        return Counted(min(found, MOST_COUNTED), exact=found <= MOST_COUNTED)
    total, end = 0, monotonic() + COUNTING
    for stretch, _behind in _stretches(_bounded(wanted), wanted.sort.ordering, []):
        total += _all(wanted, actor).filter(stretch).count()
        if total > MOST_COUNTED or monotonic() > end:
            return Counted(min(total, MOST_COUNTED), exact=False)
    return Counted(total, exact=True)


def everybody(wanted: Wanted, actor: Actor) -> QuerySet[Customer]:
    """All whom the list has, in no order: for a file, which takes its time."""
    found = _all(wanted, actor)
    if wanted.q:
        return found.filter(pk__any=_ids_found(wanted, actor)[0])
    few = _few(wanted.given)
    return found if few is None else found.filter(pk__any=few)


def gather(wanted: Wanted, actor: Actor, place: str, most: int) -> tuple[list[UUID], str]:
    """The next few of all, by the moment they came, after a place; and the place behind them, "" at the end.

    Raises `BadCursor`.
    """
    if wanted.q:
        return _ids_found(wanted, actor)[0], ""
    few = _few(wanted.given)
    if few is not None:
        return list(_all(wanted, actor).filter(pk__any=few).values_list("pk", flat=True)), ""
    by_age = wanted._replace(sort=sorts.SORTS["oldest"])
    ordering = by_age.sort.ordering
    begin = cursors.decode(place, Customer, ordering) if place else []
    stretch, behind = next(_stretches(_bounded(by_age), ordering, begin, size=most))
    ids = list(_all(wanted, actor).filter(stretch).values_list("pk", flat=True))
    return ids, cursors.encode(behind) if behind else ""


# --- parts ---


def _of(found: cursors.Page) -> Listed:
    return Listed(found.items, found.next_cursor)


def _all(wanted: Wanted, actor: Actor) -> QuerySet[Customer]:
    return queries.customers_visible_to(actor).filter(filters.condition(wanted.given))


def _few(given: Sequence[Given]) -> list[UUID] | None:
    """The customers that one of the filters means, if these are few and an index has them."""
    for one in given:
        known = one.filter.customers(one.value)
        if known is None:
            continue
        ids = list(known[: FEW + 1])
        if len(ids) <= FEW:
            return ids
    return None


def _in_order(wanted: Wanted, actor: Actor) -> bool:
    """Whether an index has exactly these, in this order."""
    [first, *others] = wanted.given
    return not others and wanted.sort.name in first.filter.ordered_by and actor.sees == Sees.ALL


def _rows(found: QuerySet[Any], sort: Sort, place: Sequence[Any], limit: int) -> list[ListedCustomer]:
    if place:
        found = found.filter(cursors.beyond(sort.ordering, place))
    rows = found.order_by(*sort.ordering).values_list(*ListedCustomer._fields)
    return [ListedCustomer(*row) for row in rows[:limit]]


def _walked(
    read: Callable[[Q, int], list[Any]],
    stretches: Iterable[tuple[Q, Sequence[Any]]],
    ordering: Sequence[str],
    limit: int,
) -> Listed:
    found: list[Any] = []
    end = monotonic() + PATIENCE
    for stretch, behind in stretches:
        found += read(stretch, limit + 1 - len(found))
        if len(found) > limit:
            return _of(cursors.cut(found, ordering=ordering, limit=limit))
        if behind and monotonic() > end:
            return Listed(found, cursors.encode(behind), unfinished=True)
    return Listed(found, "")


def _bounded(wanted: Wanted) -> QuerySet[Customer]:
    """What of the index of the order can have them."""
    bounds = [one.filter.bounds(one.value, wanted.sort.name) for one in wanted.given]
    return Customer.objects.filter(*bounds)  # type: ignore[no-any-return]


def _stretches(
    bounded: QuerySet[Customer], ordering: Sequence[str], place: Sequence[Any], size: int = 0
) -> Iterator[tuple[Q, Sequence[Any]]]:
    """Conditions that divide the index of the order into stretches, and where each ends; [] for the last."""
    names = [name.lstrip("-") for name in ordering]
    size = size or FIRST_STRETCH
    while True:
        after = cursors.beyond(ordering, place) if place else Q()
        ends = bounded.filter(after).order_by(*ordering).values_list(*names)
        behind: Sequence[Any] = next(iter(ends[size - 1 : size]), ())
        yield (after & cursors.until(ordering, behind) if behind else after), behind
        if not behind:
            return
        place, size = behind, min(size * 4, LONGEST_STRETCH)


# --- with words ---


def _ids_found(wanted: Wanted, actor: Actor) -> tuple[list[UUID], bool]:
    """Whom the words mean, best first; and whether only the best of them were asked for the filters."""
    if not wanted.given:
        return queries.search_ids(wanted.q, actor, queries.MOST_FOUND), False
    few = _few(wanted.given)
    if few is not None:
        among = list(_all(wanted, actor).filter(pk__any=few).values_list("pk", flat=True))
        return queries.search_ids(wanted.q, actor, queries.MOST_FOUND, among=among), False
    best = queries.search_ids(wanted.q, actor, queries.MOST_FOUND)
    known = set(_all(wanted, actor).filter(pk__any=best).values_list("pk", flat=True))
    return [one for one in best if one in known], len(best) == queries.MOST_FOUND


def _found(wanted: Wanted, actor: Actor, limit: int) -> Listed:
    ids, best_only = _ids_found(wanted, actor)
    ids = ids[:limit]
    rows = queries.listed_of(ids, actor) if ids else {}
    return Listed([rows[one] for one in ids if one in rows], "", best_only=best_only)
