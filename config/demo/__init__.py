"""The demo: a bicycle shop with a workshop in Guadalajara and, of the same owner, a small café in São Paulo.

Everything is told relative to today and drawn from a fixed seed, so two loads on one day are alike.
Whoever adds a capability adds its part here: people.py and catalogue.py say who and what there is,
stories/, past.py and cafe.py what happened, teller.py turns it into rows, load.py calls them all.
"""
