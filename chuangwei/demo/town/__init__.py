"""The invented town: a pure function of a seed and a day. No database, no Django, no clock.

The same seed and day give the same town on every machine: each part draws from a random source of its own, coordinates
are rounded to a decimetre, and only the standard library's arithmetic decides anything.
"""
