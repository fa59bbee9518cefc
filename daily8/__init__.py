"""An open, self-hosted AI news service."""

__version__ = "0.1.0"
