"""What is no article: names of boxes around it, and lines that furniture is made of."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.html import HtmlElement

from daily8.news.extract.labels import is_label

_BOX = re.compile(
    r"(?:^|[\s_-])(?:"
    r"related|recommend\w*|recirc\w*|read-?(?:more|also|next)|more-?(?:on|from|stories|news|articles|like|about)|see-?also|also-?read|"
    r"most-?(?:read|viewed|popular|shared)|popular|trending|latest|teasers?|onward|outbrain|taboola|plista|"
    r"newsletters?|subscri\w+|sign-?up|abo|paywall|paygate|piano|regwall|offer|donat\w*|support-?us|membership|"
    r"shar(?:e|ing)\w*|social\w*|follow\w*|add-?this|"
    r"ads?|advert\w*|adslot|ad-?(?:wrapper|container|unit|slot)|anzeigen?|werbung|reklame|publicidad|sponsor\w*|promo\w*|commercial|"
    r"affiliates?|"
    r"comments?|commenting|disqus|kommentare?|reactions?|feedback|poll|quiz|survey|"
    r"cookies?|consent|gdpr|privacy|cmp|"
    r"nav|navigation|navbar|menu|breadcrumbs?|pagination|pager|toolbar|topbar|masthead|sitemap|"
    r"footer|footnote-?bar|copyright|imprint|disclaimer|"
    r"sidebar|side-?bar|rail|aside|widgets?|infobox-?nav|"
    r"tags?|tag-?list|topics?|keywords?|categories|"
    r"bylines?|authors?|author-?(?:bio|box|info|card)|about-?(?:the-)?author|contributors?|"
    r"meta|metadata|dateline|timestamp|publish\w*|date|"
    r"captions?|figcaption|credits?|photo-?credit|image-?(?:caption|source)|gallery-?\w*|slideshow|carousel|swiper\w*|slick\w*|lightbox|"
    r"popup|pop-?up|modal|overlay|dialog|tooltip|toast|banner|"
    r"login|log-?in|register|account|search\w*|"
    r"player|audio-?player|video-?player|listen|podcast-?player|speech|tts|"
    r"print|printer|skip\w*|screen-?reader\w*|sr-only|visually-?hidden|visuallyhidden|hidden|hide|noprint|"
    r"ticker|toc|table-of-contents|in-this-article|jump-?links?|back-?to-?top|"
    r"app-?(?:download|banner|promo)|correction-?form|report-?error|feedback-?form|whatsapp|telegram|google-?news"
    r")(?:$|[\s_-])",
    re.IGNORECASE,
)
_KEEP = re.compile(
    r"(?:^|[\s_-])(?:article|story|post|entry|main|content|text)[\s_-]*(?:body|content|text|main)(?:$|[\s_-])|"
    r"(?:^|[\s_-])(?:article-?body|story-?body|post-?content|entry-?content|body-?copy|richtext|prose)(?:$|[\s_-])",
    re.IGNORECASE,
)
_JOINT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|__")
_TAGS = frozenset({"nav", "footer", "aside", "form", "button", "figcaption", "dialog", "menu"})


@lru_cache(maxsize=20_000)
def _names_a_box(marks: str) -> bool:
    return bool(_BOX.search(parted(marks))) and not _KEEP.search(parted(marks))


@lru_cache(maxsize=20_000)
def parted(marks: str) -> str:
    """Part camelCase and ``__`` so that each word stands alone."""
    return _JOINT.sub("-", marks)


def is_box(element: HtmlElement) -> bool:
    """Tell whether an element's tag, class, id or role names furniture: navigation, share bar, teasers."""
    if element.tag in _TAGS:
        return True
    if is_hidden(element):
        return True
    if element.get("role") in {
        "navigation",
        "complementary",
        "banner",
        "contentinfo",
        "search",
        "dialog",
        "menu",
    }:
        return True
    marks = " ".join(
        v for name in ("class", "id", "data-component", "data-testid") if (v := element.get(name))
    )
    return bool(marks) and len(marks) < 1_000 and _names_a_box(marks)


_SURELY = re.compile(
    r"(?:^|[\s_-])(?:comments?|commenting|disqus|kommentare?|gallery|slideshow|carousel|swiper|slick|lightbox|outbrain|taboola|"
    r"recirc|recommendations?|related)(?:$|[\s_-])",
    re.IGNORECASE,
)


def is_surely_box(element: HtmlElement) -> bool:
    """Tell whether a box's name is hardly ever misleading: comments, galleries, other articles."""
    if is_hidden(element):
        return True
    marks = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(marks) < 1_000 and bool(_SURELY.search(parted(marks)))


def is_hidden(element: HtmlElement) -> bool:
    """Tell whether the page hides an element itself: by attribute or by its own style."""
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return bool(style and _UNSHOWN.search(style))


_UNSHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LINES = re.compile(
    r"""^[\W_]*(?:
    advertise?ments?|ad|sponsored(?:\s+content)?|anzeige|werbung|publicité|publicidad|pubblicità|reklame?|reklama|annonce|реклама|إعلان|اعلان|広告|광고|
    (?:article\s+continues|story\s+continues|continue\s+reading|scroll\s+(?:down\s+)?to\s+continue|read\s+(?:more|next|also|the\s+full)|see\s+also|more\s+on\s+this|
      related(?:\s+(?:articles?|stories|news|topics?|content))?|recommended(?:\s+(?:for\s+you|reading|stories))?|you\s+(?:may|might)\s+(?:also\s+)?like|don'?t\s+miss|
      lesen\s+sie\s+(?:auch|mehr|dazu)|mehr\s+(?:zum\s+thema|dazu|lesen)|auch\s+interessant|lire\s+aussi|à\s+lire|lee\s+(?:también|más)|leer\s+más|leggi\s+anche|lees\s+ook|
      les\s+også|læs\s+også|läs\s+(?:också|även|mer)|lue\s+myös|leia\s+(?:também|mais)|czytaj\s+(?:też|także|więcej)|zobacz\s+(?:też|także)|čtěte\s+také|читайте\s+также|
      baca\s+juga|اقرأ\s+(?:أيضا|أيضًا|ايضا|المزيد)|شاهد\s+(?:أيضا|أيضًا)|طالع\s+أيضا|إقرأ\s+أيضا|関連記事|あわせて読みたい|相关阅读|相關新聞|관련\s*기사)\b.{0,160}|
    (?:share|tweet|print|email|save|copy\s+link|teilen|drucken|merken|partager|compartir|condividi|delen|del|シェア|공유)(?:\s+(?:this|on|via|article|artikel|artículo|story|\w+))?|
    share\s+(?:on|via|this).{0,60}|(?:facebook|twitter|whatsapp|linkedin|telegram|e-?mail|pinterest|reddit|x|instagram|threads|bluesky)(?:\W+(?:facebook|twitter|whatsapp|linkedin|telegram|e-?mail|pinterest|reddit|x|instagram|copy))*|
    (?:show|view|see|load)\s+(?:all|more|less|comments?).{0,40}|\d+\s*(?:comments?|kommentare?|shares?|views?|likes?)|
    (?:photo|image|slide|bild|foto|صورة)?\s*\d+\s*(?:/|of|von|de|sur|di|من)\s*\d+|
    (?:sign\s+up|subscribe|register|log\s+in|join)\b.{0,140}(?:newsletters?|free|inbox|today|now|here|account|channel|whatsapp|telegram)\b.{0,60}|
    (?:follow|like)\s+us\b.{0,120}|(?:follow|join)\s+.{0,60}\s(?:on|our)\s+(?:twitter|x|facebook|instagram|whatsapp|telegram|tiktok|google\s+news|youtube|linkedin|threads)\b.{0,80}|
    (?:tags?|topics?|filed\s+under|schlagworte|themen|temas|argomenti|الوسوم|كلمات\s+مفتاحية)\s*:.{0,200}|
    (?:click|tap|press)\s+here\b.{0,80}|(?:watch|listen)(?:\s+(?:now|here|live|below|the\s+video|to\s+this\s+article))?|video|audio|loading\W*|playback\s+.{0,40}|
    (?:©|\(c\)|copyright)\W.{0,200}|all\s+rights\s+reserved.{0,80}|
    (?:foto|photo|bild|image|picture|photograph|credit|quelle|source)s?\s*[:©].{0,120}|
    (?:published|updated|last\s+updated|first\s+published|veröffentlicht|aktualisiert|publié|actualizado|aggiornato|stand)\s*(?:on|at|am|le|:)?\W*\d.{0,50}|
    (?:min|minutes?|minuten)?\s*\d{1,2}\s*(?:min(?:ute)?s?|minuten)\s*(?:read|lesezeit|de\s+lecture|de\s+lectura)?|
    top|back\s+to\s+top|nach\s+oben|enlarge|close|menu|next|previous|home|schließen|
    (?:javascript|your\s+browser)\b.{0,160}
    )[\W_]*$""",
    re.IGNORECASE | re.VERBOSE,
)
_CODE = re.compile(
    r"[.#]?[\w-]+\s*\{[^{}]*:[^{}]*;?[^{}]*\}|^\s*(?:var|let|const|function)\s|window\.\w+|\$\(|document\.\w+\(|@media|!important"
)


def is_furniture(text: str) -> bool:
    """Tell whether a line is a label of the page, a style rule or a script, not a sentence of the article."""
    if len(text) > 300:
        return len(text) < 4_000 and bool(_CODE.search(text)) and text.count("{") > 1
    return (
        bool(_LINES.match(text))
        or is_label(text)
        or ("{" in text and bool(_CODE.search(text)))
        or not any(c.isalnum() for c in text)
    )
