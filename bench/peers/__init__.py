"""Other people's programs at the same task, each in an environment of its own."""
