"""Word lists by which sentences, terms and questions are judged; all are folded."""

from ingest.types import Language


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Nouns and adjectives at the head of what is no term: "the goal is a …", "another means is a …".
NO_TERMS = _words("""
    goal idea aim purpose problem question answer reason difference example result step figure table chapter
    slide page work team group time case thing way one first second third fourth fifth last latest following
    most main major minor some another other each many advantage disadvantage concept method approach effect
    name term fact rest choice part end beginning there any every author study report book process data
    function type kind member inquiry objectif idee probleme reponse raison exemple resultat etape tableau
    chapitre travail equipe groupe fois cas chose facon premier premiere seconde troisieme dernier derniere
    suivant autre autres avantage inconvenient methode approche effet principal principale nom terme fait
    reste choix partie fin debut but cause consequence role system systeme model modele version note
    remarque auteur etude rapport livre processus donnees fonction
""")

# How a French sentence may begin besides with a name: it hardly ever begins with a bare noun, adjective or verb.
OPENERS = _words("""
    le la les l un une des du de d a au aux dans en sur sous par pour avec sans selon depuis lors lorsque
    quand si comme entre vers chez apres avant pendant durant tout toute tous toutes chaque plusieurs
    quelques aucun aucune deux trois quatre cinq six sept huit neuf dix il plus moins beaucoup afin grace
    malgre contrairement outre parmi jusqu suite contre hors bien tant seul seule seuls seules rien personne
    quel quelle quelque certains certaines aujourd actuellement environ pres loin autour face on c est
    autrefois jadis s qu
""")

# What opens no subject of a question.
NO_SUBJECTS: dict[Language, frozenset[str]] = {
    "en": _words("""
        in at on by for with from after before since during there it this some many several both as of to under
        over through between within most all starting using while although once until
    """),
    "fr": _words("""
        en a au aux dans par pour avec depuis apres avant il elle on ce certains certaines plusieurs sur sous
        lors de des d chez selon entre vers jusqu comme beaucoup une_fois tout tous toutes toute ainsi
    """),
}

# Verbs that a subject does not hold.
VERBS = _words("""
    is are was were used has have had can may will est sont etait ont avait peut doit fait been can't
""")

# What opens or ends a group of words that is no term.
EMPTY = _words("""
    chaque toute tout tous toutes plusieurs certains certaines each every some many several other same such
    way ways list lot kind fee use case fait facon maniere liste nombre cas mm cm km kg ms containing using
    including getting being type mbit gbit kbit mo go ko simple standard whole contenant utilisant premier
    premiere dernier derniere first last next new nouveau nouvelle
""")
