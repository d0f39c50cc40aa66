"""One act on many rows of a kind: each as if done alone, all taken back together.

What is done to a row is the same action that does it to one; its state before and after is kept, so that
taking it back restores exactly what nobody changed since. Many rows are done by a worker, some at a time:
what each row's item says is the truth, so a worker that is killed goes on where it was.

    class Conversations(Many):
        runs, items, row = BulkRun, BulkItem, "conversation"
        …

    conversations = Conversations()
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants import audit
from tenants.actors import Actor
from tenants.kit import events
from tenants.kit.text import one_line
from tenants.permissions import Permission
from tenants.refusals import Conflicting, Refused
from tenants.scoping import TenantOwned, tenant_scope

type State = dict[str, Any]


class CannotBulk(Refused):
    """This cannot be done to many; the sentence says why."""


class NothingToUndo(Conflicting):
    """It was taken back before, or too long ago, or there is nothing to stop."""


class Run(TenantOwned):
    """One act on many rows: what was asked, how far it is, and whether it was taken back.

    A concrete one has `membership` and `api_key`, who began it.
    """

    class State(models.TextChoices):
        RUNNING = "running", gettext_lazy("Under way")
        DONE = "done", gettext_lazy("Done")
        UNDOING = "undoing", gettext_lazy("Being taken back")
        UNDONE = "undone", gettext_lazy("Taken back")

    action = models.CharField(max_length=20)
    parameters = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    total = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text="When a worker looks at it again.")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.action} {self.total}"


class Item(TenantOwned):
    """What became of one row in it, with its state before and after.

    A concrete one has `run`, and the row under its own name.
    """

    class Outcome(models.TextChoices):
        PENDING = "pending", gettext_lazy("Waiting")
        CHANGED = "changed", gettext_lazy("Changed")
        SAME = "same", gettext_lazy("Already so")
        REFUSED = "refused", gettext_lazy("Not possible")
        GONE = "gone", gettext_lazy("No longer visible")
        LEFT = "left", gettext_lazy("Stopped before")
        UNDONE = "undone", gettext_lazy("Taken back")
        KEPT = "kept", gettext_lazy("Changed meanwhile")

    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.PENDING)
    reason = models.CharField(max_length=300, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True


Outcome = Item.Outcome
Act = Callable[[Any, Actor], object]


class Many(ABC):
    """Acts on many rows of one kind; a subclass says which rows, which acts, and how a row stands."""

    runs: ClassVar[type[Any]]
    items: ClassVar[type[Any]]
    row: ClassVar[str]  # the items' field that names the row
    needs: ClassVar[Permission]
    event: ClassVar[str]  # what open pages hear while it goes on
    audited: ClassVar[str]  # begin of the words in the audit log: "conversation.bulk"

    at_once = 100  # rows done before the answer; more are a worker's
    chunk = 50  # rows of one transaction
    most = 10_000
    undo_for = timedelta(days=30)
    lease = timedelta(seconds=60)

    # --- what a subclass says ---

    @abstractmethod
    def act(self, action: str, parameters: dict[str, Any]) -> Act:
        """What to do to each. Raises `CannotBulk`."""

    @abstractmethod
    def seen(self, by: Actor) -> models.QuerySet[Any]:
        """The rows an actor may see."""

    @abstractmethod
    def perform(self, item: Any, act: Act, by: Actor) -> tuple[State, State, bool]:
        """Do it to one row, locked; what of it stood before and stands now, and whether that is a change.

        Raises `Refused`.
        """

    @abstractmethod
    def put_back(self, item: Any, by: Actor) -> bool:
        """Give one row its earlier state; whether it has it, not when somebody changed it since."""

    @abstractmethod
    def ring(self, run_id: UUID) -> None:
        """Let a worker call `advance`."""

    def allows(self, action: str, by: Actor) -> bool:
        """Whether an actor may do this at all."""
        return by.can(self.needs)

    def finish(self, run: Any) -> None:  # noqa: B027 -- most have nothing left to do
        """What is left to do once all rows are done or taken back."""

    def gather(self, run: Any, by: Actor) -> bool:
        """Write down more of the rows it is about, where they were not given; whether there are more."""
        return False

    # --- doing it ---

    @transaction.atomic
    def start(self, *, action: str, parameters: dict[str, Any], ids: Iterable[UUID], by: Actor) -> Any:
        """Do something to many rows: some at once, many by a worker.

        Those the actor may not see are passed over and counted as gone. Raises `CannotBulk`,
        `PermissionDenied`.
        """
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            raise CannotBulk(_("Choose at least one."), "ids")
        if len(wanted) > self.most:
            raise CannotBulk(_("At most %(count)s at once.") % {"count": self.most}, "ids")
        self.act(action, parameters)
        found = set(self.seen(by).filter(pk__any=wanted).values_list("pk", flat=True))
        run = self._begin(action, {**parameters, "unseen": len(wanted) - len(found)}, by, total=len(found))
        self.add(run, [pk for pk in wanted if pk in found])
        return self._go(run, by, is_long=run.total > self.at_once)

    def _begin(self, action: str, parameters: dict[str, Any], by: Actor, **fields: Any) -> Any:
        self._check_allowed(action, by)
        run = self.runs.objects.create(
            action=action,
            parameters=parameters,
            membership=by.membership,
            api_key=by.api_key,
            due_at=timezone.now(),
            **fields,
        )
        audit.record(self.audited, target=run, by=by, act=action, count=run.total)
        return run

    def _check_allowed(self, action: str, by: Actor) -> None:
        if not self.allows(action, by):
            raise PermissionDenied(_("You may not do this to many at once."))

    def add(self, run: Any, ids: Iterable[UUID]) -> None:
        """Write down rows it is about; those it knows stay as they are."""
        fresh = [self.items(run=run, **{f"{self.row}_id": pk}) for pk in ids]
        self.items.objects.bulk_create(fresh, ignore_conflicts=True)

    def _go(self, run: Any, by: Actor, *, is_long: bool) -> Any:
        if is_long:
            self.ring(run.pk)
            return run
        while not self._do_some(run, by):
            pass
        return run

    def advance(self, tenant_id: UUID | str, run_id: UUID | str) -> None:
        """A worker's turn: do or take back what is left, some in each transaction. Harmless twice."""
        done = False
        while not done:
            with tenant_scope(tenant_id):
                rows = self.runs.objects.select_for_update(of=("self",), skip_locked=True)
                run = rows.filter(pk=run_id).first()
                if run is None or run.state not in {Run.State.RUNNING, Run.State.UNDOING}:
                    return
                by = self._actor_of(run)
                done = self._undo_some(run, by) if run.state == Run.State.UNDOING else self._do_some(run, by)

    def _actor_of(self, run: Any) -> Actor | None:
        """Who began it, with what he may do now; None when he may no longer."""
        by = None
        if run.membership and run.membership.is_active:
            by = Actor.of_membership(run.membership)
        elif run.api_key and run.api_key.revoked_at is None:
            by = Actor.of_key(run.api_key)
        return by if by and self.allows(run.action, by) else None

    def _do_some(self, run: Any, by: Actor | None) -> bool:
        """The next few; whether that was all."""
        if by is None:
            return self._stop(run, _("Who began this may no longer do it."))
        try:
            act = self.act(run.action, run.parameters)
            is_gathering = self.gather(run, by)
        except CannotBulk as error:  # what was chosen went away meanwhile
            return self._stop(run, str(error))
        if is_gathering:
            return self._end_or_go_on(run, Run.State.DONE, done=False)
        items = list(self._of(run, Outcome.PENDING)[: self.chunk])
        for item in items:
            self._do_one(item, act, by)
        self.items.objects.bulk_update(items, ["outcome", "reason", "before", "after"])
        return self._end_or_go_on(run, Run.State.DONE, done=len(items) < self.chunk)

    def _of(self, run: Any, outcome: str) -> models.QuerySet[Any]:
        return self.items.objects.filter(run=run, outcome=outcome).order_by("id")  # type: ignore[no-any-return]

    def _is_seen(self, item: Any, by: Actor) -> bool:
        return self.seen(by).filter(pk=getattr(item, f"{self.row}_id")).exists()

    def _do_one(self, item: Any, act: Act, by: Actor) -> None:
        if not self._is_seen(item, by):
            item.outcome = Outcome.GONE
            return
        try:
            with transaction.atomic():
                item.before, item.after, is_change = self.perform(item, act, by)
        except Refused as error:
            item.outcome, item.reason = Outcome.REFUSED, one_line(str(error), 300)
            return
        item.outcome = Outcome.CHANGED if is_change else Outcome.SAME

    def _stop(self, run: Any, reason: str) -> bool:
        self._of(run, Outcome.PENDING).order_by().update(
            outcome=Outcome.REFUSED, reason=one_line(reason, 300)
        )
        return self._end_or_go_on(run, Run.State.DONE, done=True)

    def _end_or_go_on(self, run: Any, end: str, *, done: bool) -> bool:
        """Whether there is nothing left; every open page hears how far it is."""
        if done:
            self.finish(run)
            run.state, run.finished_at, run.due_at = end, timezone.now(), None
        else:
            run.due_at = timezone.now() + self.lease
        run.save()
        events.publish(self.event, {"id": str(run.pk)})
        return done

    def counts(self, run: Any) -> dict[str, int]:
        """How many rows had each outcome; those that were not to be seen are gone."""
        rows = self.items.objects.filter(run=run).values("outcome").annotate(count=models.Count("id"))
        found = Counter({str(row["outcome"]): row["count"] for row in rows})
        found[Outcome.GONE] += int(run.parameters.get("unseen", 0))
        return {outcome: found[outcome] for outcome in Outcome.values}

    # --- stopping it, and taking it back ---

    @transaction.atomic
    def cancel(self, *, run: Any, by: Actor) -> Any:
        """Leave out what is not done yet; the rest stays, and can be taken back. Raises `NothingToUndo`."""
        run = self.runs.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if run.state != Run.State.RUNNING:
            raise NothingToUndo(_("There is nothing to stop: it is done already."))
        self._of(run, Outcome.PENDING).order_by().update(outcome=Outcome.LEFT)
        audit.record(f"{self.audited}_stopped", target=run, by=by, act=run.action)
        self._end_or_go_on(run, Run.State.DONE, done=True)
        return run

    @transaction.atomic
    def undo(self, *, run: Any, by: Actor) -> Any:
        """Give each row its earlier state again, except those somebody changed since.

        Raises `NothingToUndo`, `PermissionDenied`.
        """
        run = self.runs.objects.select_for_update(of=("self",)).get(pk=run.pk)
        self._check_allowed(run.action, by)
        if run.state != Run.State.DONE:
            raise NothingToUndo(_("This was taken back before, or is still under way."))
        if run.created_at <= timezone.now() - self.undo_for:
            raise NothingToUndo(_("This can be taken back for 30 days only."))
        run.state, run.due_at = Run.State.UNDOING, timezone.now()
        run.membership, run.api_key = by.membership, by.api_key
        run.save()
        audit.record(f"{self.audited}_undone", target=run, by=by, act=run.action)
        if run.total > self.at_once:
            self.ring(run.pk)
            return run
        while not self._undo_some(run, by):
            pass
        return run

    def _undo_some(self, run: Any, by: Actor | None) -> bool:
        items = list(self._of(run, Outcome.CHANGED)[: self.chunk])
        for item in items:
            item.outcome = Outcome.UNDONE if by and self._undo_one(item, by) else Outcome.KEPT
        self.items.objects.bulk_update(items, ["outcome"])
        return self._end_or_go_on(run, Run.State.UNDONE, done=len(items) < self.chunk)

    def _undo_one(self, item: Any, by: Actor) -> bool:
        if not self._is_seen(item, by):
            return False
        try:
            with transaction.atomic():
                return self.put_back(item, by)
        except Refused:  # what it was then is not allowed any more
            return False
