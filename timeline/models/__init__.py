from .asked import Answer
from .changes import Correction, Version
from .claims import Citation, Claim, Confidence, Heard, Stance, State, Support, Unsupported
from .comparison import Comparison
from .custody import Status, StoredCustody
from .deeds import Hiding, Proposal, SentBack
from .disputes import Account, Dispute, Equation, Position, Term
from .exclusions import Exclusion, Trace
from .former import MERGEABLE, FormerAddress, former_rows, key_of
from .kinds import Detention, Event, Figure, Name, Particular, Statement, Transfer
from .lists import Entry
from .site import Destination, Site
from .sources import ArchivedCopy, Capture, Omission, Publisher, Relay, Source
from .withholding import ClosedAddress, Decision, WithdrawnKey, Withholding

KINDS = (Event, Detention, Transfer, Statement, Figure, Name, Particular)

__all__ = [
    "KINDS",
    "MERGEABLE",
    "Account",
    "Answer",
    "ArchivedCopy",
    "Capture",
    "Citation",
    "Claim",
    "ClosedAddress",
    "Comparison",
    "Confidence",
    "Correction",
    "Decision",
    "Destination",
    "Detention",
    "Dispute",
    "Entry",
    "Equation",
    "Event",
    "Exclusion",
    "Figure",
    "FormerAddress",
    "Heard",
    "Hiding",
    "Name",
    "Omission",
    "Particular",
    "Position",
    "Proposal",
    "Publisher",
    "Relay",
    "SentBack",
    "Site",
    "Source",
    "Stance",
    "State",
    "Statement",
    "Status",
    "StoredCustody",
    "Support",
    "Term",
    "Trace",
    "Transfer",
    "Unsupported",
    "Version",
    "WithdrawnKey",
    "Withholding",
    "former_rows",
    "key_of",
]
