"""Programs that make files of the project out of other files; nothing in `daily8/` imports them."""
