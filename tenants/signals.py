"""What the apps above may listen to."""

from django.dispatch import Signal

business_created = Signal()  # tenant, by; sent inside the business's scope, in the transaction that makes it
hours_changed = Signal()  # tenant; opening hours, holidays or the zone are others; sent in that transaction
availability_changed = Signal()  # membership, by; he came, left, takes more or less; in that transaction
answering_ended = Signal()  # membership, by; he left, or his new role only reads; sent in that transaction
