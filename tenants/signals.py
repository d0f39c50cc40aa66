"""What the apps above may listen to."""

from django.dispatch import Signal

business_created = Signal()  # tenant, by; sent inside the business's scope, in the transaction that makes it
answering_ended = Signal()  # membership, by; he left, or his new role only reads; sent in that transaction
