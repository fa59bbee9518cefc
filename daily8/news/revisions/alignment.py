"""Two sequences laid side by side, in bounded time and the same way from both sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

Stretch = tuple[int, int, int, int, bool]
"""``a[i1:i2]`` stands for ``b[j1:j2]``; the last says whether they are equal."""
STEPS = 1_000_000
"""Of one comparison, at most; one takes some 50 to 100 ns."""
_PAIR = 20
"""Steps that comparing two passages takes beside those for their words."""
PAIRED = 0.45
"""Share of common words from which two passages are versions of one."""


@dataclass(slots=True)
class Steps:
    """What a comparison may still cost."""

    left: int = STEPS

    def take(self, wanted: int) -> bool:
        """Take some steps, if there are as many."""
        if wanted > self.left:
            return False
        self.left -= wanted
        return True


def align(a: Sequence[str], b: Sequence[str], steps: Steps) -> list[Stretch]:
    """Give the stretches of two sequences, in order and without a gap.

    Where looking closely would cost too much, all between the common beginning and the common end is
    one stretch: the answer is always whole, and linear in the worst case.
    """
    if (len(b), list(b)) < (len(a), list(a)):  # so that what is inserted one way is deleted the other
        return [(j1, j2, i1, i2, same) for i1, i2, j1, j2, same in align(b, a, steps)]
    short = min(len(a), len(b))
    head = next((n for n in range(short) if a[n] != b[n]), short)
    tail = next((n for n in range(short - head) if a[-1 - n] != b[-1 - n]), short - head)
    found: list[Stretch] = [(0, head, 0, head, True)]
    end_a, end_b = len(a) - tail, len(b) - tail
    found += _between(a[head:end_a], b[head:end_b], head, steps)
    found.append((end_a, len(a), end_b, len(b), True))
    return [each for each in found if each[0] < each[1] or each[2] < each[3]]


def _between(a: Sequence[str], b: Sequence[str], at: int, steps: Steps) -> list[Stretch]:
    if not a or not b or not steps.take(_cost(a, b)):
        return [(at, at + len(a), at, at + len(b), False)]
    found: list[Stretch] = []
    i = j = 0
    for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks():
        found.append((at + i, at + block.a, at + j, at + block.b, False))
        i, j = block.a + block.size, block.b + block.size
        found.append((at + block.a, at + i, at + block.b, at + j, True))
    return found


def _cost(a: Sequence[str], b: Sequence[str]) -> int:
    """Say what the matcher takes at worst: all equal pairs, once for each stretch that it may find."""
    many, other = Counter(a), Counter(b)
    equal = sum(n * other[key] for key, n in many.items())
    stretches = min(sum((many & other).values()), equal)
    return (len(a) + equal) * (1 + min(stretches, 60)) + len(b)


def pairs(a: Sequence[Sequence[str]], b: Sequence[Sequence[str]], steps: Steps) -> list[tuple[int, int]]:
    """Tell which passages are versions of each other, in order: those with the most words in common."""
    if list(map(list, b)) < list(map(list, a)):
        return [(i, j) for j, i in pairs(b, a, steps)]
    size = sum(map(len, a)) * len(b) + len(a) * sum(map(len, b)) + _PAIR * len(a) * len(b)
    if not a or not b or not steps.take(size):
        return []
    bags = [Counter(each) for each in b]
    best = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    like = [[_likeness(Counter(each), bag) for bag in bags] for each in a]
    for i in range(len(a) - 1, -1, -1):
        for j in range(len(b) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + like[i][j])
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(a) and j < len(b):
        if like[i][j] and best[i][j] == best[i + 1][j + 1] + like[i][j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    common = (one & other).total()
    share = common / max(one.total(), other.total(), 1)
    # Of a short passage that grew, all its words still stand in the long one.
    held = common / max(min(one.total(), other.total()), 1)
    return share if share >= PAIRED or (held >= 0.8 and common >= 8) else 0.0
