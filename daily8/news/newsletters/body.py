"""Draw the news out of a newsletter's body: no tracking, no footer, nothing of whom it was sent to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from lxml import etree
from lxml.html import HtmlElement

from daily8.news import tree
from daily8.news.newsletters.addressee import Addressee
from daily8.news.sanitise import MAX_LENGTH, plain, sanitise
from daily8.news.urls import absolute, canonical

_LABEL = 80
"""Characters of a link that says what to do with the mail, at most."""
_LONGEST = 1_500_000
"""Characters of HTML; sanitised it may have a third of that."""
_FIRST = 1500
"""Characters in which a newsletter says where it stands on the web."""
_FOOTER = 900
"""Characters of a footer, at most."""
_FOOTERS = 50
"""Footers that are looked for: whoever has more of them wants to keep us busy."""
_WIDE = 200
"""Pixels of a picture that may lead."""

_WEB = re.compile(
    r"\bin (?:your |a |the |my )?(?:web )?browser\b|\bbrowser version\b|\b(?:web|online) version\b"
    r"|\b(?:view|read|open|see)(?: (?:this|it|the|our))?"
    r"(?: (?:e-?mail|newsletter|issue|message|letter|post))?"
    r" (?:online|on the web|in (?:the )?app)\b|\btrouble (?:viewing|reading|seeing)\b"
    r"|\bview (?:(?:this|the) (?:e-?mail|newsletter)|as a web ?page)\b"
    r"|(?:عرض|اعرض|شاهد|افتح|اقرأ|قراءة|تصفح|مشاهدة|فتح)(?:ها|ه)?\b.{0,40}"
    r"(?:المتصفح|متصفحك|على الويب|على الإنترنت)"
    r"|النسخة (?:الإلكترونية|على الويب)"
    r"|\bim browser\b|\b(?:dans|en) (?:votre|le|un|su|tu|el) (?:navigateur|navegador)\b",
    re.IGNORECASE,
)
_LEAVE = re.compile(
    r"\bunsubscrib|\bopt[ -]?out\b|\bforward (?:this|to a friend)|\bwhy (?:am i|did i) get"
    r"|\b(?:manage|update|change|edit|email) (?:your |my |e-?mail |newsletter )*"
    r"(?:preferences|subscriptions?|settings|profile)\b"
    r"|\bnot interested\b|\badd us to your address book\b"
    r"|(?:إلغاء|الغاء|ألغ|لإلغاء|أوقف) ?(?:ال|هذا ال|هذه ال)?(?:اشتراك|رسائل)|تفضيلات البريد"
    r"|(?:إدارة|تعديل|تحديث|تغيير) (?:ال)?(?:اشتراك|تفضيلات|إعدادات)"
    r"|\b(?:abbestellen|abmelden|désabonner|désinscrire)|\bdarse de baja|cancelar (?:la |tu )?suscripci",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\byou(?:'|’)?(?: are|re)? (?:receiving|received|getting|got) this\b|\bsent to you because\b"
    r"|\bthis (?:e-?mail|message|newsletter) was sent to\b"
    r"|(?:تصلك|وصلتك|تتلقى|تلقيت) هذ(?:ه|ا)|أُ?رسلت هذه (?:الرسالة|النشرة) إلى",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*[01](?:px|pt|em|%)?\s*(?:;|!|$)"
    r"|max-height\s*:\s*0(?:px)?\s*(?:;|!|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_SIZE = re.compile(r"(?<![a-z-])(?:max-)?(width|height)\s*:\s*(\d{1,5})(?:\.\d+)?px", re.IGNORECASE)
_LOGO = re.compile(r"\blogo\b|\bicon\b|شعار", re.IGNORECASE)
_BLOCKS = frozenset({"p", "div", "td", "th", "tr", "tbody", "table", "li", "ul", "ol", "center", "section"})
_NOTHING = re.compile(r"(?:<span></span>)+")
# What is that long, or long and of letters large and small and digits, is a tracker's: other for each reader.
_TOKEN = re.compile(
    r"[\w%-]{60}|(?<![\w-])(?=[\w-]{0,60}[A-Z])(?=[\w-]{0,60}[a-z])(?=[\w-]{0,60}\d)[\w-]{30}"
)
_URL = re.compile(r"https?://[^\s<>\"'\])}]{1,2000}")


@dataclass(frozen=True, slots=True)
class Body:
    """The news of a newsletter."""

    content: str
    """Sanitised HTML."""
    web: str | None
    """Where it says that it stands on the web."""
    image: str | None
    """Its first large picture."""
    language: str
    """As its HTML says."""


def from_html(html: str, addressee: Addressee) -> Body:
    """Draw the news out of HTML."""
    root = tree.parse(html[:_LONGEST])
    body = tree.first(root, "//body") if root is not None else None
    if root is None or body is None:
        return Body("", None, None, "")
    language = str(root.get("lang") or body.get("lang") or "").strip()[:35]
    _drop_hidden(body)
    web = _web_version(body, addressee)
    _drop_footers(body)
    _drop_the_addressed(body, addressee)
    image = _pictures(body, addressee)
    _links(body, addressee)
    _flatten_layout(body)
    inner = [escape(body.text or "", quote=False)]
    inner += [etree.tostring(child, encoding="unicode", method="html") for child in body]
    content = _NOTHING.sub("", sanitise("".join(inner))).strip()
    return Body(addressee.forget(content), web, image, language)


def _drop(element: HtmlElement) -> None:
    # To take it out of the tree would join the texts around it anew each time.
    element.clear(keep_tail=True)
    element.tag = "span"


def _drop_hidden(body: HtmlElement) -> None:
    for element in tree.elements(body, ".//*[@style or @hidden]"):
        if element.get("hidden") is not None or _HIDDEN.search((element.get("style") or "")[:2000]):
            _drop(element)


def _web_version(body: HtmlElement, addressee: Addressee) -> str | None:
    """Find what the first lines name as the mail's page; take those lines out."""
    passed, found = 0, None
    for element in list(body.iter("a")):
        label = _short(element, _LABEL)
        passed += 20 + len(label or "") + len(element.tail or "")
        if passed > _FIRST:
            break
        if label is None:
            continue
        block = _block(element)
        around = _short(block, 3 * _LABEL) if block is not None else None
        if _WEB.search(label) or (around is not None and len(around) <= 2 * _LABEL and _WEB.search(around)):
            found = found or page_address(element.get("href"), addressee)
            _drop(block if block is not None and around is not None else element)
    return found


def _short(element: HtmlElement, most: int) -> str | None:
    """Give an element's text, white space collapsed, unless it is longer than ``most`` characters."""
    parts, length = [], 0
    for part in element.itertext():
        parts.append(part)
        length += len(part.strip())
        if length > most:
            return None
    text = tree.squeeze("".join(parts))
    return text if len(text) <= most else None


def page_address(url: str | None, addressee: Addressee) -> str | None:
    """Give the address of a message's page: one that is neither a front page nor a reader's own way there."""
    clean = addressee.link(url)
    if clean is None:
        return None
    path = clean.partition("://")[2].partition("/")[2]
    return clean if path.strip("/") and not _TOKEN.search(path) else None


def _block(element: HtmlElement) -> HtmlElement | None:
    """Give the nearest block around an element, short of the body."""
    parent = element.getparent()
    while parent is not None and parent.tag != "body":
        if parent.tag in _BLOCKS:
            return parent
        parent = parent.getparent()
    return None


def _drop_footers(body: HtmlElement) -> None:
    """Take out what says how to leave, why the mail came and where its sender sits."""
    most = min(_FOOTER, len(tree.text_of(body)) // 2)
    found = 0
    for element in [*tree.elements(body, ".//a"), *_texts(body)]:
        text = _short(element, _LABEL if element.tag == "a" else _FOOTER)
        if text and _leads_off(text, link=element.tag == "a") and _inside(element, body):
            _drop(_footer(element, most))
            found += 1
            if found >= _FOOTERS:
                return


def _leads_off(text: str, *, link: bool = False) -> bool:
    return bool((len(text) <= 200 and _LEAVE.search(text)) or (not link and _REASON.search(text)))


def _texts(body: HtmlElement) -> Iterator[HtmlElement]:
    """Give blocks that hold no block."""
    for element in tree.elements(body, ".//p|.//div|.//td|.//li|.//span|.//center"):
        if not any(child.tag in _BLOCKS for child in element.iterdescendants() if isinstance(child.tag, str)):
            yield element


def _inside(element: HtmlElement, body: HtmlElement) -> bool:
    return any(parent is body for parent in element.iterancestors())


def _footer(element: HtmlElement, most: int) -> HtmlElement:
    """Climb to the footer in which a sentence stands: as long as that is short, and the lesser part."""
    found = element
    for parent in element.iterancestors():
        if parent.tag in {"body", "html"} or _short(parent, most) is None:
            break
        if parent.tag in _BLOCKS:
            found = parent
    return found


def _drop_the_addressed(body: HtmlElement, addressee: Addressee) -> None:
    for element in tree.elements(body, ".//*[@alt or @title]"):
        for name in ("alt", "title"):
            if value := element.get(name):
                element.set(name, addressee.forget(value))
    _forget(body, addressee)
    for element in list(_texts(body)):
        if addressee.greeted(_short(element, 120) or ""):
            _drop(element)


def _forget(body: HtmlElement, addressee: Addressee) -> None:
    """Take addresses out of the text, though they stand across several elements."""
    places: list[tuple[int, HtmlElement, str]] = []
    texts: list[str] = []
    at = 0
    for event, element in etree.iterwalk(body, events=("start", "end")):
        name = "text" if event == "start" else "tail"
        if text := getattr(element, name):
            places.append((at, element, name))
            texts.append(text)
            at += len(text)
    spans = addressee.spans("".join(texts))
    number = 0
    for begin, end in spans:
        while number + 1 < len(places) and places[number + 1][0] <= begin:
            number += 1
        for where in range(number, len(places)):
            start = places[where][0]
            if start >= end:
                break
            texts[where] = _blanked(texts[where], begin - start, end - start)
    for (_, element, name), text in zip(places, texts, strict=True):
        if spans:
            setattr(element, name, text.replace("\0", ""))


def _blanked(text: str, begin: int, end: int) -> str:
    """Put NULs in the place of some characters, so that the others keep theirs."""
    begin, end = max(begin, 0), min(end, len(text))
    return f"{text[:begin]}{chr(0) * (end - begin)}{text[end:]}"


def _pictures(body: HtmlElement, addressee: Addressee) -> str | None:
    """Keep the pictures that are content; give the first large one."""
    lead = None
    for element in tree.elements(body, ".//img"):
        url = addressee.picture(element.get("src"))
        width, height = _size(element, "width"), _size(element, "height")
        if url is None or (width is not None and width < 2) or (height is not None and height < 2):
            _drop(element)
            continue
        element.set("src", url)
        named = f"{element.get('alt') or ''} {element.get('class') or ''}"
        if lead is None and width and width >= _WIDE and not _LOGO.search(named):
            lead = url
    return lead


def _size(element: HtmlElement, name: str) -> int | None:
    stated = re.match(r"\s*(\d{1,5})(?!\d*%)", element.get(name) or "")
    if stated:
        return int(stated[1])
    found = {key.lower(): int(value) for key, value in _SIZE.findall((element.get("style") or "")[:2000])}
    return found.get(name)


def _links(body: HtmlElement, addressee: Addressee) -> None:
    """Leave links to the web only, without what names their reader."""
    for element in tree.elements(body, ".//a|.//area"):
        clean = addressee.link(element.get("href"))
        if clean:
            element.set("href", clean)
        elif "href" in element.attrib:
            del element.attrib["href"]
    for element in tree.elements(body, ".//audio|.//video|.//source"):
        for name in ("src", "poster"):
            if element.get(name) and addressee.picture(element.get(name)) is None:
                del element.attrib[name]


def _flatten_layout(body: HtmlElement) -> None:
    """Make divisions of tables that only hold the page together: those without a head or a caption."""
    for table in tree.elements(body, ".//table"):
        if (
            tree.first(table, "./caption|./thead|./tr/th|./tbody/tr/th") is None
            or tree.first(table, ".//table") is not None
        ):
            for element in [table, *_own_parts(table)]:
                element.tag = "div"
    for element in tree.elements(body, ".//center"):
        element.tag = "div"


def _own_parts(table: HtmlElement) -> list[HtmlElement]:
    rows = "./tr|./tbody|./thead|./tfoot|./tbody/tr|./thead/tr|./tfoot/tr"
    cells = [cell for row in ("./tr", "./*/tr") for cell in tree.elements(table, f"{row}/td|{row}/th")]
    return [*tree.elements(table, rows), *cells]


def from_text(text: str, addressee: Addressee) -> Body:
    """Draw the news out of plain text: paragraphs, links made of bare addresses, no signature."""
    text = re.split(r"\n-- ?\n", text[:MAX_LENGTH].replace("\r\n", "\n"), maxsplit=1)[0]
    paragraphs = [part for part in re.split(r"\n[ \t]*\n", text) if part.strip()]
    web, kept = None, []
    for number, part in enumerate(paragraphs):
        flat = " ".join(part.split())
        if number < 5 and len(flat) <= 600 and _WEB.search(flat) and (link := _URL.search(flat)):
            web = web or page_address(link[0], addressee)
            continue
        if len(flat) <= _FOOTER and _leads_off(flat):
            continue
        if not addressee.greeted(flat):
            kept.append(f"<p>{_linked(addressee.forget(flat), addressee)}</p>")
    return Body(addressee.forget(sanitise("\n".join(kept)).strip()), web, None, "")


def _linked(text: str, addressee: Addressee) -> str:
    out, at = [], 0
    for found in _URL.finditer(text):
        url = found[0].rstrip(".,;:!?…،؛؟")
        out.append(escape(text[at : found.start()], quote=False))
        clean = addressee.link(url)
        shown = re.sub(r"^https?://", "", clean)[:60] if clean else ""
        out.append(f'<a href="{escape(clean)}">{escape(shown)}</a>' if clean else "")
        at = found.start() + len(url)
    out.append(escape(text[at:], quote=False))
    return "".join(out)


def says_something(content: str) -> bool:
    """Tell whether there is text or a picture in sanitised HTML."""
    return bool(plain(content)) or "<img" in content


def same_page(one: str | None, other: str | None) -> bool:
    """Tell whether two addresses are one page."""
    return bool(one and other and absolute(one) and canonical(one) == canonical(other))
