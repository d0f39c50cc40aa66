"""python -m tests.crm.febrl: precision and recall on the Febrl data sets."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from tests.crm.febrl import measure  # noqa: E402 -- models need the settings

measure.main()
