"""The tables. Each is of one kind, and relations point one way only: facts <- derived, personal <- machine.

Models stay on this floor; what travels is the frozen values of `daily8.store.values`.
"""

from daily8.store.models.articles import Article, Entry, Revision, TimedText
from daily8.store.models.fronts import FrontRun, Standing
from daily8.store.models.machine import Delivery, Errand, Fetch, Host, Mailbox, Poll, Subscription
from daily8.store.models.pictures import ArticlePicture, Picture, PublisherIcon
from daily8.store.models.readers import Reader
from daily8.store.models.reading import EdgeBlock, KeptPage, RepeatedBlock, SiteRules
from daily8.store.models.sources import Alias, Publisher, Site, Source
from daily8.store.models.stories import Arrival, Hashtag, Story, StoryAct
from daily8.store.models.understanding import (
    Assigner,
    Checkpoint,
    Copy,
    Entity,
    Membership,
    Progress,
    Relation,
    Tagging,
    Understanding,
)
from daily8.store.models.vectors import Embedding, Vector, VectorPlan, VectorRecipe

__all__ = [
    "Alias",
    "Arrival",
    "Article",
    "ArticlePicture",
    "Assigner",
    "Checkpoint",
    "Copy",
    "Delivery",
    "EdgeBlock",
    "Embedding",
    "Entity",
    "Entry",
    "Errand",
    "Fetch",
    "FrontRun",
    "Hashtag",
    "Host",
    "KeptPage",
    "Mailbox",
    "Membership",
    "Picture",
    "Poll",
    "Progress",
    "Publisher",
    "PublisherIcon",
    "Reader",
    "Relation",
    "RepeatedBlock",
    "Revision",
    "Site",
    "SiteRules",
    "Source",
    "Standing",
    "Story",
    "StoryAct",
    "Subscription",
    "Tagging",
    "TimedText",
    "Understanding",
    "Vector",
    "VectorPlan",
    "VectorRecipe",
]
