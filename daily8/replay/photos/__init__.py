"""Scenes painted by program: light, air and silhouettes on a canvas of 1280 by 720."""
