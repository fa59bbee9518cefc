"""Work that somebody waits for: one action, one function."""
