"""Short word lists of French and English."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Function words; a short question is decided by them. Those that both languages write are in SHARED and count less.
FRENCH = _words("""
    le la les un une des du de et est sont qui que quoi quel quelle quels quelles où quand comment pourquoi combien dans
    pour par avec sur sous chez vers ce cet cette ces il elle ils elles nous vous je tu on ne pas plus son sa ses leur
    leurs au aux en dont fut était ont été peut être fait selon entre mais ou donc si lequel laquelle l d qu n s c j
    mon ma mes ton ta tes notre votre faut dit sans avant après depuis
""")
ENGLISH = _words("""
    the a an of and is are was were who whom whose what which where when how why in for by with from at as this that
    these those it its they their he she his her we you i not do does did done has have had be been can could would
    should will may might there than then about into between during many much name my your our if or but to on
""")
SHARED = _words("a on as but ton son or plus dont fait pour par mes est des les sur s d if")

# A full stop after these ends no sentence.
ABBREVIATIONS = _words("""
    m mm mme mmes mlle mlles me mgr dr pr prof st ste mr mrs ms jr sr messrs cf fig figs éq eq eqs tab chap ch sect sec
    art al no nos n° p pp vol vols éd ed eds coll trad réf ref refs resp ex env av ap apr vs viz approx incl max min tél
    tel bd blvd adj adv angl fr gén gen col capt lt rev hon gov sen rep inc ltd co corp dept univ assoc def déf th thm
    prop cor lem rem rq ann app suppl op cit ibid id loc sq sqq jan janv feb févr mar avr jun jul juil aug sep sept oct
    nov dec déc dir
""")

# First parts that keep their hyphen at a line's end unless the joined word is seen elsewhere in the document,
# and second parts that are always tied by one.
PREFIXES = _words("""
    non self well ex vice quasi demi mi semi sous au par ci là avant après contre peut est moi toi lui eux nous vous
    elle celui celle ceux celles nord sud cross real high low long short state so one two three
""")
CLITICS = _words("""
    il ils elle elles on je tu nous vous ce là ci même mêmes t être dessus dessous delà devant
""")
