"""The worker's door of the heartbeat: it notices a restored database, and clocks that do not agree."""

from conversations.actions import restored
from tenants import pulse
from tenants.kit.tasks import cross_business_task


@cross_business_task(queue="replies")
def take_pulse() -> None:
    """Count on, and let pages say why nothing goes out; hold everything back in a restored database."""
    if not pulse.is_held(pulse.BY_ITSELF):
        pulse.beat()
    elif pulse.held() == pulse.Why.RESTORED:
        restored.look()
