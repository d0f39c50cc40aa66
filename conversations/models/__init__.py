from conversations.models.attachment import Attachment
from conversations.models.canned_reply import CannedReply
from conversations.models.change import MessageChange
from conversations.models.channel import Channel
from conversations.models.conversation import Conversation, ConversationLabel
from conversations.models.delivery import Delivery
from conversations.models.draft import Draft
from conversations.models.episode import Episode
from conversations.models.inbound_event import InboundEvent, InboundItem
from conversations.models.mailbox import Mailbox
from conversations.models.message import Message
from conversations.models.template import Template
from conversations.models.thread_reference import ThreadReference

__all__ = [
    "Attachment",
    "CannedReply",
    "Channel",
    "Conversation",
    "ConversationLabel",
    "Delivery",
    "Draft",
    "Episode",
    "InboundEvent",
    "InboundItem",
    "Mailbox",
    "Message",
    "MessageChange",
    "Template",
    "ThreadReference",
]
