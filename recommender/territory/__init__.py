"""Territories: their names, indicators and groups, what matters where, and what is alike."""
