"""An open, self-hosted AI news service."""
