"""Who may be the same person: what is compared, which pairs are looked at, and how sure it is."""
