"""What is held of live stories: reports, cells and stories, and how they are put together and taken apart.

A *cell* is what a story has in one script; its centroid stands in the index of words under the ``seq`` of its
first report. What languages share of a story stands in a second index under the story's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field

from daily8.news.stories.index import Index, centroid
from daily8.news.stories.weights import Vector


@dataclass(frozen=True, slots=True)
class Taken:
    """A report that was taken in."""

    seq: int
    words: Vector
    shared: Vector
    """Of what other languages can have, too."""
    time: float | None
    """Hours since 1970."""
    language: str
    publisher: str
    title: str
    """Its words, folded."""
    script: str


@dataclass(slots=True)
class Story:
    """A story: its reports, in the order of their coming, and its cells by script."""

    name: int
    seqs: list[int] = field(default_factory=list)
    cells: dict[str, int] = field(default_factory=dict)
    languages: set[str] = field(default_factory=set)
    oldest: float | None = None
    newest: float | None = None
    closed: bool = False
    """It is one of a series, and takes nothing in."""
    locked: bool = False
    """An editor closed it."""

    def open_to_all(self) -> bool:
        """Tell whether it takes reports in."""
        return not (self.closed or self.locked)

    def may_share(self, languages: Set[str]) -> bool:
        """Tell whether it can be linked to what has these languages: one of theirs alone is left to words."""
        return len(self.languages) > 1 or self.languages.isdisjoint(languages)

    def gap(self, time: float | None) -> float:
        """Give the hours between a time and the story's, 0 where one of them is unknown."""
        if time is None or self.newest is None or self.oldest is None:
            return 0.0
        return max(time - self.newest, self.oldest - time, 0.0)

    def seen(self, time: float | None) -> None:
        """Take note of the time of a report."""
        if time is not None:
            self.oldest = time if self.oldest is None else min(time, self.oldest)
            self.newest = time if self.newest is None else max(time, self.newest)


class Holding:
    """Live stories with their reports, and the two indexes over them."""

    def __init__(self) -> None:
        self.reports: dict[int, Taken] = {}
        self.stories: dict[int, Story] = {}
        self.story_of: dict[int, int] = {}
        self.titles: dict[str, int] = {}
        """The newest report of each title."""
        self.words = Index()
        self.shared = Index()
        self.cells: dict[int, tuple[int, str]] = {}
        """Story and script of each cell."""

    def take(self, taken: Taken, name: int, *, closed: bool = False) -> None:
        """Put a report into a story, which is opened where it is not held; ``closed``, for it alone."""
        self.reports[taken.seq] = taken
        self.titles[taken.title] = taken.seq
        story = self.stories.get(name)
        if story is None:
            story = self.stories[name] = Story(name, closed=closed)
        self._put(story, taken)

    def _put(self, story: Story, taken: Taken) -> None:
        cell = story.cells.get(taken.script)
        if cell is None:
            cell = story.cells[taken.script] = taken.seq
            self.cells[cell] = story.name, taken.script
        if not story.closed:
            self.words.add(cell, taken.words)
            if taken.shared.names:
                self.shared.add(story.name, taken.shared)
        story.seen(taken.time)
        story.seqs.append(taken.seq)
        story.languages.add(taken.language)
        self.story_of[taken.seq] = story.name

    def merge(self, into: int, other: int) -> None:
        """Make one story of two that are held."""
        story, gone = self.stories[into], self.stories.pop(other)
        for script, cell in gone.cells.items():
            kept = story.cells.get(script)
            if kept is None:
                story.cells[script] = cell
                self.cells[cell] = into, script
            else:
                self.words.merge(kept, cell)
                del self.cells[cell]
        self.shared.merge(into, other)
        story.languages |= gone.languages
        story.seqs = sorted([*story.seqs, *gone.seqs])
        self.story_of.update(dict.fromkeys(gone.seqs, into))
        story.seen(gone.oldest)
        story.seen(gone.newest)

    def remake(self, name: int, seqs: Iterable[int]) -> None:
        """Make a story anew of the reports given, which are held; of none it ends."""
        former = self.stories.get(name)
        self.end(name)
        own = sorted(seqs)
        if not own:
            return
        story = self.stories[name] = Story(name)
        if former is not None:
            story.closed, story.locked = former.closed and len(own) == 1, former.locked
        by_script: dict[str, list[Taken]] = {}
        for seq in own:
            taken = self.reports[seq]
            by_script.setdefault(taken.script, []).append(taken)
            story.seen(taken.time)
            story.seqs.append(seq)
            story.languages.add(taken.language)
            self.story_of[seq] = name
        for script, some in by_script.items():
            cell = story.cells[script] = some[0].seq
            self.cells[cell] = name, script
            if not story.closed:
                self.words.put(cell, centroid(taken.words for taken in some))
        sharing = [self.reports[seq].shared for seq in own if self.reports[seq].shared.names]
        if sharing and not story.closed:
            self.shared.put(name, centroid(sharing))

    def end(self, name: int) -> None:
        """Let a story go; its reports stay."""
        story = self.stories.pop(name, None)
        for cell in story.cells.values() if story else ():
            self.words.leave(cell)
            del self.cells[cell]
        self.shared.leave(name)

    def forget(self, name: int) -> tuple[int, ...]:
        """Let a story go with its reports; gives their numbers."""
        seqs = tuple(self.stories[name].seqs)
        self.end(name)
        for seq in seqs:
            taken = self.reports.pop(seq)
            del self.story_of[seq]
            if self.titles.get(taken.title) == seq:
                del self.titles[taken.title]
        return seqs
