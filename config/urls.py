"""Every address of Puente: what belongs to a business below /b/<slug>/, everything else outside."""

from django.urls import include, path

from config import favicon, health, robots, shop, widget

business = [
    path("", include("tenants.urls.business")),
    path("", include("conversations.workspace.urls")),
    path("settings/facts/", include("crm.fact_urls")),
    path("settings/products/", include("crm.product_urls")),
    path("", include("crm.urls")),
    path("feedback/", include("feedback.urls.business")),
]

urlpatterns = [
    # What machines ask for comes first: they are many, and each line above costs them.
    path("", include("conversations.channels.urls")),
    path("api/v1/", include("config.api_urls")),
    path("", include("conversations.tracking.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics_page, name="metrics"),
    path(".well-known/security.txt", health.security_txt, name="security-txt"),
    path("", include("tenants.urls.public")),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("b/<slug:tenant_slug>/", include(business)),
    path("r/", include("feedback.urls.public")),
    path("h/", include("conversations.workspace.help_urls")),
    path("i/", include("conversations.campaigns.public_urls")),
    path("a/", include("conversations.campaigns.appointment_urls")),
    path("robots.txt", robots.robots, name="robots"),
    path("n/", include("conversations.workspace.public_urls")),
    path("p/", include("crm.preference_urls")),
    path("privacy/", include("crm.public_urls")),
    path("dev/", include("config.dev_urls")),
    path("widget.js", widget.widget_script, name="widget-script"),
    path("favicon.ico", favicon.favicon, name="favicon"),
    path("demo/shop/", shop.shop, name="demo-shop"),
]
