"""What may not be told of living people unless an editor records why it may.

Children, addresses and plans of whereabouts, health that neither the person nor an official body
told, relatives beside whom no other prisoner on record is named, full dates of birth, people who
spoke under a changed name. Found by the
property of a claim, by the precision of a date and by lists of words in the languages of the
sources. A list of words finds what it knows: it is a net under the curator, not in their place.
"""

import re
from dataclasses import dataclass


def words(**of_language):
    """One pattern for words in several languages: what finds any of them, whatever the case."""
    return re.compile("|".join(of_language.values()), re.IGNORECASE)


MONTH = words(
    en=r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec",
    ru=r"янв|фев|март|апр|ма[йя]|июн|июл|авг|сент|окт|ноя|дек",
    be=r"студ|лют|сакав|крас|трав|чэрв|ліп|жнів|верас|кастр|ліст|снеж",
    uk=r"січ|берез|квіт|черв|лип|серп|жовт|груд",
    pl=r"stycz|lut|kwie|maj|czerw|lip|sierp|wrze|paźdz|list|grud",
).pattern
FULL_DATE = words(
    day_first=rf"\b\d{{1,2}}(?:st|nd|rd|th)?\.?(?: of)? (?:{MONTH})\w*",
    month_first=rf"\b(?:{MONTH})\w* \d{{1,2}}\b",
    digits=r"\b\d{1,2}\.\d{1,2}\.\d{4}\b|\b\d{4}-\d\d-\d\d\b",
)
CHILDREN = words(
    en=r"\bchild(ren)?\b|\bkids?\b|\bdaughters?\b|\bsons?\b|\bminors\b|\bunder-?age\b|\bpregnan",
    ru=r"\bдет(и|ей|ям|ьми|ях)\b|\bреб[её]н|\bдоч(ь|ер|к)|\bсын(а|у|ом|е|овья)?\b"
    r"|несовершеннолет",
    be=r"\bдзец|\bдзіц|\bдачк|непаўналет",
    uk=r"\bдіт(и|ей|ьми)\b|\bдитин|\bдочк|неповноліт",
    pl=r"\bdzieci|\bdzieck|\bcór[ck]|\bsyn(a|em|owi|ek|ów)?\b|nieletni",
    de=r"(?-i:\bKind(er|ern)?\b|\bTochter\b|\bTöchter|\bS[oö]hn)|minderjähr",
)
ADDRESS = words(
    en=r"\bvillage of\b|\bin the village\b|\bstreet \d|\d \w+ street\b"
    r"|\bapartment\b|\bhome address\b",
    ru=r"\bдеревн|\bпос[её]л(ок|ке)\b|\bулиц|\bсел[оае] \w",
    be=r"\bв[её]с(ка|цы|ке|ку)\b|\bвуліц",
    uk=r"\bвулиц|\bселищ",
    pl=r"\bul\. \w|\bulic[ay]\b|\bwsi\b",
    de=r"\bDorf\b|straße \d",
)
WHEREABOUTS = words(
    en=r"\b(now|currently|still) (lives?|living|stays?|staying|based)\b|\blives in\b|\bsettled in\b"
    r"|\bvolunteer(s|ed|ing) in\b|\bplans? to (move|live|settle)\b"
    r"|\bwas in [A-Z]\w+ by (late|early|mid)",
    ru=r"\bволонт[её]ром\b|\bжив[её]т\b|\bпроживает\b",
    be=r"\bжыве\b|\bпражывае\b|\bвалан[тц]ёр",
    uk=r"\bмешкає\b|\bпроживає\b",
    pl=r"\bmieszka\b",
    de=r"\bwohnt\b",
)
HEALTH = words(
    en=r"\bdiagnos|\bheart (failure|trouble|attack|disease)|\binjur|\bfractur|\bvertebr|\bsurger"
    r"|\boperated on\b|\billness|\bdiseases?\b|\bcancer\b|\binfarct|\bstroke\b|\bulcer"
    r"|\bhospitali[sz]|\bdiabet|(?<!of )\bhealth\b(?! ?care)",
    ru=r"перелом|позвонк|медсанчаст|диагноз|инфаркт|инсульт|\bболезн|прооперир",
    be=r"дыягназ|хваро[бт]|інсульт",
    uk=r"діагноз|хвороб|перелам",
    pl=r"\bchorob|\bzawał|\budar\b|\bdiagno[sz]",
    de=r"\bKrankheit|\bVerletzung|\bDiagnose",
)
RELATIVES = words(
    en=r"\bwi(fe|ves)\b|\bhusbands?\b|\bmother\b|(?-i:\bfather\b)|\bbrothers?\b|\bsisters?\b|\bparents?\b",
    ru=r"\bжен(а|ы|у|е|ой|ою)\b|\bмуж(а|у|ем)?\b|\bмат(ь|ери|ерью)\b|\bот(ец|ца|цу|цом)\b"
    r"|\bбрат(а|у|ом)?\b|\bсестр[аеуы]",
    be=r"\bжонк|\bмаці\b|\bбацьк",
    uk=r"\bдружин|\bбатьк",
    pl=r"\bżon[aęąy]\b|\bmąż\b|\bmęż(a|em)\b|\bmatk|\bojc(iec|a)\b",
    de=r"\bEhefrau\b|\bEhemann\b|\bMutter\b|\bVater\b",
)
BIRTH = words(
    en=r"(?<!-)\bborn\b|\bdate of birth\b",
    ru=r"\bродил(ся|ась)\b|\bдата рождения",
    be=r"\bнарадзі",
    uk=r"\bнароди",
    pl=r"\burodz",
    de=r"\bgeboren",
)
ANONYMOUS = words(
    en=r"\bchanged names?\b|\bnot (his|her|their) real name",
    ru=r"\bимя изменено|\bимена изменены",
    be=r"\bімя зменена|\bімёны зменены",
    uk=r"\bім.я змінено",
    pl=r"\bimi(ę|ona) zmienion",
)
NAME = re.compile(r"\b[A-ZА-ЯЎІЇЄ][\w’'-]+")


@dataclass(frozen=True)
class Content:
    """What is told in one record, and by whom.

    texts: the sentences, values and excerpts. property: of a particular. when: its date as text.
    names: how many prisoners on record its texts name, the person it is about included.
    is_known: whether the value names somebody else on record. by_subject, by_official: whether
    every passage is the person's own word, or an official body's.
    """

    texts: tuple
    property: str = ""
    value: str = ""
    when: str = ""
    names: int = 0
    is_known: bool = False
    by_subject: bool = False
    by_official: bool = False


def private_facts(record):
    """[(what it is, the words that tell it)] of what an editor must have decided on."""
    kinds = [
        ("a child", CHILDREN),
        ("an address", ADDRESS),
        ("whereabouts", WHEREABOUTS),
        ("somebody who asked not to be named", ANONYMOUS),
    ]
    if not (record.by_subject or record.by_official):
        kinds.append(("health", HEALTH))
    if record.names < 2 and not record.by_subject:
        kinds.append(("a relative", RELATIVES))
    if record.property != "birth":
        kinds.append(("a birth", BIRTH))
    problems = [
        (what, match[0]) for what, pattern in kinds if (match := first(pattern, record.texts))
    ]
    return problems + list(by_property(record))


def by_property(record):
    if record.property == "health" and not (record.by_subject or record.by_official):
        yield "health", record.value
    if record.property == "birth" and (
        len(record.when) > len("2000") or first(FULL_DATE, (record.value, *record.texts))
    ):
        yield "a full date of birth", record.value or record.when
    if record.property == "relation" and not record.is_known and NAME.search(record.value):
        yield "a relative’s name", record.value


def first(pattern, texts):
    return next((match for text in texts if (match := pattern.search(text))), None)
