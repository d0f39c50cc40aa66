"""The product's settings, and beside its addresses those of the floors."""

from config.settings import *  # noqa: F403 -- everything but the addresses is the product's

ROOT_URLCONF = "bench.urls"
