"""What a kill test found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of the results. `unknown` is what is still unknown when everything has come to rest."""

    accepted: int
    lost: int
    doubled: int
    unknown: int
    recovery_s: float


def together(one: Outcome, other: Outcome) -> Outcome:
    return Outcome(
        one.accepted + other.accepted,
        one.lost + other.lost,
        one.doubled + other.doubled,
        one.unknown + other.unknown,
        max(one.recovery_s, other.recovery_s),
    )
