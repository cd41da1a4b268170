"""Where questions and passages go: to the model on this computer, or to a server that was chosen."""

from rag.endpoint.address import Address, read_address
from rag.errors import ModelError
from ui.services import AppServices
from ui.texts import Texts


def destination(app: AppServices, texts: Texts) -> str:
    """Return the line of facts that says so, as markdown."""
    address = endpoint_of(app)
    if address is None:
        return f":material/lock: {texts('app.local')}"
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
    choice = (underway if is_coming else app.status().choice) or models.chosen()
    if choice.kind != "endpoint":
        return None
    try:
        return read_address(choice.url)
    except ModelError:
        return None  # such a model is never loaded: nothing goes anywhere
