"""Words that tell two works with otherwise equal titles apart, as data."""

from reviewkit.model.text import listed, one_spelling

STAGES = listed(  # a protocol and its trial, a first report and its follow-up, a paper and what is said of it
    one_spelling(
        "protocol protocols rationale followup follow update updated updates interim preliminary erratum errata "
        "corrigendum correction corrections retraction retracted reply rejoinder commentary addendum reanalysis "
        "revisited"
    )
)
SHORT_STAGES = STAGES | listed(  # and words that do so where they stand nearly alone
    one_spelling(
        "response responses comment comments design final letter editorial appendix supplement supplementary subgroup "
        "substudy extension secondary posthoc post continued abstract poster summary discussion authors author results"
    )
)
FEW = 3  # words
_OPPOSITES = (
    "with without",
    "men women", "man woman", "male female", "males females", "boys girls", "mothers fathers", "maternal paternal",
    "children adults", "child adult", "adolescents adults", "adolescent adult", "pediatric adult", "infants adults",
    "children adolescents", "infants children", "young old", "younger older", "newborn adult", "neonatal pediatric",
    "early late", "acute chronic", "acute subacute", "left right", "upper lower", "anterior posterior",
    "proximal distal", "medial lateral", "dorsal ventral", "superior inferior", "internal external", "inner outer",
    "central peripheral", "increased decreased", "increases decreases", "increase decrease", "high low",
    "higher lower", "positive negative", "before after", "pre post", "primary secondary", "vitro vivo",
    "active passive", "efficacy safety", "effectiveness safety", "benefits harms", "resistant sensitive",
    "resistant responsive", "resistance sensitivity", "mild severe", "moderate severe", "mild moderate",
    "benign malignant", "prospective retrospective", "human animal", "rats mice", "rat mouse", "mice humans",
    "dogs cats", "urban rural", "public private", "oral intravenous", "short long", "single multiple",
    "single double", "bivalent quadrivalent", "systolic diastolic", "ischemic hemorrhagic", "agonist antagonist",
    "agonists antagonists", "inpatient outpatient", "inpatients outpatients", "theory practice",
    "quantitative qualitative", "north south", "east west", "northern southern", "eastern western", "first second",
    "first third", "second third", "third fourth", "day night", "winter summer", "spring autumn",
    "smokers nonsmokers", "prevalence incidence", "morbidity mortality", "diagnosis treatment",
    "prevention treatment", "buyers sellers", "supply demand", "import export", "gain loss",
)  # fmt: skip
OPPOSED: dict[str, frozenset[str]] = {}
for _pair in _OPPOSITES:
    _words = one_spelling(_pair).split()
    for _one, _other in (_words, reversed(_words)):
        OPPOSED[_one] = OPPOSED.get(_one, frozenset()) | {_other}

NEGATIONS = frozenset({"non", "not", "without", "no", "anti", "un"})
