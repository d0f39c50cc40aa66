"""Addresses of the API that belong to conversations."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from conversations.api import (
    automation,
    bot,
    bot_presets,
    calls,
    campaign_urls,
    channels,
    comments,
    confirmation_urls,
    domains,
    draft_check,
    journey_urls,
    knowledge,
    knowledge_urls,
    many,
    message_template_urls,
    model,
    practice,
    promises,
    search,
    sending,
    sending_policy,
    suggestions,
    teaching_urls,
    templates,
    turn,
    viewsets,
    work,
)

router = SimpleRouter(use_regex_path=False)
router.register("calls", calls.CallViewSet, basename="call")
router.register("channels", channels.ChannelViewSet, basename="channel")
router.register("conversations", viewsets.ConversationViewSet, basename="conversation")
router.register("inbound-events", viewsets.InboundEventViewSet, basename="inbound-event")
router.register("sla-policies", work.PolicyViewSet, basename="sla-policy")
router.register("templates", templates.TemplateViewSet, basename="template")
router.register("deliveries", viewsets.DeliveryViewSet, basename="delivery")
router.register("macros", automation.MacroViewSet, basename="macro")
router.register("rules", automation.RuleViewSet, basename="rule")
router.register("rule-runs", automation.RuleRunViewSet, basename="rule-run")
router.register("knowledge", knowledge.KnowledgeViewSet, basename="article")
router.register("promises", promises.PromiseViewSet, basename="promise")
router.register("notifications", automation.NotificationViewSet, basename="notification")

SETTLED = ("keeping", "withdrawal", "reopening")
STATES = ("closure", "reopening", "waiting", "snooze")

urlpatterns = [
    path("bot/", bot.BotViewSet.as_view({"get": "retrieve", "patch": "partial_update"})),
    path("bot/advice/", bot.BotViewSet.as_view({"get": "advice"})),
    path("bot/presets/", bot_presets.PresetViewSet.as_view({"get": "list"})),
    path(
        "bot/presets/<slug:key>/application/",
        bot_presets.PresetViewSet.as_view({"post": "application"}),
    ),
    path("customers/<uuid:customer_id>/stage/", bot_presets.StageViewSet.as_view({"get": "retrieve"})),
    path("bot/rules/trial/", bot.RulesTrialViewSet.as_view({"post": "create"})),
    path("bot/rules/trial/<uuid:pk>/", bot.RulesTrialViewSet.as_view({"get": "retrieve"})),
    path("bot/decisions/", bot.DecisionViewSet.as_view({"get": "list", "post": "create"})),
    path("search/messages/", search.MessageSearchViewSet.as_view({"get": "list"})),
    path("conversations/bulk/", many.BulkViewSet.as_view({"post": "create"})),
    path("conversations/bulk/<uuid:pk>/", many.BulkViewSet.as_view({"get": "retrieve"})),
    path("conversations/bulk/<uuid:pk>/undoing/", many.BulkViewSet.as_view({"post": "undoing"})),
    path("conversations/merges/", many.MergeViewSet.as_view({"get": "list"})),
    path("conversations/merges/<uuid:pk>/", many.MergeViewSet.as_view({"get": "retrieve"})),
    path("conversations/merges/<uuid:pk>/undoing/", many.MergeViewSet.as_view({"post": "undoing"})),
    path("practice-runs/", practice.PracticeViewSet.as_view({"get": "list"})),
    path(
        "bot/model/",
        model.ModelViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
    ),
    path("bot/model/check/", model.ModelViewSet.as_view({"post": "check"})),
    path("bot/model/usage/", model.ModelViewSet.as_view({"get": "usage"})),
    path("bot/model/calls/", model.ModelCallViewSet.as_view({"get": "list"})),
    path("rules/trial/", automation.RuleViewSet.as_view({"post": "trial"})),
    path("macros/<uuid:pk>/run/", automation.MacroRunViewSet.as_view({"post": "run"})),
    path("macros/<uuid:pk>/preview/", automation.MacroRunViewSet.as_view({"post": "preview"})),
    path("notifications/<uuid:pk>/reading/", automation.NotificationViewSet.as_view({"post": "reading"})),
    path(
        "members/<uuid:pk>/notification-choice/",
        automation.ChoiceViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
    ),
    *knowledge_urls.urlpatterns,
    *confirmation_urls.urlpatterns,
    *journey_urls.urlpatterns,
    *message_template_urls.urlpatterns,
    *campaign_urls.urlpatterns,
    *teaching_urls.urlpatterns,
    *sending.urlpatterns,
    path(
        "sending-policy/",
        sending_policy.SendingPolicyViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
    ),
    *router.urls,
    path("conversations/<uuid:conversation_id>/merging/", many.MergeViewSet.as_view({"post": "merge"})),
    path("conversations/<uuid:conversation_id>/splitting/", many.MergeViewSet.as_view({"post": "split"})),
    path("conversations/<uuid:conversation_id>/way/", many.MergeViewSet.as_view({"post": "way"})),
    path(
        "conversations/<uuid:conversation_id>/turn/",
        turn.TurnViewSet.as_view({"get": "retrieve", "post": "create"}),
    ),
    path(
        "conversations/<uuid:conversation_id>/handoffs/",
        turn.HandoffViewSet.as_view({"get": "list"}),
    ),
    path(
        "conversations/<uuid:conversation_id>/promises/",
        promises.ConversationPromiseViewSet.as_view({"get": "list", "post": "create"}),
    ),
    *[path(f"promises/<uuid:pk>/{act}/", promises.PromiseViewSet.as_view({"post": act})) for act in SETTLED],
    *[
        path(f"conversations/<uuid:pk>/{state}/", viewsets.ConversationViewSet.as_view({"post": state}))
        for state in STATES
    ],
    path(
        "conversations/<uuid:conversation_id>/messages/",
        viewsets.MessageViewSet.as_view({"get": "list", "post": "create"}),
    ),
    path(
        "conversations/<uuid:conversation_id>/messages/<uuid:pk>/",
        viewsets.MessageViewSet.as_view({"get": "retrieve"}),
    ),
    path(
        "conversations/<uuid:conversation_id>/messages/<uuid:pk>/reaction/",
        viewsets.MessageViewSet.as_view({"put": "reaction"}),
    ),
    path(
        "conversations/<uuid:conversation_id>/messages/<uuid:pk>/comment-replies/",
        comments.CommentViewSet.as_view({"post": "create"}),
    ),
    path(
        "conversations/<uuid:conversation_id>/messages/<uuid:pk>/comment-visibility/",
        comments.CommentViewSet.as_view({"put": "update"}),
    ),
    path(
        "conversations/<uuid:conversation_id>/model-calls/",
        model.ModelTextViewSet.as_view({"post": "create"}),
    ),
    path("model-calls/<uuid:pk>/", model.ModelTextViewSet.as_view({"get": "retrieve"})),
    path("text-checks/", draft_check.TextCheckViewSet.as_view({"post": "create"})),
    path(
        "conversations/<uuid:conversation_id>/draft-check/",
        draft_check.DraftCheckViewSet.as_view({"post": "create"}),
    ),
    path(
        "conversations/<uuid:conversation_id>/suggestions/",
        suggestions.SuggestionViewSet.as_view({"get": "proposed"}),
    ),
    path(
        "conversations/<uuid:conversation_id>/suggestions/<uuid:pk>/outcome/",
        suggestions.SuggestionViewSet.as_view({"post": "outcome"}),
    ),
    path("conversations/<uuid:conversation_id>/notes/", viewsets.NoteViewSet.as_view({"post": "create"})),
    path("conversations/<uuid:conversation_id>/clocks/", work.ClocksViewSet.as_view({"get": "retrieve"})),
    path("members/<uuid:pk>/work/", work.WorkViewSet.as_view({"get": "retrieve", "patch": "partial_update"})),
    path("members/<uuid:pk>/availability/", work.WorkViewSet.as_view({"put": "availability"})),
    path("supervision/", work.SupervisionViewSet.as_view({"get": "retrieve"})),
    path("channels/<uuid:pk>/check/", channels.ChannelViewSet.as_view({"post": "check"})),
    path("channels/<uuid:pk>/domain/", domains.DomainViewSet.as_view({"get": "retrieve"})),
    path("channels/<uuid:pk>/domain/check/", domains.DomainViewSet.as_view({"post": "check"})),
    path(
        "channels/<uuid:pk>/domain/key/",
        domains.DomainViewSet.as_view({"post": "make_key", "delete": "drop_key"}),
    ),
    path("channels/<uuid:pk>/identity-secret/", channels.ChannelViewSet.as_view({"post": "identity_secret"})),
    path("inbound-events/<uuid:pk>/replay/", viewsets.InboundEventViewSet.as_view({"post": "replay"})),
    path("deliveries/<uuid:pk>/resend/", viewsets.DeliveryViewSet.as_view({"post": "resend"})),
]
