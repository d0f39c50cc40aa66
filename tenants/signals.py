"""What the apps above may listen to."""

from django.dispatch import Signal

business_created = Signal()  # tenant, by; sent inside the business's scope, in the transaction that makes it
member_deactivated = Signal()  # membership, by; sent in the transaction that ends the access
