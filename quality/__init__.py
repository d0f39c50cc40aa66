"""How well the bot understands: labelled messages, a report (`make quality`), and what its models are fitted by."""
