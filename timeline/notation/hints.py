"""What words of a text, in five languages, hint at: a kind of claim, a step of custody, a fact.

Only to choose what a form shows first; whoever codes the text chooses.
"""

import re

from timeline.notation.told import DATE

SAID = (
    r"[“”„\"«»]|\b(?:said|says|told|wrote|thanked|called|stated|"
    r"сказал\w*|заявил\w*|сообщил\w*|написал\w*|поблагодарил\w*|"
    r"сказа[лў]\w*|заяві\w*|паведамі\w*|напіса\w*|падзякава\w*|"
    r"повідоми\w*|подякува\w*|"
    r"powiedzia\w*|oświadczy\w*|napisa\w*|podziękowa\w*)\b"
)
STEPS = (  # the first that fits
    (
        "release",
        r"\b(?:freed|releas|walked free|освобо|вызвал|вызвал[іе]|звільн|zwolni|uwolni|na wolnoś|"
        r"вышл[аи] на свобод|вышел на свобод|выйш)",
    ),
    ("sentence", r"\b(?:sentenc|приговор|прысуд|асуд|осуди|засуд|вирок|skaza|wyrok)"),
    ("arrest", r"\b(?:arrest|detain|задерж|арест|затрым|арышт|затрим|арешт|aresztow|zatrzyma)"),
    ("charge", r"\b(?:charged|accused|обвин|абвінавац|звинувач|oskarż)"),
    ("prison-move", r"\b(?:moved to (?:a )?(?:prison|colony)|этапир|перевел|перавял|przeniesi)"),
    ("imprisonment", r"\b(?:jailed|imprison|behind bars|colony|колони|калоні|зняволен|więzie)"),
)
MOVED = (
    r"\b(?:transferred|taken to|brought to|driven|bus(?:es)?|arrived|deported|"
    r"вывез\w*|автобус\w*|доставил\w*|прибыл\w*|вывезл\w*|аўтобус\w*|прыбы\w*|прибу\w*|"
    r"wywie\w*|przywie\w*|autobus\w*|przyby\w*)"
)
FACTS = (
    ("birth", r"\b(?:born|родил|нарадзі|народи|urodz)"),
    ("award", r"\b(?:laureate|prize|award|лауреат|преми|лаўрэат|прэмі|премі|nagrod|laureat)"),
    ("citizenship", r"\b(?:citizen|гражданин|гражданк|грамадзян|громадян|obywatel)"),
    ("relation", r"\b(?:wife|husband|sister|brother|mother|father|жена|муж|жонк|дружин|żon|mąż)"),
    ("health", r"\b(?:health|illness|diabetes|hospital|здоров|болез|бальніц|лікар|zdrow|szpital)"),
    ("condition", r"\b(?:solitary|incommunicado|одиночн|адзіночн|karcer|izolat)"),
    ("age", r"\b(?:aged|years old|-year-old|лет\b|гадоў\b|років\b|lat\b)"),
)
ROLE = "role"
# No part of a day, an hour, a share, a longer number; no years, no article, no name of a place.
ALONE = (
    r"(?![\w-]|[.,:]\d|\s?%|\s(?:million|thousand|billion|per\s?cent|years?\b|months?\b|"
    r"процент|тысяч|тыс\b|млн|млрд|миллион|лет\b|год|месяц|працэнт|мільён|гадоў|месяц|відсот|тисяч|"
    r"мільйон|рок|місяц|procent|tysi|tys\b|mln|milion|lat\b|rok|miesi))"
)
NAMED_BY = re.compile(
    r"(?:\b(?:no|nr|art|article|articles|section|colony|ward|page|aged|ст|статт\w*|стать\w*|"
    r"артыкул\w*|колони\w*|калоні\w*|коліні\w*|колоні\w*|kolonii?|artykuł\w*)\b\.?|№)\s*$",
    re.IGNORECASE,
)
NUMBER = re.compile(rf"(?<![\w.,:-])\d{{1,3}}(?:[ ,\u00a0]\d{{3}})+{ALONE}|(?<![\w.,:-])\d+{ALONE}")


def found(pattern, text):
    return re.search(pattern, text, re.IGNORECASE) is not None


def kind_of(text, has_person):
    """The kind of claim that words seem to make."""
    if found(SAID, text):
        return "statement"
    if has_person:
        if step_in(text):
            return "detention"
        return "transfer" if found(MOVED, text) else "particular"
    if found(MOVED, text):
        return "transfer"
    return "figure" if numbers_in(text) else "event"


def step_in(text):
    """The step of custody that words tell of; empty if none is named."""
    return next((step for step, pattern in STEPS if found(pattern, text)), "")


def fact_in(text):
    """The property that words tell of; a role if nothing else."""
    return next((fact for fact, pattern in FACTS if found(pattern, text)), ROLE)


def numbers_in(text, start=0, end=None):
    """Numbers of a text as digits alone, each once; years, what days are made of, and what is
    numbered so, are not. Of a part of a text: judged by the words around it."""
    bare = DATE.sub(blanked, text)
    end = len(text) if end is None else end
    numbers = [
        each[0]
        for each in NUMBER.finditer(bare)
        if start <= each.start() and each.end() <= end and not NAMED_BY.search(bare[: each.start()])
    ]
    counts = (each for each in numbers if not re.fullmatch(r"(?:19|20)\d\d", each))
    return list(dict.fromkeys(re.sub(r"\D", "", each) for each in counts))


def blanked(match):
    """As many blanks as a day has letters. Without a year what follows the month may be a number of
    its own: “in December 52 people”."""
    is_dated = match["year"] or match["iso"]
    kept = "" if is_dated else match["later"] or ""
    before = match.start("later") - match.start() if kept else 0
    return f"{' ' * before}{kept}".ljust(len(match[0]))


def script_of(text):
    """The script of a spelling, as timeline.models.Name.Script has it."""
    if re.search("[\u0400-\u04ff]", text):
        return "Cyrl"
    return "Jpan" if re.search("[\u3040-\u30ff\u4e00-\u9fff]", text) else "Latn"


OF_LANGUAGES = (  # letters that a language has and the others do not, asked in this order
    ("be", "ў"),
    ("uk", "їєґ"),
    ("ru", "ыэъё"),
    ("uk", "і"),
    ("pl", "łąęśźż"),
    ("lt", "ėųįš"),
)
FEW = 3  # letters by which a language is told, so that one name in a text does not decide


def language_of(text):
    """The language of a text, guessed by its letters; English if none tells."""
    small = text.casefold()
    counts = ((code, sum(map(small.count, letters))) for code, letters in OF_LANGUAGES)
    few = min(FEW, 1 + len(small) // 200)
    return next((code for code, count in counts if count >= few), "en")
