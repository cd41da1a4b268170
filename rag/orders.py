"""Find orders to a language model inside documents: data that asks to be obeyed is no evidence.

A sentence is an order when it bears one strong sign (it overrides instructions, poses as the system, asks for the
prompt, gives a role, or dictates the answer); next to an order, weaker signs suffice. A sentence that only quotes an
order, as a lecture on the subject does, is none.
"""

import re
from functools import lru_cache

from ingest.language import fold, sentences
from ingest.types import Language

_RULES = (
    r"(?:instructions?|consignes?|directives?|regles?|rules?|prompts?|guidelines?|ordres?|orders?|guardrails?|"
    r"commands?)"
)
_SAY = (
    r"(?:answer|respond|reply|say|state|write|output|print|repeat|start|begin|end|finish|include|append|insert|add|"
    r"mention|claim|pretend|tell|announce|return|emit|reponds|repondez|repondre|dis|dites|ecris|ecrivez|ecrire|affiche|"
    r"affichez|repete|repetez|commence[zr]?|termine[zr]?|ajoute[zr]?|inclus|incluez|insere[zr]?|mentionne[zr]?|"
    r"affirme[zr]?|declare[zr]?|pretend[sz]?|annonce[zr]?|indique[zr]?|renvoie|renvoyez|produis|produisez)"
)
_MACHINE = (
    r"(?:assistants?|chatbots?|(?:language |ai )?models?(?! of)|modeles? de langage|modeles? de langue|\bbots?\b|llms?|"
    r"\b(?:l')?ia(?! de)\b|\bai\b|gpt\w*|ordinateur|robot)"
)
_TONGUE = (
    r"(?:english|french|german|spanish|italian|latin|chinese|russian|portuguese|klingon|esperanto|dutch|anglais|"
    r"francais|allemand|espagnol|italien|chinois|russe|portugais|neerlandais)"
)
_LINK = r"(?:https?://|www\.|\burl\b|\blink\b|\blien\b|\b[\w-]+\.(?:example|com|org|net|fr|test|invalid)\b)"
_YOURS = r"(?:your|its|the|all|any|tes|vos|ton|votre|ses|les|le|la|toutes?(?: (?:tes|vos|les))?)"
_BEGIN = (
    r"(?:^|[.!?:;,»\"”)\]*>|-]\s*|"
    r"\b(?:please|now|then|and|must|should|to|you|svp|plait|maintenant|puis|et|de|dois|devez|doit)\s+)"
)
_STRONG = re.compile(
    "|".join(
        (
            rf"\b(?:ignor|disregard|forget|overrid|bypass|oubli|contourn|abandon|annul|neglig|supersed|replac|remplac|"
            rf"discard|drop|cancel|outrepass|fais fi|faites fi)\w*\b[^.!?]{{0,40}}\b{_RULES}\b",
            rf"\bne (?:tiens|tenez|tenir|suis|suivez|respecte\w*)\b[^.!?]{{0,30}}\b{_RULES}\b",
            rf"\b(?:do not|don't|stop) (?:follow|obey|respect|use|us|following|obeying|"
            rf"using)\w*\b[^.!?]{{0,40}}\b{_RULES}\b",
            r"\b(?:ignore|disregard|forget|oublie[zr]?|ignore[zr]?)\b[^.!?]{0,40}\b(?:above|previous|prior|"
            r"earlier|other "
            r"(?:passages|sources|documents)|precede\w*|ci-dessus|autres (?:passages|sources|documents)|reste des?|"
            r"question)\b",
            rf"\b(?:new|updated|nouvelles?|real|vraies?|secret|hidden|priority|prioritaires?) {_RULES}\b\s*[:,-]|"
            rf"\b{_RULES} "
            rf"(?:prioritaires?|nouvelles?|secretes?|for|pour|a l'attention)\b[^.!?]{{0,30}}{_MACHINE}",
            r"<\|?/?(?:im_start|im_end|system|assistant|user|inst)|\[/?inst\]|#{2,} ?(?:system|instruction|"
            r"assistant|systeme|response|reponse|input|user|utilisateur)",
            # A glossary says "Système : un ensemble"; what poses as the system speaks to someone.
            r"^[\s\[(*]*(?:system|systeme|assistant|administrat(?:or|eur)|developer|developpeur)(?: prompt| "
            r"message)?\s*"
            rf"[\])*]*\s*:(?=.{{0,80}}\b(?:you|tu|vous|user|utilisateur|assistant|passages?|{_SAY})\b)",
            rf"\b(?:message|note|attention|avis|notice|order|ordre|instructions?|consignes?)\b[^.!?]{{0,25}}\b(?:to|"
            rf"for|aux?|a l'|pour "
            rf"(?:le|la|les|l')|a (?:toute?s? )?)\s*(?:the |any |all |l')?{_MACHINE}",
            rf"\b(?:dear|cher|chere|hey|hello|bonjour|attention),? (?:the |l'|le )?{_MACHINE}\b",
            rf"{_BEGIN}(?:if you are|si (?:tu es|vous etes)|as|en tant qu')[^.!?]{{0,12}}{_MACHINE}",
            r"\b(?:you are|you're|tu es|vous etes) (?:now|desormais|maintenant|a present|no longer|plus)\b",
            rf"\b(?:from now on|henceforth|a partir de maintenant|dorenavant|desormais),? (?:you|tu|vous|{_SAY}|ne|"
            rf"your|ta|tes|vos)\b",
            rf"{_BEGIN}(?:act|behave|pretend|agis|agissez|comporte|fais|faites|joue[zr]?|imagine[zr]?)\b[^.!?]{{0,12}}"
            rf"\b(?:as if|as an?|like an?|to be|that you are|you are|comme si|comme un|en tant|le role|que tu es|"
            rf"que vous etes|semblant)\b",
            rf"\b(?:reveal|show|print|repeat|display|disclose|output|copy|recite|quote|leak|translate|summari[sz]e|"
            rf"revele[zr]?|affiche[zr]?|"
            rf"montre[zr]?|recopie[zr]?|donne[zr]?|recite[zr]?|cite[zr]?|divulgue[zr]?|repete[zr]?|imprime[zr]?|dis|"
            rf"dites|ecris|"
            rf"ecrivez|tradui\w+|resume[zr]?)\b[^.!?]{{0,30}}\b(?:system prompt|prompt|hidden prompt|(?:{_YOURS} "
            rf")(?:\w+ )?"
            rf"(?:instructions|consignes|directives|rules|regles)|message systeme|invite systeme|system message|"
            rf"words above)\b",
            rf"{_BEGIN}{_SAY}\b[^.!?]{{0,25}}\b(?:only|exactly|just|nothing but|solely|verbatim|uniquement|"
            rf"seulement|exactement|"
            rf"exclusivement|rien d'autre|simplement|word for word|mot pour mot)\b",
            rf"{_BEGIN}{_SAY}\b[^.!?]{{0,40}}\b(?:the (?:single )?(?:word|phrase|token|code)|le (?:seul )?mot|la "
            rf"phrase|le code|l'expression)\b",
            rf"{_BEGIN}(?:{_SAY}|speak|switch|translate|parle[zr]?|tradui\w+|passe[zr]?|"
            rf"continue[zr]?)\b[^.!?]{{0,40}}\b(?:in|en|to|into|au) {_TONGUE}\b",
            r"\b(?:your|ta|votre|any|every|each|all|toute?s?|chaque) (?:\w+ )?(?:answers?|repl(?:y|ies)|responses?|"
            r"reponses?)\b[^.!?]{0,40}"
            r"\b(?:must|shall|should|will|has to|doi\w+|devra|sera|est|consist\w*|commence\w*|contien\w*|"
            r"contain\w*|begin|start|end)\b",
            r"\b(?:whatever|no matter what|regardless of|quelle que soit|quoi qu'|peu "
            r"importe)\b[^.!?]{0,30}\b(?:ask\w*|question|demand\w*|says?|dit|disent|dise)\b",
            rf"\b(?:if|when|whenever|si|quand|lorsqu')\b[^.!?]{{0,25}}\b(?:asks?|asked|questioned|demande\w*|"
            rf"interroge\w*|pose la question)\b"
            rf"[^.!?]{{0,80}}\b(?:{_SAY}|tell|only|must|should|dois|devez|il faut)\b",
            rf"{_BEGIN}(?:cite|invent|fabricate|make up|attribute|invente[zr]?|fabrique[zr]?|"
            rf"attribue[zr]?)\b[^.!?]{{0,50}}\b(?:passages?|sources?|citations?|"
            rf"references?|quotes?|\[?\d+\]?|fausse|fake|article|pages?)\b",
            rf"{_BEGIN}(?:visit|open|fetch|load|click|go to|download|send|browse|follow|call|request|post|render|"
            rf"embed|display|visite[zr]?|ouvre[zr]?|"
            rf"charge[zr]?|clique[zr]?|va|allez|rends-toi|rendez-vous|telecharge[zr]?|envoie|envoyez|consulte[zr]?|"
            rf"appelle|suis|suivez|affiche[zr]?|integre[zr]?)\b"
            rf"[^.!?]{{0,60}}{_LINK}",
            rf"\b(?:your|ta|votre) (?:only |sole |new |real |next |seule |nouvelle |vraie )?(?:task|job|role|goal|"
            rf"mission|tache)"
            rf" (?:is|est|consiste)\b|\bnew {_RULES} (?:is|are)\b|\bnouvelles? {_RULES} (?:est|sont)\b",
            r"\b(?:system|systeme) (?:override|command|note|commande)\b|\b(?:commande|note)s? (?:au |du )?systeme\b",
            rf"(?:^|[.:;*]\s*){_MACHINE}\s*,|(?:{_MACHINE}|modeles?|programmes?) (?:reading|that reads?|who reads?|"
            rf"qui li(?:t|sent|ra))\b",
            rf"\b(?:name|nom) (?:of|de) (?:the |l')?{_MACHINE}|\b{_MACHINE}(?:'s)? name\b",
            r"\b(?:let us|let's|jouons|on va) (?:play|jouer|a un jeu)\b",
            rf"{_BEGIN}(?:cite[zr]?|quote|add|ajoute[zr]?|attribut?e?[zr]?)\b[^!?]{{0,70}}\b(?:as if|comme si|"
            rf"although no|meme si|(?:your|ta|votre|"
            rf"the) (?:answer|reply|response|reponse))\b",
            r"\b(?:answer|response|reponse) (?:officielle|correcte|exacte|attendue|for|pour)\b[^.!?]{0,30}:",
            r"!\[[^\]]*\]\(|<(?:img|script|iframe|a|b|svg|marquee|h1|style|object)\b|\]\((?:https?|javascript|"
            r"data):|javascript:",
            r"\b(?:correct|right|true|only|official|bonne|vraie|seule|veritable|"
            r"officielle)\b[^.!?]{0,15}\b(?:answer|response|reponse)\b"
            r"[^.!?]{0,50}\b(?:is|est|:|=|must|doit)",
        )
    )
)  # fmt: skip
_WEAK = re.compile(
    rf"\b(?:answer|response|reponse|password|mot de passe|prompt|user|utilisateur|assistant)\b|{_LINK}|\b(?:you|"
    rf"your|tu|toi|ton|ta|tes|vous|votre|vos)\b|"
    rf"{_BEGIN}{_SAY}\b|\[\d+\]"
)
_SHOUT = re.compile(r"\b[A-Z]{2,}[-_]?[A-Z\d]{2,}\b|[\w]+-\d{3,}")
_QUOTED = re.compile(r"«[^«»]{3,}»|“[^“”]{3,}”|\"[^\"\n]{3,}\"|‘[^‘’]{3,}’")
_SAID_AROUND = 3
_REACH = 2


@lru_cache(maxsize=2_000)
def order_spans(text: str, language: Language) -> tuple[tuple[int, int], ...]:
    """Return the sentences of ``text`` that give orders to whoever reads it for an answer."""
    spans = sentences(text, language)
    strong = [_is_strong(text[start:end]) for start, end in spans]
    found = list(strong)
    for place, own in enumerate(strong):
        if own:
            for other in range(place + 1, min(len(spans), place + 1 + _REACH)):
                piece = text[slice(*spans[other])]
                found[other] = found[other] or bool(_WEAK.search(fold(piece)) or _SHOUT.search(piece))
    return tuple(span for span, marked in zip(spans, found, strict=True) if marked)


def is_order(sentence: str) -> bool:
    """Tell whether a sentence by itself gives an order to a model."""
    return _is_strong(sentence)


def without_orders(text: str, language: Language) -> str:
    """Return ``text`` with its orders blanked out, of the same length: every offset stays right."""
    blank = list(text)
    for start, end in order_spans(text, language):
        blank[start:end] = " " * (end - start)
    return "".join(blank)


def _is_strong(sentence: str) -> bool:
    # A sentence that quotes an order, with words of its own around it, speaks of it and gives none.
    plain = _QUOTED.sub(" ", sentence)
    quotes = len(re.findall(r"\w+", plain)) >= _SAID_AROUND and plain != sentence
    return bool(_STRONG.search(fold(plain if quotes else sentence).strip()))
