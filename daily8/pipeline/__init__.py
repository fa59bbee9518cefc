"""Work that nobody waits for: the stages of an article and their schedule."""
