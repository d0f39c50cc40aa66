"""The screens of what is written to many: templates, campaigns, confirmations and journeys."""
