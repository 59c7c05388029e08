"""Whose photos there are: one file for each kind of thing a photo belongs to, saying who may see it."""
