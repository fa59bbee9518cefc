"""The tables. Each is of one kind, and relations point one way only: facts <- derived, personal <- machine.

Models stay on this floor; what travels is the frozen values of `daily8.store.values`.
"""

from daily8.store.models.articles import Article, Entry, Revision, TimedText
from daily8.store.models.machine import Delivery, Errand, Fetch, Host, Mailbox, Poll, Subscription
from daily8.store.models.pictures import ArticlePicture, Picture, PublisherIcon
from daily8.store.models.readers import Reader
from daily8.store.models.reading import EdgeBlock, KeptPage, RepeatedBlock, SiteRules
from daily8.store.models.sources import Alias, Publisher, Site, Source
from daily8.store.models.vectors import Embedding, Vector, VectorPlan, VectorRecipe

__all__ = [
    "Alias",
    "Article",
    "ArticlePicture",
    "Delivery",
    "EdgeBlock",
    "Embedding",
    "Entry",
    "Errand",
    "Fetch",
    "Host",
    "KeptPage",
    "Mailbox",
    "Picture",
    "Poll",
    "Publisher",
    "PublisherIcon",
    "Reader",
    "RepeatedBlock",
    "Revision",
    "Site",
    "SiteRules",
    "Source",
    "Subscription",
    "TimedText",
    "Vector",
    "VectorPlan",
    "VectorRecipe",
]
