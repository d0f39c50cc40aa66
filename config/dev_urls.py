"""Pages for developers: components, mailbox, simulator."""

from django.urls import URLPattern, path

from config import gallery, mailbox, simulator

urlpatterns: list[URLPattern] = [
    path("components/", gallery.gallery, name="gallery"),
    path("simulator/", simulator.simulator, name="simulator"),
    path("simulator/<slug:kind>/", simulator.thread, name="simulator-thread"),
    path("simulator/<slug:kind>/<slug:act>/", simulator.act, name="simulator-act"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<str:name>/", mailbox.mail, name="mailbox-mail"),
    path("mailbox/<str:name>/html/", mailbox.mail_html, name="mailbox-html"),
]
