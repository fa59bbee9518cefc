"""Providers: one file each, named by a setting and imported by nobody."""
