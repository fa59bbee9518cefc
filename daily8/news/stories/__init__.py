"""Stories: which reports tell of one event, decided as they come in."""
