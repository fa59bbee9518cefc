"""Say what an article is about: its category, its country, and whether it is news at all.

Evidence of four kinds is weighed and told: the source's own section, tags and address; words (a lexicon by
language); the form of the piece; the country against the publisher's. What a deployment learned may be added.
"""

from daily8.news.categories.deciding import Category, classify
from daily8.news.categories.forms import Verdict, is_news
from daily8.news.categories.learning import Learned
from daily8.news.categories.names import CATEGORIES
from daily8.news.categories.sections import own_category

__all__ = ["CATEGORIES", "Category", "Learned", "Verdict", "classify", "is_news", "own_category"]
