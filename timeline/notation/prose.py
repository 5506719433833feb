"""How the record's own sentences and its excerpts must read."""

import re

# An id in prose: words of small letters and digits joined by hyphens, or an id made by new_pid.
TOKEN = re.compile(
    r"(?<![\w/.-])(?:[a-z0-9]+(?:-[a-z0-9]+)+|[2-9bcdfghjkmnpqrstvwxyz]{8})(?![\w/-])"
)
SCRIPTS = {
    "Cyrillic": re.compile("[\u0400-\u04ff]"),
    "Greek": re.compile("[\u0370-\u03ff\u1f00-\u1fff]"),
    "Han or kana": re.compile("[\u3040-\u30ff\u3400-\u9fff]"),
    "Hebrew": re.compile("[\u0590-\u05ff]"),
    "Arabic": re.compile("[\u0600-\u06ff]"),
    "Georgian": re.compile("[\u10a0-\u10ff]"),
    "Armenian": re.compile("[\u0530-\u058f]"),
    "Latin": re.compile("[A-Za-z\u00c0-\u024f]"),
}
OF_LANGUAGE = {
    "ru": "Cyrillic",
    "uk": "Cyrillic",
    "bg": "Cyrillic",
    "mk": "Cyrillic",
    "kk": "Cyrillic",
    "ky": "Cyrillic",
    "el": "Greek",
    "ja": "Han or kana",
    "zh": "Han or kana",
    "he": "Hebrew",
    "ar": "Arabic",
    "fa": "Arabic",
    "ka": "Georgian",
    "hy": "Armenian",
}
EITHER = ("be", "sr", "uz", "az")  # written in Latin letters as well
# Letters that a neighbouring language has and this one has not.
FOREIGN = {"ru": "іїєґў", "uk": "ыэёъў", "be": "иїєщъ", "bg": "ыэёіїєґў"}
PRESENT = re.compile(
    r"\b(is|are|remains?|stays?)( still| currently| now)? (imprisoned|in (prison|jail|custody)"
    r"|in a (penal )?colony|jailed|being held|held(?= in| at| by| under| without| incomm)|detained"
    r"|behind bars|serving|under (house )?arrest|on trial|wanted"
    r"|free(?! (of|from|to|and fair|trade|thinker)))\b"
    r"|\bserves (his|her|their|a) (sentence|term)\b",
    re.IGNORECASE,
)
ENGLISH = re.compile(r"\b(the|and|which|were|been|their|with|from|would|who)\b", re.IGNORECASE)


def ids(text, is_id):
    """The ids of records that stand in a text. is_id: from a set of words to those that are."""
    tokens = set(TOKEN.findall(text))
    return sorted(is_id(tokens)) if tokens else []


def present_state(text):
    """The words that tell a state that can end as if it went on; empty where there are none."""
    match = PRESENT.search(text)
    return match[0] if match else ""


def other_language(excerpt, language):
    """Why an excerpt can't be in this language; empty where it may be."""
    letters = [letter for letter in excerpt if letter.isalpha()]
    code = language.partition("-")[0]
    if not letters or (code in EITHER and not FOREIGN.get(code)):
        return ""
    script = OF_LANGUAGE.get(code, "Latin")
    text = "".join(letters)
    if code not in EITHER and not SCRIPTS[script].search(text):
        return f"none of its letters is {script}"
    if foreign := set(text.lower()) & set(FOREIGN.get(code, "")):
        return f"“{''.join(sorted(foreign))}” is not written in “{code}”"
    if script == "Latin" and code != "en" and (word := ENGLISH.search(excerpt)):
        return f"“{word[0]}” is English"
    return ""
