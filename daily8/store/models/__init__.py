"""The tables. Each is of one kind, and relations point one way only: facts <- derived, personal <- machine.

Models stay on this floor; what travels is the frozen values of `daily8.store.values`.
"""

from daily8.store.models.articles import Article, Entry, Revision, TimedText
from daily8.store.models.machine import Delivery, Errand, Fetch, Host, Mailbox, Poll, Subscription
from daily8.store.models.pictures import ArticlePicture, Picture, PublisherIcon
from daily8.store.models.readers import Reader
from daily8.store.models.sources import Alias, Publisher, Source

__all__ = [
    "Alias",
    "Article",
    "ArticlePicture",
    "Delivery",
    "Entry",
    "Errand",
    "Fetch",
    "Host",
    "Mailbox",
    "Picture",
    "Poll",
    "Publisher",
    "PublisherIcon",
    "Reader",
    "Revision",
    "Source",
    "Subscription",
    "TimedText",
]
