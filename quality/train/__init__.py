"""Scripts that fit the bot's artefacts; `python -m quality.train` runs all. Sources: README.md beside."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
