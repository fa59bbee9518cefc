"""Pages, fragments, feeds and the console."""
