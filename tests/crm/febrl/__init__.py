"""How well duplicates are found, on public labelled data."""
