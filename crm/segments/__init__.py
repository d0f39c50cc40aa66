"""Segments: a rule as versioned JSON, checked, read as a sentence, and compiled to one SQL statement.

periods     times relative to today in the business's zone
params      the parts of a condition: checked, worded, shown as controls, described as JSON Schema
registry    conditions, each declared once; the apps above register what they own
records     conditions about rows that belong to customers
customers   conditions about customers themselves
rules       what a rule is: checked, read, what it misses
compile     a rule as a condition on Customer; counts, samples, reasons
draft       the builder's form
examples    rules to start from
"""
