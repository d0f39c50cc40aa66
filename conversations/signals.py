"""What the app above may listen to. Each is sent in the transaction of the change."""

from django.dispatch import Signal

message_received = Signal()  # message; a receiver whose worker reads it before the bot answers True
conversation_closed = Signal()  # conversation, episode, by
conversation_reopened = Signal()  # conversation, episode
rating_given = Signal()  # token, score, comment, channel; a receiver that kept it answers True
line_added = Signal()  # message, conversation, by; the line says what happened: assigned, labelled, rated
note_added = Signal()  # message, conversation, by
sla_missed = Signal()  # conversation, target (of a Goal), goal
channel_broke = Signal()  # channel
