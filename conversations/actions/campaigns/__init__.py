"""Campaigns: one thing said to many, each of them once.

drafting   a campaign as it is put together; what is missing before it can go
steering   its states: asked, approved, scheduled, started, paused, cancelled, done
freezing   who gets it and who not, and why, in one statement
pieces     what each of them gets: the version, the language, the values
letters    a mail as bytes, put together once and filled in for each
sending    batches of mail: claimed, marked, handed over, settled
quiet      messages on the other channels, by the outbox
following  what the outbox and the vendors say of them
braking    the first slice, the brake, the pace
winning    which letter of a test has won
marks      what recipients did: opened, clicked, answered, left, complained
told       a mail that was answered, as a message in its conversation
results    numbers for the pages
settling   what a person decides of those whose outcome is unknown
"""
