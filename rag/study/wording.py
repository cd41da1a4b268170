"""Word lists by which a sentence is judged: what points outside it, what is a verb, what is too general to ask for."""

import re

from ingest.types import Language


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words at the head of a sentence after which it still says the same; they are cut. Folded, without the comma.
OPENINGS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"^(?:However|Therefore|Thus|Hence|Moreover|Furthermore|Additionally|In addition|In fact|Indeed|Consequently|"
        r"As a result|As such|In particular|In general|Generally|Typically|Usually|Historically|Finally|Also|"
        r"Nevertheless|Nonetheless|Note that|Recall that|Remark|Note|Basically|More precisely|In practice|"
        r"In other words|For this reason|By contrast|In contrast|On the other hand|Similarly|First|Second|Third|"
        r"Instead|But|And|So|Yet)(?:,| ?:|(?<= that)|(?<=However)) "
    ),
    "fr": re.compile(
        r"^(?:Cependant|Toutefois|Ainsi|Donc|Par conséquent|De plus|En outre|Par ailleurs|En effet|En fait|Enfin|"
        r"En général|Généralement|En pratique|En particulier|Finalement|Néanmoins|Pourtant|D[’']autre part|"
        r"D[’']une part|Notons qu[’']|Notons que|Remarque|Rappelons que|Plus précisément|Autrement dit|"
        r"En revanche|Au contraire|Inversement|De même|Également|Aussi|Or|Mais|Et|Historiquement|Typiquement|"
        r"Actuellement|"
        r"On rappelle que|Bien entendu|Bien sûr|Concrètement|À l[’']inverse|Globalement|Par contre)"
        r"(?:,| ?:|(?<= que)|(?<=qu[’'])|(?<=Par contre)|(?<=De même)|(?<=De plus)) ?"
    ),
}

# A sentence that starts with one of these says nothing alone. Folded.
_POINTING: dict[Language, frozenset[str]] = {
    "en": _words("""
        it this that these those they he she we i you there here such one another both each some many most all
        what who which its their his her our your my then so and but or nor also next now otherwise other
        others neither either similarly likewise first second third finally whereas how why where let consider
        suppose assume given see note for example assuming remember recall to using by not only none several
        few certain none two three four five six
    """),
    "fr": _words("""
        il ils elle elles ce cet cette ces c ceci cela ca nous vous je j tu tel telle tels telles autre autres
        un-autre tous toute toutes chacun chacune celui celle ceux celles leur leurs son sa ses notre nos
        votre vos mon ma mes qui que quoi dont ou et mais donc or ni car puis ensuite alors enfin ici la-
        dessus y en comme parce bien ainsi aussi voici voila soit soient supposons considerons notons
        remarquons rappelons prenons montrer exemple remarque deuxieme troisieme d-autres certains certaines
        plusieurs quelques quelle quel quels quelles comment pourquoi combien pour afin sinon qu aucun aucune
        apres avant malgre sauf deux trois quatre maintenant
    """),
}

# Words that point at another place wherever they stand. Folded.
_POINTERS: dict[Language, frozenset[str]] = {
    "en": _words("""
        this these those such above below following previous previously preceding former latter aforementioned
        here we our us i my you your let respectively therein thereof figure fig section chapter slide
        exercise equation lecture homework theorem lemma proposition corollary proof eq etc there they them he
        she him her his hers likewise too instead nevertheless citation
    """),
    "fr": _words("""
        ce cet cette ces ci-dessous ci-dessus ci-contre ci-apres dessous dessus suivant suivante suivants
        suivantes precedent precedente precedents precedentes celui-ci celle-ci ceux-ci celles-ci celui-la
        celle-la ici nous notre nos je j mon ma mes vous votre vos tu figure fig section chapitre diapositive
        exercice equation theoreme lemme corollaire preuve demonstration proposition eq etc respectivement
        ceci cela dernier derniere derniers dernieres elle elles ils eux voir cf
    """),
}
ALLOWED = re.compile(
    r"c[’']est-à-dire|(?:lui|elle|eux|elles)-mêmes?|ce (?:qui|que|qu[’']|dont|à quoi)|such as|for this reason|"
    r"that is,|this means|"
    r"(?:la|de|l[’']|le|une?|the|a) (?:section|table|figure|chapter|proposition|preuve|proof)\b|il y a|"
    r"(?<=\w )(?:proposition|preuve) ",
    re.IGNORECASE,
)


def pointing(language: Language) -> frozenset[str]:
    """Return the folded words that no self-contained sentence starts with."""
    return _POINTING[language]


def pointers(language: Language) -> frozenset[str]:
    """Return the folded words that point out of a sentence wherever they stand in it."""
    return _POINTERS[language]


# Finite verbs that are told by their form. French present forms are listed: their endings are also those of nouns.
_VERBS: dict[Language, frozenset[str]] = {
    "en": _words("""
        is are was were has have had can could may might must will would shall should does do did means refers
        denotes consists contains includes uses allows provides requires describes represents becomes became
        remains gives takes makes made produces depends determines measures helps leads causes occurs exists
        belongs shows tells defines computes combines connects converts stores sends receives carries acts
        serves works runs operates performs supports offers needs applies follows forms holds corresponds
        comprises involves enables prevents reduces increases decreases minimizes maximizes minimises
        maximises tries aims seeks began came grew include allow provide require describe represent become
        give take make produce depend occur exist belong consist contain operate refer denote serve apply
        follow hold comprise involve enable prevent reduce determine combine send receive store move run keep
        find know mean help need carry drop call change start end grow increase decrease measure share travel
        reach pass act vary differ remain appear seem tend form cause lead require protect control define
        create build affect add draw hold treat support offer say show learn write read see are led found gave
        took wrote built won lost held kept left met rose fell spread set put cut let won born
    """),
    "fr": _words("""
        est sont etait etaient fut furent sera seront serait a ont avait avaient eut aura auront peut peuvent
        pouvait pouvaient doit doivent devait va vont fait font faisait permet permettent permettait utilise
        utilisent consiste consistent designe designent represente representent contient contiennent comprend
        comprennent comporte comportent possede possedent definit definissent indique indiquent correspond
        correspondent depend dependent produit produisent recoit recoivent envoie envoient fonctionne
        fonctionnent devient deviennent reste restent existe existent forme forment joue jouent agit agissent
        assure assurent offre offrent donne donnent prend prennent met mettent vient viennent tient tiennent
        sait savent voit voient dit disent appelle appellent nomme nomment mesure mesurent decrit decrivent
        calcule calculent transforme transforment transmet transmettent transporte transportent stocke
        stockent code codent associe associent relie relient provoque provoquent entraine entrainent cherche
        cherchent minimise minimisent maximise maximisent repose reposent signifie signifient resulte
        resultent reflete refletent affecte affectent constitue constituent caracterise caracterisent autorise
        autorisent facilite facilitent oblige obligent apparait apparaissent nait naissent meurt meurent vit
        vivent ecrit ecrivent lit lisent suit suivent appartient appartiennent concerne concernent implique
        impliquent necessite necessitent favorise favorisent augmente augmentent diminue diminuent reduit
        reduisent modifie modifient ajoute ajoutent rend rendent combine combinent divise divisent separe
        separent interdit remplace remplacent cree creent evite evitent exige exigent gere gerent inclut
        incluent introduit introduisent lie lient oppose opposent porte portent presente presentent propose
        proposent provient proviennent regroupe regroupent reconnait sert servent situe situent s'appelle
        traduit traite traitent travaille travaillent trouve trouvent varie varient vaut valent verifie
        verifient vise visent satisfait convient decide determine determinent distingue distinguent effectue
        effectuent execute executent etudie etudient evolue evoluent exprime expriment garantit impose
        influence interprete intervient libere migre mange mangent nourrit passe passent perd perdent perturbe
        place precede protege provoque renvoie renvoient respecte reussit subit subissent supprime utilisait
        abrite absorbe accueille adopte affirme aide alterne annonce applique apporte arrive assiste attaque
        atteint attire beneficie capture cesse circule compose comptent conclut conduit confirme connait
        conserve considere construit couvre debute declare decouvre defend demeure detruit dirige dispose
        domine elimine emet emploie engage enregistre entoure estime etablit explique exploite exporte
        fabrique fonde fournit franchit habite illustre installe invite manifeste marque mene montre obtient
        occupe opere organise partage participe percoit pese pratique precise prepare preserve prevoit procede
        progresse prouve publie rappelle rassemble reagit realise recouvre refuse regit rejette rejoint
        remonte remporte rencontre renferme renforce ressemble retourne reunit revele etend souligne stimule
        succede suppose survit temoigne tire touche tourne traverse unit pousse poussent demande demandent
        empeche empechent
    """),
}
_FINITE: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"[a-z]{3,}ed$|isn|aren|wasn|doesn|don|didn|cannot|can't"),
    "fr": re.compile(
        r"[a-z]{2,}(?:aient|erent|irent|urent|eront|iront|raient|erait|issent)$|[a-z]{3,}(?<!f)(?<!r)ait$"
    ),
}
SUBORDINATORS: dict[Language, frozenset[str]] = {
    "en": _words("that which who whom whose where when if because although though while whether as since unless until"),
    "fr": _words(
        "qui que qu dont wherein lequel laquelle lesquels lesquelles si lorsque lorsqu quand comme puisque car"
    ),
}


def is_finite(word: str, language: Language) -> bool:
    """Tell whether a folded word has the form of a finite verb (an English participle in -ed counts)."""
    return word in _VERBS[language] or bool(_FINITE[language].fullmatch(word))


# Nouns and adjectives that are no answer alone: a gap on them has many fillers. Folded.
GENERAL = _words("""
        example examples case cases way ways number numbers part parts type types kind kinds time times year
        years thing things people person persons man men woman women result results problem problems method
        methods use uses order form forms work works set sets value values point points line lines level
        levels step steps end start beginning group groups name names word words field fields area areas state
        states system systems process processes fact facts idea ideas concept concepts question questions
        answer answers reason reasons role roles effect effects amount amounts rest others other one ones same
        new different various several many important main general common possible large small high low good
        great long short first second last next century day days month months week hour world country
        countries place places side sides top bottom left right change changes difference differences approach
        approaches technique techniques model models data information term terms course student students note
        notes page chapter section book university science machine machines object objects element elements
        user users development research program exemple exemples cas facon facons maniere manieres nombre
        nombres partie parties genre sorte sortes fois chose choses gens personne personnes homme hommes femme
        femmes resultat resultats probleme problemes methode usage ordre forme formes travail travaux ensemble
        ensembles valeur valeurs ligne lignes niveau niveaux etape etapes fin debut groupe groupes nom noms
        mot mots domaine domaines etat etats systeme systemes processus fait faits idee idees notion notions
        reponse raison raisons effet effets quantite reste autre autres meme memes nouveau nouvelle nouveaux
        nouvelles different differents differente differentes divers diverses plusieurs important importante
        principal principale principaux general generale commun commune possible possibles grand grande grands
        grandes petit petite petits petites haut haute bas basse bon bonne long longue court courte premier
        premiere deuxieme second seconde dernier derniere siecle siecles jour jours mois semaine heure heures
        an ans annee annees monde pays lieu lieux cote cotes endroit changement difference approche technique
        modele modeles donnees information informations terme termes cours eleve eleves etudiant etudiants
        page livre universite objet objets element elements utilisateur utilisateurs developpement recherche
        programme moment moments temps vue cause causes moyen moyens suite base compte condition conditions
        situation aide but buts objectif objectifs grace hasard particulier particuliere plupart majorite sein
        milieu manque tour face avis besoin possibilite caracteristique caracteristiques propriete proprietes
        fonction fonctions version versions norme action actions activite activites phenomene phenomenes
        facteur facteurs presence absence ability addition basis benefit goal purpose need property properties
        function functions structure structures feature features early typical recent modern usual speed
        speeds factor factors version versions variable variables experience influence importance nature
        source sources
    """)

# What is not the topic of its pages. Folded, whole headings or their first word.
EMPTY_HEADINGS = _words("""
        introduction conclusion conclusions exercises exercise exercices exercice references bibliography
        bibliographie summary resume sommaire contents plan outline agenda objectives objectifs learning goals
        remarque remarques exemple exemples example examples note notes annexe annexes appendix index
        questions question solution solutions corrige correction acknowledgements remerciements preface
        abstract overview recap rappel rappels definition definitions theoreme theorem proposition preuve
        proof mini-exercices motivation motivations generalites divers table tableau figure cours lecture
        chapitre chapter partie part section travail devoir homework tp td sources source
    """)

OPPOSITES: dict[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        ("increases", "decreases"), ("increase", "decrease"), ("larger", "smaller"), ("higher", "lower"),
        ("highest", "lowest"), ("largest", "smallest"), ("maximum", "minimum"), ("maximize", "minimize"),
        ("maximizes", "minimizes"), ("minimizing", "maximizing"), ("minimises", "maximises"), ("faster", "slower"),
        ("before", "after"), ("more", "less"), ("positive", "negative"), ("linear", "non-linear"),
        ("supervised", "unsupervised"), ("directly", "indirectly"), ("always", "never"), ("internal", "external"),
        ("upper", "lower"), ("longer", "shorter"), ("stronger", "weaker"), ("strongest", "weakest"),
        ("oldest", "newest"), ("sufficient", "insufficient"), ("dependent", "independent"),
    ),
    "fr": (
        ("augmente", "diminue"), ("augmentent", "diminuent"), ("augmenter", "diminuer"), ("maximum", "minimum"),
        ("maximale", "minimale"), ("maximal", "minimal"), ("maximise", "minimise"), ("maximiser", "minimiser"),
        ("maximisent", "minimisent"), ("avant", "après"), ("plus", "moins"), ("positif", "négatif"),
        ("positive", "négative"),  ("supérieure", "inférieure"), ("supérieur", "inférieur"),
        ("linéaire", "non linéaire"), 
        ("interne", "externe"), ("supervisé", "non supervisé"), ("directement", "indirectement"),
        ("dépendante", "indépendante"), ("dépendant", "indépendant"), ("courte", "longue"),
    ),
}  # fmt: skip

# What makes a statement one of a cause, a purpose, a condition or a comparison.
RELATION: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:because|therefore|so that|in order to|leads? to|caused? by|causes|depends? on|results? in|due to|"
        r"thus|unlike|"
        r"whereas|while|than|allows?|enables?|prevents?|requires?|contrasts?|compared|instead of|rather than|"
        r"proportional)\b"
    ),
    "fr": re.compile(
        r"\b(?:parce|car|donc|afin|entraîne|provoque|dépend|permet(?:tent)?|grâce à|à cause de|en raison|contrairement|"
        r"tandis que|alors que|plus \w+ que|moins \w+ que|nécessite|empêche|résulte|conduit à|au lieu de|"
        r"proportionnelle?)\b"
    ),
}
