"""Update all feeds once with `reader` (lemon24), in a Python of its own.

``reader_polls.py DATABASE ADDRESSES WORKERS``
Prints the seconds of the update alone, without the start of the process, and how many feeds failed.
"""

import json
import sys
import time
from pathlib import Path

from reader import make_reader  # type: ignore[import-not-found]

database, addresses, workers = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
reader = make_reader(database, search_enabled=False)
for url in addresses.read_text().split():
    reader.add_feed(url, exist_ok=True)
begun, processor = time.perf_counter(), time.process_time()
reader.update_feeds(scheduled=False, workers=workers)
seconds, processor = time.perf_counter() - begun, time.process_time() - processor
failed = sum(feed.last_exception is not None for feed in reader.get_feeds())
print(json.dumps({"seconds": seconds, "processor": processor, "failed": failed}))
