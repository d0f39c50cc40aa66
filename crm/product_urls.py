"""What the business sells, in its settings."""

from django.urls import path

from crm.views import products

app_name = "products"
urlpatterns = [
    path("", products.products, name="products"),
    path("new/", products.product_new, name="new"),
    path("import/", products.product_import, name="import"),
    path("restoration/", products.product_restoration, name="restoration"),
    path("<uuid:product_id>/", products.product, name="product"),
    path("<uuid:product_id>/removal/", products.product_removal, name="removal"),
]
