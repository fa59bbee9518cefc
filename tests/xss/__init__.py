"""Strangers' words that would run, in every place where we show strangers' words."""
