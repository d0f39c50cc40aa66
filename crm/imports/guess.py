"""What the columns of a file probably are: by the words over them, else by what stands in them."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence

from crm import attributes
from crm.imports import fields
from crm.models import Import
from tenants.kit.text import folded

EMAIL = re.compile(r"[^@\s;,]+@[^@\s;,]+\.[a-zA-Z]{2,}")
PHONE = re.compile(r"\+?[\d\s().-]{7,20}")
DAY = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}([T ].*)?")
NAME = re.compile(r"[^\W\d_][\w'.-]*(\s+[^\W\d_][\w'.-]*){1,4}")
MOST = 0.7  # share of a column's cells that must look alike


def signature(columns: Sequence[str]) -> str:
    """The same for files with the same words over their columns."""
    words = [folded(word) for word in columns]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


def mapping(target: str, columns: Sequence[str], sample: Sequence[Sequence[str]]) -> list[str]:
    """A field's code for each column, "" for one that is none of ours."""
    words = fields.by_word(target)
    facts = {folded(word): fields.ATTRIBUTE + key for key, name in _facts(target) for word in (name, key)}
    chosen = [_by_word(column, words, facts) for column in columns]
    for place, code in enumerate(chosen):
        content = _by_content([row[place] for row in sample if place < len(row) and row[place]])
        if not code or (code in {"phone", "name"} and content == "email"):
            chosen[place] = _wanted(target, content, chosen)
    return _once(target, chosen)


def _facts(target: str) -> list[tuple[str, str]]:
    if target != Import.Target.CUSTOMERS:
        return []
    return [(one.key, one.name) for one in attributes.all_attributes() if one.archived_at is None]


def _by_word(column: str, words: dict[str, str], facts: dict[str, str]) -> str:
    plain = re.sub(r"\s*\(\d+\)$|[:*]+$", "", folded(column.replace("_", " ")))
    return facts.get(plain) or words.get(plain) or words.get(re.sub(r"\s*\d+$", "", plain), "")


def _by_content(cells: Sequence[str]) -> str:
    """What most cells of a column look like, "" for nothing of ours."""
    looks = (("email", EMAIL), ("date", DAY), ("phone", PHONE), ("name", NAME))
    found = Counter(next((code for code, look in looks if look.fullmatch(cell)), "") for cell in cells)
    code, count = found.most_common(1)[0] if found else ("", 0)
    return code if cells and count >= MOST * len(cells) else ""


def _wanted(target: str, content: str, chosen: Sequence[str]) -> str:
    dates = {Import.Target.ORDERS: "placed_at", Import.Target.APPOINTMENTS: "starts_at"}
    code = dates.get(Import.Target(target), "since") if content == "date" else content
    if content == "date" and target == Import.Target.CUSTOMERS:
        return ""
    if code == "name" and {"name", "first_name"} & set(chosen):
        return ""
    return code if fields.field_of(target, code) else ""


def _once(target: str, chosen: Sequence[str]) -> list[str]:
    """Only fields that may have several columns have them."""
    seen: set[str] = set()
    kept = []
    for code in chosen:
        field = fields.field_of(target, code)
        is_free = code not in seen or (field is not None and field.several)
        kept.append(code if is_free else "")
        seen.add(code)
    return kept
