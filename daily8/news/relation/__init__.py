"""What has to do with what: related articles of an article, and the likeness of two texts."""

from daily8.news.relation.finding import Finder
from daily8.news.relation.likeness import Features, Likeness, likeness
from daily8.news.relation.ranking import (
    Related,
    Settings,
    Subject,
    closeness,
    is_copy,
    rank,
    related,
    subject,
)
from daily8.news.relation.reasons import Reason, Relation, say
from daily8.news.relation.traits import Frequencies, Meaning, Traits, meaningful, traits_of, with_meaning

__all__ = [
    "Features",
    "Finder",
    "Frequencies",
    "Likeness",
    "Meaning",
    "Reason",
    "Related",
    "Relation",
    "Settings",
    "Subject",
    "Traits",
    "closeness",
    "is_copy",
    "likeness",
    "meaningful",
    "rank",
    "related",
    "say",
    "subject",
    "traits_of",
    "with_meaning",
]
