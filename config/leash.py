"""Ties a child process to the life of its parent, also when the parent is killed with -9."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def leash(death_signal: signal.Signals, parent: int | None = None) -> Callable[[], None]:
    """What a child runs before its program: asks the kernel for `death_signal` when the parent goes.

    In: the signal, and the parent when it is not the present process. Out: a `preexec_fn`, to be used
    from a thread that lives as long as the parent, since the kernel counts that thread's death.
    Source: prctl(2). Other systems than Linux have no such call; there a child outlives a parent
    killed with -9.
    """
    parent = parent or os.getpid()

    def before_exec() -> None:
        if _libc is None:
            return
        _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # the parent went before the kernel was told
            os._exit(1)

    return before_exec
