"""How well the bot understands: labelled messages, `make quality`, and how it is fitted."""
