"""What customers tell the apps above."""

from django.dispatch import Signal

# A label is about to be deleted. Receivers may return (their name, what it was on): it is kept for undo.
label_deleting = Signal()  # label
# Two merged customers are two again, nothing committed yet. A receiver raises `CannotPart` to prevent it.
customers_parted = Signal()  # made: the merge that is taken back
# A deleted label is back. `kept` is what the receivers returned, by their names.
label_restored = Signal()  # label, kept
# An appointment, an order or a payment is new, or changed in a way that its history tells.
record_told = Signal()  # row, before: the changed fields as they were, None for a new one; by
# Something else happened to customers, as a shop reports it.
activities_told = Signal()  # rows: the new ones
# Appointments came by a file, a chunk at a time.
appointments_imported = Signal()  # rows: the new and the changed ones
# A customer said himself that he wants no more offers or surveys by a medium.
unasked_ended = Signal()  # customer, medium, purpose, at, mail: what the link carried that he followed
