"""Words that name nobody by themselves, and the usual short forms of those that do."""

# Given names and particles that are everyday words too: only with a capital do they name anybody.
# fmt: off
EVERYDAY = frozenset((
    "al", "an", "and", "april", "as", "at", "august", "autumn", "baby", "bay", "be", "ben", "bin",
    "boy", "brook", "brother", "by", "carer", "child", "daisy", "dale", "dawn", "day", "de",
    "del", "der", "di", "du", "eden", "el", "faith", "father", "field", "ford", "girl", "grace",
    "grant", "green", "hall", "he", "her", "hill", "him", "hope", "house", "in", "is", "it",
    "ivy", "joy", "june", "king", "la", "le", "lee", "lily", "long", "love", "march", "mark",
    "may", "miles", "moore", "mother", "of", "on", "or", "parent", "park", "pat", "penny",
    "pierce", "poppy", "rich", "rob", "rose", "ruby", "she", "sister", "sky", "small", "son",
    "st", "storm", "summer", "sunny", "the", "to", "van", "von", "ward", "was", "we", "west",
    "will", "willow", "winter", "wood", "young",
))
# fmt: on

# Words that any service of its kind has in its name.
# fmt: off
GENERIC = frozenset((
    "academy", "accident", "and", "assessment", "baby", "borough", "care", "centre", "children",
    "childrens", "clinic", "college", "community", "council", "day", "delivery", "dependency",
    "emergency", "form", "foundation", "general", "gp", "high", "hospital", "hospitals", "house",
    "infant", "infants", "intensive", "junior", "labour", "local", "maternity", "medical",
    "neonatal", "nhs", "nursery", "of", "office", "paediatric", "police", "practice", "primary",
    "school", "secondary", "service", "services", "sixth", "special", "stroke", "surgery", "team",
    "the", "trust", "unit", "ward",
))
# fmt: on
STREETS = {
    "road": "rd",
    "street": "st",
    "avenue": "ave",
    "close": "cl",
    "lane": "ln",
    "drive": "dr",
    "court": "ct",
    "crescent": "cres",
    "gardens": "gdns",
    "place": "pl",
    "terrace": "terr",
}
# fmt: off
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth", "twenty-first", "twenty-second", "twenty-third",
    "twenty-fourth", "twenty-fifth", "twenty-sixth", "twenty-seventh", "twenty-eighth",
    "twenty-ninth", "thirtieth", "thirty-first",
)
# fmt: on
