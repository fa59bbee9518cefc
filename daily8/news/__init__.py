"""Decide: the pure core, free of Django, I/O and clocks."""
