"""Scripts that fit the bot's artefacts; `python -m quality.train` runs them all. Sources: README.md beside."""
