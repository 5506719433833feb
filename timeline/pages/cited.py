"""What a page is called, where it stays, and which version of it is read: for whoever cites it."""

from dataclasses import dataclass
from datetime import datetime

from people.addresses import address
from timeline.pages import words

DAY = "%Y-%m-%d"
BRIEF = 60  # letters of a title in the bar of a window, and in the margin of a sheet


@dataclass(frozen=True)
class Cited:
    """A page as it is cited.

    key: its short name in reference files; name: its title alone, and told: what must stand beside
    it; path: where it stays; number: of its version, 0 where its versions are not counted; moment:
    since when it says this, None where that is not known; fixed: the path of this very version,
    empty where there is none; neutral: a path to it without a name, empty where there is none; own:
    the path of the page, where it is not the one that stays.
    """

    key: str
    name: str
    path: str
    number: int = 0
    moment: datetime | None = None
    fixed: str = ""
    neutral: str = ""
    own: str = ""
    told: tuple = ()

    @property
    def title(self):
        """Its whole title, with what keeps it from being sure."""
        return words.bracketed(self.name, self.told)

    @property
    def brief(self):
        """The same with a shorter name: what keeps it from being sure is never cut off."""
        return words.bracketed(words.shortened(self.name, BRIEF), self.told)

    @property
    def base(self):
        """The path under which the other forms of the page are."""
        return self.own or self.path

    @property
    def twin(self):
        """The path of the same facts as JSON."""
        return f"{self.base.rstrip('/')}.json"

    @property
    def feed(self):
        """The path of its feed, of a person or a question."""
        return f"{self.path}feed.atom"

    @property
    def day(self):
        """The day of the version; empty where it is not known."""
        return f"{self.moment:{DAY}}" if self.moment else ""

    @property
    def since(self):
        """The path of what changed since this version; empty where its day is not known."""
        return f"{self.path}since/{self.day}/" if self.day else ""

    @property
    def stays(self):
        """The path by which it is cited: of this version, if it has one."""
        return self.fixed or self.path


def of_person(person, number, moment):
    room = "prisoner" if person.is_prisoner else "person"
    return Cited(
        key=f"{room}-{person.slug}",
        name=person.label,
        path=person.get_absolute_url(),
        number=number,
        moment=moment,
        neutral=address("neutral_person", person.key),
    )


def of_organisation(organisation, number, moment):
    return Cited(
        key=f"organisation-{organisation.slug}",
        name=organisation.name,
        path=organisation.get_absolute_url(),
        number=number,
        moment=moment,
    )


def of_claim(claim, note, versions):
    """Of a claim as its kind; note: its Note; versions: all of its own, in order."""
    last = versions[-1] if versions else None
    number = last.number if last else 0
    return Cited(
        key=f"claim-{claim.pid}" + (f"-v{number}" if number else ""),
        name=getattr(claim, "title", "") or words.spoken(claim),
        told=tuple(words.qualifications(claim, note)),
        path=claim.get_absolute_url(),
        number=number,
        moment=last.published if last else None,
        fixed=address("version", claim.pid, number) if number else "",
        neutral=address("neutral_claim", claim.key),
    )


def of_version(version, name, told, newest):
    """Of one version, which may be an old one. name: what it said, and who; told: what must stand
    beside it; newest: the path of the claim as it stands."""
    return Cited(
        key=f"claim-{version.claim.pid}-v{version.number}",
        name=name,
        told=tuple(told),
        path=newest,
        number=version.number,
        moment=version.published,
        fixed=version.get_absolute_url(),
        own=version.get_absolute_url(),
    )


def of_dispute(dispute, moment):
    """The question; its page has no number, since its answers are not counted in versions."""
    return Cited(
        key=f"dispute-{dispute.slug}",
        name=dispute.question,
        path=dispute.get_absolute_url(),
        moment=moment,
    )


def of_source(source, moment):
    """A document; moment: of the last change of what is cited from it."""
    return Cited(
        key=f"source-{source.slug}",
        name=source.title or str(source),
        path=source.get_absolute_url(),
        moment=moment,
    )
