"""Who dies or freezes: by chance, or while a worker stands at a named moment."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from bench.stack import wait_for
from tests.chaos import points
from tests.chaos.world import Broken, World

Attack = Callable[[World], None]
POINT_LIMIT = 120.0  # seconds until a worker is at a moment


def hit_worker(world: World) -> None:
    world.kill_worker()
    world.restart_worker()


def hit_beat(world: World) -> None:
    beat = world.stack.processes["beat"]
    beat.kill()
    beat.start()


def hit_web(world: World) -> None:
    world.stack.processes["web"].kill()
    world.stack.web()


def hit_valkey(world: World) -> None:
    world.kill_valkey()
    time.sleep(world.chance.uniform(0, 1.5))
    world.start_server_again(world.stack.valkey)


def hit_postgres(world: World) -> None:
    world.kill_postgres()
    world.start_server_again(world.stack.postgres)


def freeze_worker(world: World) -> None:
    world.workers[0].send(signal.SIGSTOP)
    time.sleep(world.chance.uniform(1, 5))
    world.workers[0].send(signal.SIGCONT)


def kill_standing(world: World) -> None:
    """`kill -9` on the worker that stands at a moment, with its siblings."""
    with suppress(ProcessLookupError, FileNotFoundError):
        os.killpg(os.getpgid(int(points.standing(world.stack.folder).read_text())), signal.SIGKILL)


VICTIMS: tuple[Attack, ...] = (kill_standing, hit_beat, hit_valkey, hit_postgres)


def strike_at_each(world: World, moments: Sequence[str], begin: Callable[[], None]) -> None:
    """Worker, beat, Valkey and PostgreSQL die at every moment, one after the other, by chance in order.

    The first moment comes again only when it was undone: beat and Valkey die there together, at last.
    `begin` is called when somebody waits for it.
    """
    for moment in moments:
        victims = list(VICTIMS)
        world.chance.shuffle(victims)
        if moment == moments[0]:
            victims = [kill_standing, hit_postgres, beat_and_valkey]
        for victim in victims:
            points.file_of(world.stack.folder).write_text(moment)
            begin()
            begin = _nothing
            strike(world, moment, victim)


def _nothing() -> None:
    pass


def beat_and_valkey(world: World) -> None:
    hit_beat(world)
    hit_valkey(world)


def strike(world: World, moment: str, victim: Attack) -> None:
    """Wait until a worker stands at a moment, attack, and let him go on if he lives."""
    folder = world.stack.folder

    def somebody_stands() -> bool:
        world.raise_the_dead()
        return points.standing(folder).exists()

    try:
        wait_for(somebody_stands, POINT_LIMIT, f"a worker at the moment “{moment}”")
    except TimeoutError as error:
        raise Broken(str(error)) from None
    victim(world)
    with suppress(FileNotFoundError):
        points.standing(folder).unlink()
    world.raise_the_dead()


def strike_by_chance(world: World, attacks: Sequence[Attack]) -> None:
    """The attacks in an order and at moments of chance."""
    for attack in world.chance.sample(attacks, len(attacks)):
        time.sleep(world.chance.uniform(0.3, 1.5))
        attack(world)
        world.raise_the_dead()
