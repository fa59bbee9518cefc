"""Programs that measure, each beside what it is measured against; `python -m bench.NAME`."""
