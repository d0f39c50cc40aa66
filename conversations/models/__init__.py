from conversations.models.agenda import Agenda, BusyTime, SlotPolicy
from conversations.models.article import Article, ArticleVersion, Category
from conversations.models.article_file import ArticleFile
from conversations.models.attachment import Attachment
from conversations.models.bot import Bot, Decision, Handoff, Promise, Turn
from conversations.models.bulk import BulkItem, BulkRun
from conversations.models.campaign import Campaign, Variant
from conversations.models.campaign_link import CampaignLink
from conversations.models.canned_reply import CannedReply
from conversations.models.change import MessageChange
from conversations.models.channel import Channel
from conversations.models.confirmation import Confirmation, ConfirmationStep, Happening
from conversations.models.conversation import Conversation, ConversationLabel
from conversations.models.correction import Correction
from conversations.models.delivery import Delivery
from conversations.models.domain_check import DomainCheck
from conversations.models.draft import Draft
from conversations.models.episode import Episode
from conversations.models.inbound_event import InboundEvent, InboundItem
from conversations.models.journey import Journey, JourneyPlace, JourneyVersion
from conversations.models.macro import Macro
from conversations.models.mailbox import Mailbox
from conversations.models.merge import ConversationMerge
from conversations.models.message import Message
from conversations.models.message_template import MessageTemplate, MessageTemplateVersion
from conversations.models.message_template_file import MessageTemplateFile
from conversations.models.model_endpoint import ModelCall, ModelEndpoint, ModelUsage, Use
from conversations.models.notification import Notification, NotificationChoice, NotificationMail
from conversations.models.pause import Pause
from conversations.models.practice import Mood, PracticeRun, PracticeTurn
from conversations.models.reach import Reach
from conversations.models.reading import Reading
from conversations.models.recipient import Recipient
from conversations.models.rehearsal import RehearsalExample, RehearsalRun
from conversations.models.rule import Rule, RuleEvent, RuleRun, Trigger
from conversations.models.rules_trial import RulesTrial, RulesTrialCase
from conversations.models.scheduled_reply import ScheduledFile, ScheduledReply
from conversations.models.sending_policy import SendingPolicy
from conversations.models.sla import Goal, SlaPolicy
from conversations.models.suggestion import PastReply, Suggestion
from conversations.models.template import Template
from conversations.models.thread_reference import ThreadReference
from conversations.models.touch import Touch
from conversations.models.unanswered import UnansweredGroup, UnansweredMessage, UnansweredRun
from conversations.models.upload import Upload
from conversations.models.work_profile import WorkProfile

__all__ = [
    "Agenda",
    "Article",
    "ArticleFile",
    "ArticleVersion",
    "Attachment",
    "Bot",
    "BulkItem",
    "BulkRun",
    "BusyTime",
    "Campaign",
    "CampaignLink",
    "CannedReply",
    "Category",
    "Channel",
    "Confirmation",
    "ConfirmationStep",
    "Conversation",
    "ConversationLabel",
    "ConversationMerge",
    "Correction",
    "Decision",
    "Delivery",
    "DomainCheck",
    "Draft",
    "Episode",
    "Goal",
    "Handoff",
    "Happening",
    "InboundEvent",
    "InboundItem",
    "Journey",
    "JourneyPlace",
    "JourneyVersion",
    "Macro",
    "Mailbox",
    "Message",
    "MessageChange",
    "MessageTemplate",
    "MessageTemplateFile",
    "MessageTemplateVersion",
    "ModelCall",
    "ModelEndpoint",
    "ModelUsage",
    "Mood",
    "Notification",
    "NotificationChoice",
    "NotificationMail",
    "PastReply",
    "Pause",
    "PracticeRun",
    "PracticeTurn",
    "Promise",
    "Reach",
    "Reading",
    "Recipient",
    "RehearsalExample",
    "RehearsalRun",
    "Rule",
    "RuleEvent",
    "RuleRun",
    "RulesTrial",
    "RulesTrialCase",
    "ScheduledFile",
    "ScheduledReply",
    "SendingPolicy",
    "SlaPolicy",
    "SlotPolicy",
    "Suggestion",
    "Template",
    "ThreadReference",
    "Touch",
    "Trigger",
    "Turn",
    "UnansweredGroup",
    "UnansweredMessage",
    "UnansweredRun",
    "Upload",
    "Use",
    "Variant",
    "WorkProfile",
]
