"""Campaigns, at /b/<slug>/campaigns/."""

from django.urls import path

from conversations.campaigns.views import campaign_acts, campaign_editor, campaign_live, campaigns

ONE = "campaigns/<uuid:campaign_id>/"
urlpatterns = [
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/new/", campaigns.campaign_new, name="campaign-new"),
    path(
        "campaigns/of-customer/<uuid:customer_id>/",
        campaign_live.customer_campaigns,
        name="customer-campaigns",
    ),
    path(ONE, campaign_editor.campaign, name="campaign"),
    path(f"{ONE}audience/", campaign_editor.campaign_audience, name="campaign-audience"),
    path(f"{ONE}foreseen/", campaign_editor.campaign_foreseen, name="campaign-foreseen"),
    path(f"{ONE}preview/", campaign_editor.campaign_preview, name="campaign-preview"),
    path(f"{ONE}check/", campaign_editor.campaign_check, name="campaign-check"),
    path(f"{ONE}settlement/", campaign_acts.campaign_settlement, name="campaign-settlement"),
    path(f"{ONE}reading/", campaign_editor.campaign_reading, name="campaign-reading"),
    path(f"{ONE}test-send/", campaign_acts.campaign_test_send, name="campaign-test-send"),
    path(f"{ONE}people/", campaign_live.campaign_people, name="campaign-people"),
    path(f"{ONE}copy/", campaigns.campaign_copy, name="campaign-copy"),
    path(f"{ONE}deletion/", campaigns.campaign_deletion, name="campaign-deletion"),
    path(f"{ONE}start/", campaign_acts.campaign_start, name="campaign-start"),
    *(
        path(f"{ONE}{act}/", campaign_acts.campaign_act, {"act": act}, name=f"campaign-{act}")
        for act in campaign_acts.ACTS
    ),
]
