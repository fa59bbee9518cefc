"""A simulated web of publishers on loopback, for demos, tests and measurements."""
