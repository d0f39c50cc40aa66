"""What the apps below ask of conversations: who sees whom, first steps, places in the settings."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations import bot_sentences, circumstances, holdings, queries, retention
from conversations.actions import consents, last_question
from conversations.actions.campaigns import following, underway
from conversations.channels import registry
from conversations.confirmations import sending
from conversations.journeys import last_question as journeys
from conversations.journeys import saying
from conversations.models import Bot, CannedReply, InboundEvent
from conversations.tracking import leaving
from crm import asking, files, reaching, standing, visibility
from crm.models import Customer
from tenants import audit_words, onboarding, settings_nav
from tenants.actors import Actor
from tenants.models import Tenant
from tenants.permissions import Permission

ENOUGH_REPLIES = 5


def register() -> None:
    """Called once, when the app starts."""
    visibility.register(customers=queries.visible_customers, contexts=queries.visible_contexts)
    reaching.register(registry.reaches)
    files.register(queries.files_of)
    asking.register(consents.bring)
    standing.register(_standing)
    holdings.register()
    retention.register_keepers()
    leaving.register()
    last_question.register(following.OF, underway.ask)
    last_question.register(sending.OF, sending.ask)
    last_question.register(saying.OF, journeys.ask)
    settings_nav.register(
        settings_nav.Place("conversations:channels", _("Channels"), "plug", Permission.CHANNELS_READ, 50)
    )
    settings_nav.register(
        settings_nav.Place(
            "conversations:canned-replies", _("Canned replies"), "zap", Permission.CONVERSATIONS_READ, 60
        )
    )
    settings_nav.register(
        settings_nav.Place(
            "conversations:knowledge", _("Answers"), "book-open", Permission.KNOWLEDGE_READ, 55
        )
    )
    settings_nav.register(
        settings_nav.Place("conversations:bot", _("Bot"), "bot", Permission.SETTINGS_WRITE, 54)
    )
    settings_nav.register(
        settings_nav.Place(
            "conversations:model", _("Language model"), "sparkles", Permission.SETTINGS_WRITE, 58
        )
    )
    settings_nav.register(
        settings_nav.Place(
            "conversations:practice", _("Practise"), "play", Permission.CONVERSATIONS_WRITE, 66
        )
    )
    settings_nav.register(
        settings_nav.Place("conversations:macros", _("Macros"), "play", Permission.CONVERSATIONS_READ, 61)
    )
    settings_nav.register(
        settings_nav.Place("conversations:rules", _("Rules"), "workflow", Permission.SETTINGS_WRITE, 62)
    )
    settings_nav.register(
        settings_nav.Place(
            "conversations:notification-settings",
            _("My notifications"),
            "bell",
            Permission.CONVERSATIONS_READ,
            65,
        )
    )
    settings_nav.register(
        settings_nav.Place(
            "conversations:parked", _("What got stuck"), "octagon-alert", Permission.INBOUND_READ, 70
        )
    )
    settings_nav.register(
        settings_nav.Place(
            "conversations:sharing", _("Assignment"), "users-round", Permission.TEAMS_WRITE, 45
        )
    )
    settings_nav.register(
        settings_nav.Place(
            "conversations:sla-policies", _("Answer times"), "timer", Permission.SETTINGS_WRITE, 46
        )
    )
    settings_nav.register(
        settings_nav.Place(
            "conversations:sending-policy",
            pgettext_lazy("settings", "Sending"),
            "send",
            Permission.CAMPAIGNS_READ,
            51,
        )
    )
    audit_words.register(
        {
            "sla.created": _("Answer time promised"),
            "sla.updated": _("Answer time changed"),
            "sla.deleted": _("Answer time removed"),
            "member.work_set": _("What a member takes changed"),
            "channel.created": _("Channel opened"),
            "channel.updated": _("Channel changed"),
            "channel.token_reset": _("Channel's token renewed"),
            "channel.identity_secret_reset": _("Secret for visitors' identity renewed"),
            "call.logged": _("Call or visit written down"),
            "channel.closed": _("Channel closed"),
            "channel.checked": _("Channel tried"),
            "channel.mailbox_connected": _("Mailbox connected"),
            "channel.mailbox_disconnected": _("Mailbox disconnected"),
            "channel.provider_named": _("Mail provider named"),
            "template.created": _("Template written"),
            "template.deleted": _("Template deleted"),
            "message_template.created": _("Template of mails and messages written"),
            "message_template.updated": _("Template of mails and messages changed"),
            "message_template.rolled_back": _("Earlier version of a template taken again"),
            "message_template.archived": _("Template of mails and messages archived"),
            "message_template.restored": _("Template of mails and messages brought back"),
            "message_template.file_added": _("File put with a template"),
            "canned_reply.created": _("Canned reply written"),
            "canned_reply.updated": _("Canned reply changed"),
            "canned_reply.deleted": _("Canned reply deleted"),
            "canned_reply.restored": _("Canned reply brought back"),
            "article.created": _("Answer written"),
            "article.drafted": _("Answer's draft changed"),
            "article.published": _("Answer published"),
            "article.draft_discarded": _("Answer's draft discarded"),
            "article.rolled_back": _("Earlier version of an answer published again"),
            "article.archived": _("Answer archived"),
            "article.restored": _("Answer brought back"),
            "article.file_added": _("File put with an answer"),
            "article.file_removed": _("File taken from an answer"),
            "article.imported": _("Answers imported"),
            "decision.reviewed": _("Decision of the bot reviewed"),
            "decision.review_undone": _("Review of a decision taken back"),
            "unanswered.gathered": _("Unanswered questions gathered"),
            "unanswered.drafted": _("Answer drafted from unanswered questions"),
            "unanswered.dismissed": _("Unanswered questions left to people"),
            "unanswered.reopened": _("Unanswered questions open again"),
            "rehearsal.begun": _("Rehearsal begun"),
            "rehearsal.published": _("Rehearsed answers published"),
            "rehearsal.discarded": _("Rehearsed drafts discarded"),
            "bot.updated": _("Bot changed"),
            "bot.turned_on": _("Bot switched on"),
            "bot.turned_off": _("Bot switched off"),
            "sending_policy.changed": _("Rules of sending changed"),
            "model.changed": _("Language model changed"),
            "model.removed": _("Language model taken out"),
            "macro.created": _("Macro written"),
            "macro.updated": _("Macro changed"),
            "macro.deleted": _("Macro deleted"),
            "macro.restored": _("Macro brought back"),
            "macro.run": _("Macro run"),
            "rule.created": _("Rule written"),
            "rule.updated": _("Rule changed"),
            "rule.moved": _("Rule moved"),
            "rule.deleted": _("Rule deleted"),
            "rule.restored": _("Rule brought back"),
            "conversation.assigned": _("Conversation assigned"),
            "conversation.turn_taken": _("Conversation taken from the bot"),
            "conversation.turn_given_back": _("Conversation given back to the bot"),
            "promise.made": _("Promise to a customer noted"),
            "promise.kept": _("Promise to a customer kept"),
            "promise.put_off": _("Promise to a customer put off"),
            "promise.withdrawn": _("Promise to a customer withdrawn"),
            "promise.open_again": _("Promise to a customer open again"),
            "conversation.comment_hidden": _("Public comment hidden"),
            "conversation.comment_shown": _("Public comment shown again"),
            "conversation.released": _("Conversation back in the queue"),
            "conversation.reopened": _("Conversation open again"),
            "campaign.created": _("Campaign begun"),
            "campaign.changed": _("Campaign changed"),
            "campaign.deleted": _("Campaign's draft deleted"),
            "campaign.submitted": _("Campaign put up for approval"),
            "campaign.approved": _("Campaign approved"),
            "campaign.taken_back": _("Campaign taken back"),
            "campaign.scheduled": _("Campaign scheduled"),
            "campaign.overdue": _("Campaign missed its start"),
            "campaign.tried": _("Test of a campaign sent"),
            "message_template.tried": _("Test of a template sent"),
            "campaign.paused": _("Campaign paused"),
            "campaign.resumed": _("Campaign resumed"),
            "campaign.cancelled": _("Campaign cancelled"),
            "campaign.finished": _("Campaign finished"),
            "campaign.settled": _("Unknown mails of a campaign settled"),
            "backup.restored": _("Automatic messages held after a restored backup"),
            "backup.held_sent": _("Held messages sent"),
            "backup.held_left_out": _("Held messages left out"),
            "confirmation.withdrawn": _("Confirmation withdrawn"),
            "confirmation.hastened": _("Confirmation sent now"),
            "confirmation_step.deleted": _("Message of a sequence deleted"),
            "slot_policy.changed": _("Offer of free times changed"),
            "agenda.created": _("Somebody who takes appointments added"),
            "agenda.changed": _("Somebody who takes appointments changed"),
            "agenda.deleted": _("Somebody who takes appointments removed"),
            "journey.gone_on": _("Held customer goes on in a journey"),
            "journey.created": _("Journey begun"),
            "journey.changed": _("Journey changed"),
            "journey.renamed": _("Journey renamed"),
            "journey.archived": _("Journey archived"),
            "journey.restored": _("Journey brought back"),
            "journey.taken_out": _("Customer taken out of a journey"),
            "channel.waiting_discarded": _("Waiting messages discarded"),
            "channel.waiting_restored": _("Discarded messages brought back"),
            "conversation.merged": _("Conversations put together"),
            "conversation.unmerged": _("Conversations apart again"),
            "conversation.split": _("Conversation taken apart"),
            "conversation.split_from": _("Conversation made out of another"),
            "conversation.unsplit": _("Conversation whole again"),
            "conversation.answers_moved": _("Conversation answered by another channel"),
            "conversation.bulk": _("Done to many conversations"),
            "conversation.bulk_undone": _("Taken back for many conversations"),
            "conversation.put_back": _("Conversation as it was before"),
            "delivery.resent": _("Message sent again"),
            "delivery.discarded": _("Message discarded"),
            "reply.scheduled": _("Answer scheduled"),
            "reply.rescheduled": _("Scheduled answer changed"),
            "reply.unscheduled": _("Scheduled answer taken back"),
            "attachment.retried": _("File fetched again"),
            "inbound.replayed": _("Parked event read again"),
        }
    )
    _first_steps()


def _standing(customer: Customer, actor: Actor) -> standing.Standing:
    """The stage of the journey a customer is at, and why."""
    found = circumstances.standing_of(customer, actor)
    return standing.Standing(str(bot_sentences.STAGES[found.stage]), bot_sentences.standing(found))


def _first_steps() -> None:
    onboarding.register(
        onboarding.Step(
            key="chat",
            title=_("Put the chat on your site"),
            help=_("One line to copy. The first message that arrives ticks this off."),
            action=_("Get the line"),
            url_name="conversations:channels",
            order=20,
            is_done=lambda tenant: has_received("web", tenant),
        )
    )
    onboarding.register(
        onboarding.Step(
            key="answers",
            title=_("Write five answers you give every day"),
            help=_("Opening hours, shipping, returns: two keys and they are in the reply."),
            action=_("Write answers"),
            url_name="conversations:canned-replies",
            order=30,
            is_done=has_answers,
        )
    )
    onboarding.register(
        onboarding.Step(
            key="bot",
            title=_("Turn the bot on"),
            help=_("With five answers published it helps at any hour, and steps aside for people."),
            action=_("Look at the bot"),
            url_name="conversations:bot",
            order=35,
            is_done=has_bot,
        )
    )
    onboarding.register(
        onboarding.Step(
            key="email",
            title=_("Forward your e-mail"),
            help=_("Customers keep writing to the address they know, and it arrives here."),
            action=_("See how"),
            url_name="conversations:channels",
            order=40,
            is_done=lambda tenant: has_received("email", tenant),
        )
    )


def has_received(kind: str, tenant: Tenant) -> bool:
    """Whether something came in on a channel of a kind."""
    return InboundEvent.objects.filter(channel__kind=kind).exists()


def has_answers(tenant: Tenant) -> bool:
    """Whether there are enough canned replies to be of use."""
    return CannedReply.objects.count() >= ENOUGH_REPLIES


def has_bot(tenant: Tenant) -> bool:
    """Whether the bot was switched on."""
    return Bot.objects.filter(is_on=True).exists()
