"""The words of invented reports: names, places, and the sentences in which they stand."""

FAMILIES = [
    "Quillfeather",
    "Thistledown",
    "Mockturtle",
    "Bramblewick",
    "Ottershaw",
    "Pepperwhistle",
    "Larkspurian",
    "Wobbleton",
    "Snapdragon-Vale",
    "Fiddlewood",
    "Marrowby",
    "O'Plover",
    "Duckworthy",
    "Clutterbuck-Jay",
    "Hazelnook",
    "Tumbledown",
    "Von-Marzipan",
    "Ferrywhistle",
    "Gooseberrie",
    "Núñez-Plum",
    "Ó'Nettle",
    "Yarrowfield",
    "Zigzagovic",
    "Inkpenny",
]
EVERYDAY_NAMES = ["May", "Grace", "Will", "Rose", "Mark", "Poppy", "Joy", "Dawn"]
UNTOLD = "name that nothing tells of"
"""Of somebody whom no record knows, without a title or a relation; half stand inside a sentence."""
STRANGERS = ("Vexleigh", "Crumpetter", "Wainscott-Hay", "Dobberley", "Zorbington", "Plimsollow")
STREETS = ["Larkspur", "Marmalade", "Old Teapot", "Upper Biscuit", "St Nonsuch", "Pumpkin Patch"]
KINDS_OF_STREET = ["Road", "Street", "Avenue", "Close", "Lane", "Drive", "Crescent", "Gardens"]
TOWNS = ["Exampleham", "Nowhereton", "Little Fictional", "Madeupford"]
SERVICES = ["Nonsuch", "Bluebottle", "Marzipan Hill", "Teasel Green", "Puddock", "Starfruit"]
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
ORDINAL = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]
HARMLESS_WORDS = frozenset(
    [
        "a",
        "and",
        "at",
        "the",
        "of",
        "on",
        "in",
        "to",
        "dr",
        "mr",
        "mrs",
        "ms",
        "pc",
        "ds",
        "nurse",
        "school",
        "primary",
        "hospital",
        "general",
        "ward",
        "road",
        "rd",
        "academy",
        "nursery",
        "surgery",
        "practice",
        "flat",
        "st",
        "th",
        "nd",
        "baby",
        "health",
        "centre",
    ]
)

# Each with a place for the plant and, in brackets, what stands there in a harmless text.
PERSON_SENTENCES = (
    "When the ambulance came, {} was in the bedroom.",
    "{} had been unwell for two days with a cough and a raised temperature of 38.4.",
    "The health visitor saw {} at the six-week check and had no concerns.",
    "Staff asked {} about the night before.",
    "It was noted that {} did not attend the follow-up.",
    "The records say that {} slept in the parents' bed that night.",
    "At 07:40 {} was found not breathing; resuscitation began at once.",
    "Support was offered to {} through the practice.",
)
WORKER_SENTENCES = (
    "The family were visited by {} and were pleased with the help.",
    "A referral was made by {} to children's social care.",
    "{} took the history and examined the child.",
    "The meeting was chaired by {}; minutes were shared.",
)
DAY_SENTENCES = (
    "The last contact with the practice was on {} for a rash.",
    "On {} a strategy discussion took place by telephone.",
    "Immunisations were up to date by {} as far as is known.",
    "An appointment for {} was cancelled by the parents.",
)
PLACE_SENTENCES = (
    "The family had moved to {} some months earlier.",
    "Police attended {} with a colleague from health.",
    "The home, {}, was described as warm and tidy.",
)
SERVICE_SENTENCES = (
    "The child was taken to {} by ambulance.",
    "Attendance at {} was good until the spring.",
    "A letter from {} asked for another test.",
    "Care was transferred to {} for observation.",
)
NUMBER_SENTENCES = (
    "The file was found under {} after a second search.",
    "Contact details on record: {}.",
    "A note in the margin reads {} and nothing else.",
)
FILLERS = (
    "The pregnancy was uneventful and the birth was at 39+2 weeks with a weight of 3.3 kg.",
    "There was no smoking in the household, and the cot met the guidance on safe sleep.",
    "Blood pressure was 110/70, heart rate 140, oxygen saturation 98% in air.",
    "Amoxicillin 125 mg/5 ml was given three times a day for 5 days, then stopped.",
    "Group B streptococcus was looked for and not found; vitamin K had been given.",
    "The child was on the 25th centile for weight and the 50th for length at 8 months.",
    "Mother reported that the baby fed every 3 hours and woke twice each night.",
    "No concerns about neglect were recorded by Halton or Warrington between 2012 and 2014.",
    "Both parents may have been tired; the father works nights in a warehouse.",
    "The post-mortem found no injury. Toxicology was negative at a level of 0.2 mg/l.",
    "Health and police agreed to meet again within 28 days, as the guidance asks.",
    "In March 2014 the family came to the attention of the service for housing only.",
    "English is the second language at home; an interpreter was used on each visit.",
    "Ibuprofen and Calpol were given; the Red Book was up to date and Guthrie test normal.",
    "Resuscitation went on for 45 minutes; CPR was stopped by the consultant on call.",
    "School attendance was 96% and the teacher described a happy, quiet child.",
    "The GP had last seen the child 3/7 before with a cold; advice was given.",
    "A&E attended twice in year 2; a CT scan of the head was normal.",
    "Temperature of the room was 21 degrees, two windows, one radiator, a thin blanket.",
    "Risk of self-harm was assessed as low at the time; the plan was reviewed in 4 weeks.",
    "Children's Services closed the case after an assessment, with no further action.",
)
