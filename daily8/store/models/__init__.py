"""The tables. Each is of one kind, and relations point one way only: facts <- derived, personal <- machine.

Models stay on this floor; what travels is the frozen values of `daily8.store.values`.
"""

from daily8.store.models.articles import Article, Entry, Revision
from daily8.store.models.machine import Errand, Fetch, Host, Poll
from daily8.store.models.pictures import ArticlePicture, Picture
from daily8.store.models.readers import Reader
from daily8.store.models.sources import Publisher, Source

__all__ = [
    "Article",
    "ArticlePicture",
    "Entry",
    "Errand",
    "Fetch",
    "Host",
    "Picture",
    "Poll",
    "Publisher",
    "Reader",
    "Revision",
    "Source",
]
