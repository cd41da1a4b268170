"""Where questions and passages go: to models on this computer, or to a server that was chosen."""

from rag.choice import ModelChoice
from rag.endpoint.address import Address, Reach, read_address
from rag.errors import ModelError
from ui.services import AppServices
from ui.texts import Texts

_FAR: tuple[Reach, ...] = ("computer", "network", "internet")


def destination(app: AppServices, texts: Texts) -> str:
    """Return the line of facts that says so, as markdown."""
    return _told(texts, _farthest(app)) or f":material/lock: {texts('app.local')}"


def goes_to(texts: Texts, choice: ModelChoice | None) -> str:
    """Return the line that says to which server the passages of one answer go, "" for a model on this computer."""
    return _told(texts, address_of(choice))


def _told(texts: Texts, address: Address | None) -> str:
    if address is None:
        return ""
    if address.reach == "computer":
        return f":material/computer: {texts('endpoint.goes_here')}"
    return f":material/cloud_upload: **{texts('endpoint.goes_to', host=address.host)}**"


def privacy(app: AppServices, texts: Texts) -> str:
    """Return the promise of an empty notebook, as markdown."""
    address = endpoint_of(app)
    if address is None or address.reach == "computer":
        return f":material/lock: {texts('app.privacy')}"
    return f":material/cloud_upload: {texts('endpoint.privacy', host=address.host)}"


def endpoint_of(app: AppServices) -> Address | None:
    """Return the server of the model that writes, or is about to; None for a model on this computer."""
    models = app.library.models
    underway = models.underway()
    # A question asked now may wait for the model that is being exchanged.
    is_coming = underway is not None and underway.kind == "endpoint"
    return address_of((underway if is_coming else app.status().choice) or models.chosen())


def _farthest(app: AppServices) -> Address | None:
    """Return the server that writes, or that a question is asked of: among several, the one farthest away."""
    asked = [address_of(choice) for choice in app.library.conversation.awaited_models()]
    known = [address for address in (*asked, endpoint_of(app)) if address]
    return max(known, key=lambda address: _FAR.index(address.reach), default=None)


def address_of(choice: ModelChoice | None) -> Address | None:
    """Return the server of a model; None for a model on this computer."""
    if choice is None or choice.kind != "endpoint":
        return None
    try:
        return read_address(choice.url)
    except ModelError:
        return None  # such a model is never loaded: nothing goes anywhere
