"""``python -m daily8`` is the command ``daily8``."""

from daily8.cli import main

main()
