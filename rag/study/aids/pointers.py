"""Words by which a sentence points outside itself: at figures, at what is named before it, at the reader."""

import re

from ingest.types import Language

ELSEWHERE = re.compile(
    r"\b(?:below|above|overleaf|hereafter|as follows|the following|following (?:figure|table|section|example|formula|"
    r"steps?|definitions?|way|page|slide|sections?)|(?:next|previous|preceding|last|this) (?:figure|table|section|"
    r"chapter|slide|page|example|lecture|equation|paragraph|exercise)|as (?:shown|described|defined|discussed|"
    r"mentioned|explained|noted|seen|stated)|(?:we (?:have )?(?:saw|seen|see|recall))|recall that|"
    r"(?:as )?previously \w+ed|do(?:es)? (?:it|so)|see (?:them|also|"
    r"section|"
    r"figure|table|chapter|appendix|page|below|above|\d)|(?:figure|fig|table|section|chapter|slide|page|equation|eq|"
    r"appendix|example|exercise|theorem|lemma|annex)s?\.? ?\(?\d|here (?:is|are)|in what follows|the (?:figure|"
    r"table|diagram|graph|picture) "
    r"(?:shows|illustrates|gives)|(?:first|second|left|right) figure)\b"
    r"|\bci-(?:dessus|dessous|contre|apres|avant|joint)|\b(?:plus haut|plus bas|voir|cf|comme suit|"
    r"(?:maniere|facon|formule|exemple|tableau|figure|section|page|chapitre|schema|paragraphe|definition|regle|"
    r"etape|propriete|forme|relation)s? (?:suivante?|precedente?|vue?)s?|(?:figure|fig|tableau|section|chapitre|page|"
    r"equation|annexe|exemple|exercice|theoreme|lemme|diapositive|paragraphe)s?\.? ?\(?\d|voici|voila|"
    r"(?:premiere|seconde|deuxieme|derniere) figure|^(?:les? |la |l')[\w' -]{3,40} suivante?s?\b|"
    r"(?:on a|nous avons) vu|rappelons|on rappelle|dans la suite|par la suite|(?:la|le) (?:figure|tableau|schema|"
    r"diagramme|graphique) (?:montre|illustre|presente|donne|represente))\b"
)
# What opens a sentence about something named before it.
_POINTER_EN = (
    r"it|its|this|these|those|that|they|their|them|he|she|his|her|hers|him|we|our|us|i|my|you|your|such|so|here|who|"
    r"which|whose|and|or|but|nor|then|also|neither|doing so|to do so|in (?:this|these|that|such|doing|both|each|"
    r"his|her|"
    r"its|their|our|your|other words|addition|contrast|turn|summary|conclusion|particular)|"
    r"(?:at|for|with|from|by|on|of|to|under|after|before|during|within|through|as|because of|despite|unlike|like|"
    r"among|since|until) (?:this|these|those|that|such|his|her|its|their|our|it|them|him|doing)"
)
_POINTER_FR = (
    r"il(?! (?:y a|existe|est (?:possible|important|necessaire|difficile|courant|preferable|impossible|recommande|"
    r"conseille|admis|interdit|frequent)|faut|suffit|s'agit))|elles?|ils|ce|cet|cette|ces|cela|ceci|ca|c'est|"
    r"c'etait|c'|son|sa|ses|leurs?|nous|vous|notre|"
    r"votre|nos|vos|tu|je|j'|celui|celle|ceux|celles|y|en (?:voici|effet|resume|outre|revanche|particulier|"
    r"conclusion|"
    r"ce|cela|fait|plus)|et|ou|mais|or|ni|donc|car|ici|tels?|telles?|d'ou|d'autres|l'un|l'une|lui|eux|qui|que|dont|"
    r"(?:a|apres|avant|pour|par|avec|dans|sur|sous|de|depuis|selon|sans|malgre|grace a|lors de|pendant|durant|chez|"
    r"suite a|des|jusqu'a|au cours de|en|du fait de|a partir de|contrairement a|vers) (?:ce|cet|cette|ces|cela|"
    r"ceci|son|"
    r"sa|ses|leurs?|lui|elles?|eux|celui|celle|celles|ceux|notre|nos)"
)
POINTER: dict[Language, re.Pattern[str]] = {
    "en": re.compile(rf"^\W*(?:{_POINTER_EN})\b"),
    "fr": re.compile(rf"^\W*(?:{_POINTER_FR})(?![\w])"),
}
# "Built in 1960, it …": the pronoun behind the opening stands for something named before.
LATE_POINTER: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"^(?!(?:although|though|when|if|while|because|since|as|once|after|before|unless|whereas|even)\b)"
        r"[^,;:]{3,120}, (?:it|they|he|she|this|these)\b|"
        r"^(?:initially|originally|\w{3,}ed)\b.*\b(?:it|they|he|she)\b"
    ),
    "fr": re.compile(
        r"^(?!(?:si|s'il|quand|lorsqu|comme|bien qu|puisqu|apres qu|avant qu|des qu|meme si|alors qu|tant qu)\b)"
        r"[^,;:]{3,120}, (?:ils?|elles?|ce|cela|celui-ci|celle-ci)\b(?! (?:y a|existe|est (?:possible|important|"
        r"necessaire|difficile|d'abord)|faut|suffit|s'agit|faudra))"
    ),
}
# What ties a sentence to the one before, though it may be understood without.
_LINK_EN = (
    r"however|thus|therefore|hence|moreover|furthermore|nevertheless|nonetheless|consequently|additionally|finally|"
    r"first|firstly|second|secondly|third|thirdly|lastly|similarly|likewise|instead|otherwise|again|meanwhile|indeed|"
    r"accordingly|as (?:such|a result|a consequence)|another|others?|in fact|for (?:example|instance)|"
    r"on the (?:other|one)"
    r"|the (?:same|other|others|former|latter|third|second|last|resulting|above|remaining|rest)|there|later|"
    r"still|yet|"
    r"now|next|finding|find|take|use|let|note|see|consider|compute|show|prove|write|give|explain|calculate|"
    r"some (?:such|of)|merge|can|may|might|could|should|would|will|must|is|are|was|were|has|have|had|does|did|"
    r"used (?:for|to|in|by)|"
    r"continue|repeat|suppose|assume|recall|remember|try|click|open|go|choose|select|read|get to|make|initialize"
)
_LINK_FR = (
    r"toutefois|cependant|neanmoins|ainsi|donc|par (?:ailleurs|consequent|exemple|contre|suite)|de (?:plus|meme|fait|"
    r"ce fait|la)|enfin|puis|ensuite|alors|aussi|pourtant|autrement|finalement|premierement|deuxiemement|d'abord|"
    r"d'une part|d'autre part|au contraire|inversement|reciproquement|notamment|a cette|globalement|typiquement|"
    r"jusqu'(?:ici|alors)|l[ea]s? (?:meme|autre|autres|second|seconde|troisieme|deuxieme|dernier|derniere|"
    r"premier est|reste)|"
    r"(?:un|une) autre|autres?|on(?! (?:appelle|nomme|dit|definit|entend|designe))|montrer|calculer|determiner|"
    r"donner|trouver|soit|soient|prevoir|pour beaucoup|certains"
    r"|certaines|cas particulier|remarque|plus \w+,"
)
_LABELLED = r"[\w. -]{2,25}\s?:\s"
LINK: dict[Language, re.Pattern[str]] = {
    "en": re.compile(rf"^\W*(?:(?:{_LINK_EN})(?!\w)|{_LABELLED})"),
    "fr": re.compile(rf"^\W*(?:(?:{_LINK_FR})(?!\w)|{_LABELLED})"),
}
INSIDE: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:here|this|these|those|such (?!as\b)|the (?:former|latter)|aforementioned|thus|therefore|we|our|"
        r"you|your)\b"
    ),
    "fr": re.compile(
        r"\b(?:ce (?!qu|dont|sont|n'|dernier|phenomene qu)|cet (?!egard)|cette (?!derniere|fois)|ces (?!dernier)|"
        r"celui-ci|celle-ci|ceux-ci|celles-ci|susdit|cela|donc|nous|notre|nos|vous|votre|vos)\b"
    ),
}
