"""Lines of a page that are labels in Arabic, and rows of labels: no sentences of an article."""

from __future__ import annotations

import re

_SHARE = (
    r"(?:share|tweet|print|e-?mail|save|copy\s+link|whatsapp|facebook|twitter|telegram|linkedin|pinterest|reddit|"
    r"x|messenger|bookmark|comment|مشاركة|شارك|شاركها|غرّد|طباعة|حفظ|نسخ\s+الرابط|فيسبوك|تويتر|واتساب|تيليجرام|"
    r"تلغرام|لينكد\s*إن|إرسال|بريد)"
)
_LABEL = re.compile(
    rf"""^[\W_]*(?:
    {_SHARE}(?:\W+{_SHARE}){{1,15}}|(?:مشاركة|شارك|طباعة)(?:\s+\w+)?|
    \d{{1,6}}\s*(?:تعليقا?[ًٍ]?ا?|تعليقات|مشاركة|مشاركات|مشاهدة|إعجاب)|
    (?:اشترك|اشتركوا|سجّ?ل)\b.{{0,80}}(?:نشرتنا|النشرة|البريدية|بريدك|قناتنا|إشعارات).{{0,60}}|
    (?:تابعنا|تابعونا|انضموا\s+إلينا)\b.{{0,80}}|
    (?:تابعنا|تابعونا|تابعوا)\s.{{0,40}}(?:فيسبوك|تويتر|إنستغرام|انستغرام|يوتيوب|واتساب|تلغرام|تيليجرام|غوغل|جوجل|نيوز).{{0,60}}|
    (?:تصوير|الصورة|صورة|المصدر|عدسة)\s*[:©].{{0,80}}|
    (?:حقوق\s+(?:النشر|الطبع)|جميع\s+الحقوق)\b.{{0,80}}|
    (?:اضغط|انقر)\s+هنا\b.{{0,80}}
    )[\W_]*$""",
    re.IGNORECASE | re.VERBOSE,
)
LONGEST = 200


def is_label(text: str) -> bool:
    """Tell whether a line is a label, or a row of labels for sharing."""
    return len(text) <= LONGEST and bool(_LABEL.match(text))
