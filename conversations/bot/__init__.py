"""What the bot understands of a message: plain functions without requests, rows or settings."""

import os

# One message is too little work to share among threads, and waiting for each other costs more than it saves.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
