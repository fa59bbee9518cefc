"""Reach out: the one door to every address that a stranger or a reader names."""
