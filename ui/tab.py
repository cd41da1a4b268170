"""Who asks: each browser tab by a name of its own, so that tabs take turns."""

from streamlit.runtime.scriptrunner import get_script_run_ctx


def tab() -> str:
    """Return the name of the tab whose page is drawn, a new one after a refresh; at most 64 characters."""
    context = get_script_run_ctx()
    return f"tab {context.session_id}"[:64] if context else "tab"
