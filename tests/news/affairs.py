"""Invented affairs, told in English and Arabic: an exchange of prisoners, what came before, other news."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from daily8.news.reports import Report

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOURS = {"swap": 0, "retold": 2, "clinic": 1, "offer": -200, "history": -2000, "quake": 0, "other quake": 3}
"""When each was published, in hours from noon."""

ENGLISH = {
    "swap": (
        "Ruritania and Sylvania swap 48 prisoners at Qarn crossing",
        (
            "Ruritania freed 24 soldiers on Tuesday and Sylvania freed as many, in the first exchange"
            " since October. The prisoners walked over the Qarn bridge, where families waited. Mediators"
            " from Eldoria had worked on the list for weeks, envoy Hana Brandt said."
        ),
    ),
    "retold": (
        "Families weep as 48 captives cross Qarn bridge",
        (
            "Soldiers held in Ruritania and Sylvania came home on Tuesday. Each side let 24 go, said Hana"
            " Brandt, the envoy of Eldoria whose team had drawn up the list. It was the first exchange"
            " since October."
        ),
    ),
    "clinic": (
        "Doctors in Ruritania face prison for selling babies",
        (
            "Three doctors of a clinic in the capital of Ruritania are accused of selling newborn babies"
            " to foreign couples. Prosecutors asked for nine years in prison for the head of the maternity"
            " ward."
        ),
    ),
    "offer": (
        "Eldoria offers to mediate a prisoner exchange at Qarn",
        (
            "Envoy Hana Brandt of Eldoria said that Ruritania and Sylvania had agreed to talk about an"
            " exchange of captured soldiers at the Qarn crossing. A list of names was being drawn up."
        ),
    ),
    "history": (
        "Forty years of handshakes on a narrow bridge",
        (
            "Spies, captives and letters have been handed over at Qarn since the old war. A short history"
            " of a crossing that Ruritania and Sylvania both call theirs."
        ),
    ),
    "quake": (
        "Strong earthquake hits Velmora, 12 dead",
        (
            "An earthquake of magnitude 6.1 shook Velmora on Tuesday and killed at least 12 people."
            " Rescue teams search collapsed houses in the Teran valley, governor Olan Pries said."
        ),
    ),
    "other quake": (
        "Earthquake of magnitude 5.4 shakes the island of Sorrin",
        (
            "People ran into the streets when an earthquake shook the island of Sorrin. Nobody was"
            " killed. It was felt as far as Port Amon, the coast guard said."
        ),
    ),
}
ARABIC = {
    "swap": (
        "روريتانيا وسيلفانيا تتبادلان 48 أسيرا عند معبر القرن",
        (
            "أفرجت روريتانيا عن 24 جنديا يوم الثلاثاء وأفرجت سيلفانيا عن مثلهم في أول تبادل منذ أكتوبر."
            " عبر الأسرى جسر القرن حيث كانت العائلات تنتظر. وقالت المبعوثة هناء براندت إن وسطاء من إلدوريا"
            " أعدوا القائمة."
        ),
    ),
    "retold": (
        "دموع العائلات مع عبور ٤٨ أسيرا جسر القرن",
        (
            "عاد جنود كانوا محتجزين في روريتانيا وسيلفانيا إلى ديارهم الثلاثاء. وأطلق كل طرف سراح ٢٤ منهم"
            " بحسب هناء براندت مبعوثة إلدوريا التي أعد فريقها القائمة. وهذا أول تبادل منذ أكتوبر."
        ),
    ),
    "clinic": (
        "أطباء في روريتانيا يواجهون السجن بتهمة بيع مواليد",
        (
            "اتهم ثلاثة أطباء في عيادة بعاصمة روريتانيا ببيع مواليد جدد لأزواج أجانب. وطالب الادعاء"
            " بالسجن تسع سنوات لرئيسة قسم الولادة."
        ),
    ),
    "offer": (
        "إلدوريا تعرض الوساطة في تبادل أسرى عند القرن",
        (
            "قالت هناء براندت مبعوثة إلدوريا إن روريتانيا وسيلفانيا وافقتا على بحث تبادل الجنود الأسرى"
            " عند معبر القرن. ويجري إعداد قائمة بالأسماء."
        ),
    ),
    "history": (
        "أربعون عاما من المصافحات على جسر ضيق",
        (
            "منذ الحرب القديمة يسلم الجواسيس والأسرى والرسائل عند معبر القرن الذي تقول كل من روريتانيا"
            " وسيلفانيا إنه لها. تاريخ قصير للمعبر."
        ),
    ),
    "quake": (
        "زلزال قوي يضرب فلمورا ومقتل 12 شخصا",
        (
            "هز زلزال بقوة 6.1 درجات فلمورا الثلاثاء وأودى بحياة 12 شخصا على الأقل. وتبحث فرق الإنقاذ في"
            " منازل منهارة في وادي تيران بحسب الحاكم أولان بريس."
        ),
    ),
    "other quake": (
        "زلزال بقوة 5.4 درجات يهز جزيرة سورين",
        (
            "هرع السكان إلى الشوارع عندما هز زلزال جزيرة سورين. ولم يقتل أحد. وقال خفر السواحل إن الهزة"
            " شعر بها سكان ميناء آمون البعيد."
        ),
    ),
}
TOLD = {"en": ENGLISH, "ar": ARABIC}


def report(name: str, language: str, *, timed: bool = True) -> Report:
    """Give one of them; its id is name and language."""
    title, text = TOLD[language][name]
    time = NOON + timedelta(hours=HOURS[name]) if timed else None
    return Report(f"{name} {language}", title, text, language, time)
