"""What the bot understands of a message: plain functions without models, requests or settings."""
