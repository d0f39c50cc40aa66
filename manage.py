#!/usr/bin/env python
"""Django's command line for Puente."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from config.local_environment import recall

if __name__ == "__main__":
    data = Path(os.environ.get("PUENTE_DATA") or Path(__file__).resolve().parent / ".data")
    os.environ.update(recall(data, os.environ))  # beside a running `make run`, use its servers
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(sys.argv)
