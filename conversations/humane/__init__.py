"""Does it sound human? What a careful colleague would say of a text before it goes out: where, and why.

Plain functions over rules that can be read; nothing is kept and nothing is stopped.
"""

from conversations.humane.checking import Finding, Kind, check

__all__ = ["Finding", "Kind", "check"]
