"""What crm itself offers to rules."""

from typing import Any

from django.utils.translation import gettext_lazy

from crm.models import Segment
from crm.segments import compile as compiling
from crm.segments import conditions
from crm.segments.params import Choice, Ref
from crm.segments.registry import Condition, register, register_names
from tenants import audit_words

IN_SEGMENT = Condition(
    "segment", "segments", gettext_lazy("Another segment"),
    (
        Choice(
            name="op", label=gettext_lazy("In or not"), default="in",
            options={"in": gettext_lazy("is in"), "not_in": gettext_lazy("is not in")},
        ),
        Ref(name="segment", label=gettext_lazy("Segment"), what="segment"),
    ),
    gettext_lazy("%(op)s the segment %(segment)s"), compiling.named_segment,
)  # fmt: skip


def segments(part: str) -> dict[str, str]:
    """Segments by name."""
    return {str(pk): name for pk, name in Segment.objects.standing().values_list("pk", "name")}


def rows(part: str) -> dict[str, Any]:
    """Segments by identifier."""
    return {str(one.pk): one for one in Segment.objects.standing()}


def register_all() -> None:
    """Called once, when the app starts."""
    register([*conditions.ALL, IN_SEGMENT])
    for what, source in {**conditions.NAMES, "segment": segments, "segment_row": rows}.items():
        register_names(what, source)
    audit_words.register(
        {
            "segment.created": gettext_lazy("Segment created"),
            "segment.updated": gettext_lazy("Segment changed"),
            "segment.archived": gettext_lazy("Segment put away"),
            "segment.restored": gettext_lazy("Segment brought back"),
        }
    )
