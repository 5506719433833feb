import pytest

from people.names import loose_keys, tight_keys, words

SAME = """
Kolesnikova Kalesnikava | Kolesnikova Калеснікава | Kalesnikava Колесникова
Kolesnikowa Калеснікава | Kolesnikova Kalesnikawa | Kolesnikowa Kolesnikova
Babaryka Babariko | Babariko Бабарыка
Babaryka Бабарико | Tsikhanouskaya Tikhanovskaya | Cichanouskaja Tsikhanouskaya
Tikhanovskaya Ціханоўская | Tichanowskaja Тихановская | Lukashenko Lukashenka
Lukashenko Лукашэнка | Łukaszenka Lukashenko | Lukaschenko Лукашенко | Lukašenka Lukashenko
Bialiatski Beliatsky | Bialiacki Bjaljazki | Bialiatski Беляцкий | Byalyatski Бяляцкі
Bialiatski Bialiacki | Coale Cole | Statkevich Статкевіч | Statkiewicz Statkevich
Poczobut Pachobut | Pachobut Почобут | Znak Знак | Losik Лосік | Protasevich Pratasevich
Pratasiewicz Протасевич | Kavalenka Kovalenko | Навумчык Navumchyk | Seviarynets Severinets
Севярынец Sieviaryniec | Zhukouskaya Жуковская | Chaly Чалый | Salihorsk Солигорск
Hrodna Grodno | Homel Гомель | Navapolatsk Новополоцк | Zhodzina Жодино | Mahiliou Mogilev
Vasilevich Vasilevič | Sharenda-Panasiuk Шарэнда-Панасюк | Feduta Фядута | Kazulin Kozulin
Dziadok Дедок | Siarhei Sergei
"""
LOOSELY_SAME = "Białacki Bialiatski | Khashchavatski Хащеватский | Aliaksandr Alexander"
DIFFERENT = """
Kolesnikova Kolas | Kalesnikava Kalinouskaya | Kalesnikava Kavaleuskaya | Babaryka Bahdanovich
Babaryka Barysevich | Babaryka Babrouskaya | Tsikhanouskaya Tsapkala | Tikhanovskaya Tarasenko
Tsikhanouskaya Chalouskaya | Lukashenka Lukashuk | Lukashenka Luzina | Lukashenka Lapitskaya
Bialiatski Bialou | Bialiatski Belski | Coale Kahl | Cole Kelly | Coale Kalach
Statkevich Stasevich | Statkevich Stankevich | Pachobut Pachtar | Znak Zenkovich | Znak Zaneuski
Losik Lisouski | Losik Lazuk | Pratasevich Pratsko | Kavalenka Kavaleu | Kavalenka Kulinka
Navumchyk Navumau | Seviarynets Sevastsyan | Khalip Khalezin | Chaly Shaly | Salihorsk Slutsk
Hrodna Horki | Homel Himel | Navapolatsk Novahrudak | Zhodzina Zhlobin | Mahiliou Minsk
Vasilevich Vasilenka | Sharenda Sharapa | Fiaduta Fedarovich | Kazulin Kazlou
Dziadok Dzemidovich | Aliaksandr Aliaksei | Siarhei Siamion | Mikalai Mikhail | Ivanou Ivashin
Ivanov Yanovich | Petrov Patrovski | Sannikau Sanchuk | Sannikau Sinkevich | Franak Frolau
Maksim Maksimau
"""


def pairs(text):
    return [tuple(pair.split()) for pair in text.replace("\n", " | ").split("|") if pair.strip()]


def meet(keys_of, one, other):
    return all(
        any(set(keys_of(word)) & set(keys_of(match)) for match in words(other))
        for word in words(one)
    )


@pytest.mark.parametrize(("one", "other"), pairs(SAME))
def test_spellings_of_one_name_share_a_key(one, other):
    assert meet(tight_keys, one, other)
    assert meet(tight_keys, other, one)


@pytest.mark.parametrize(("one", "other"), pairs(LOOSELY_SAME))
def test_distant_spellings_share_a_loose_key(one, other):
    assert meet(loose_keys, one, other)


@pytest.mark.parametrize(("one", "other"), pairs(DIFFERENT))
def test_different_names_share_no_key(one, other):
    assert not meet(tight_keys, one, other)


def test_short_names_have_no_loose_key():
    assert loose_keys("Coale") == []
