"""Site rules as a file that people share (TOML 1.0)."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from typing import Any

from daily8.news.repair.rules import SELECTORS, TEXTS, BadRules, Rules, checked

FORMAT = "daily8-site-rules/1"
LONGEST = 500_000
"""Characters of a file."""
MOST_SITES = 2_000

_HEAD = f'format = "{FORMAT}"\n'


def written(rules: Iterable[Rules]) -> str:
    """Write rules as a file; `read` reads the same rules from it."""
    return _HEAD + "".join(map(_section, rules))


def _section(rules: Rules) -> str:
    lines = ["", "[[site]]", f"domain = {_text(rules.domain)}"]
    if rules.path:
        lines.append(f"path = {_text(rules.path)}")
    for name in (*SELECTORS, *TEXTS, "flags"):
        said: tuple[str, ...] = getattr(rules, name)
        if len(said) == 1:
            lines.append(f"{name} = [{_text(said[0])}]")
        elif said:
            lines += [f"{name} = [", *(f"  {_text(line)}," for line in said), "]"]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    # A JSON string is a basic string of TOML but for U+007F, which no rule may hold.
    return json.dumps(value, ensure_ascii=False)


def read(text: str) -> tuple[Rules, ...]:
    """Read a file of rules; the last word on a site and path counts.

    :raises BadRules: for a file that cannot be used, naming the site where one is to blame.
    """
    if len(text) > LONGEST:
        raise BadRules(f"A file of site rules is longer than {LONGEST} characters.")
    try:
        data = tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadRules(f"This is no TOML: {str(error)[:120]}.") from error
    if data.get("format") != FORMAT:
        raise BadRules(f"A file of site rules begins with the line: {_HEAD.strip()}.")
    sites = data.get("site", [])
    if not isinstance(sites, list) or not all(isinstance(site, dict) for site in sites):
        raise BadRules("Each site stands in a section of its own: [[site]].")
    if len(sites) > MOST_SITES:
        raise BadRules(f"A file of site rules names more than {MOST_SITES} sites.")
    found = {(rules.domain, rules.path): rules for rules in map(_read_section, sites)}
    return tuple(found.values())


def _read_section(site: dict[str, Any]) -> Rules:
    domain, path = site.get("domain"), site.get("path", "")
    if not isinstance(domain, str) or not isinstance(path, str):
        raise BadRules("The site must be a name such as news.example.")
    values: dict[str, list[str]] = {}
    for name, said in site.items():
        if name in {"domain", "path"}:
            continue
        lines = [said] if isinstance(said, str) else said
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            raise BadRules(f"What {domain[:60]} says of {str(name)[:40]} must be a list of texts.")
        values[name] = lines
    return checked(domain, path, values)
