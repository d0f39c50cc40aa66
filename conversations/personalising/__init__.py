"""What a template says, filled in for one customer: fixed names, words to fall back on, and nothing else.

`piece` takes what a version says on a medium in a language; `values_for` gathers what its names stand for,
for many customers at once; `Piece.render` puts both together.
"""

from conversations.personalising.engine import Empty, NotWritten, Problem
from conversations.personalising.gathering import values_for
from conversations.personalising.pieces import Piece, Rendered, piece

__all__ = ["Empty", "NotWritten", "Piece", "Problem", "Rendered", "piece", "values_for"]
