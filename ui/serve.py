"""Serve the app so that it stays off the network: ``python -m ui.serve app.py [OPTION...]``, as ``streamlit run``.

Asked by a page of another origin, Streamlit looks up the addresses of this computer: it opens a socket to 8.8.8.8 and
asks checkip.amazonaws.com. Any page open in the user's browser could make it do so. No option turns that off.
"""

import sys

from streamlit import net_util


def stay_off_the_network() -> None:
    """Let Streamlit know no address of this computer but those it is told; other origins are refused at once."""
    net_util.get_internal_ip = _unknown
    net_util.get_external_ip = _unknown


def _unknown() -> str | None:
    return None


if __name__ == "__main__":
    from streamlit.web.cli import main

    stay_off_the_network()
    main(["run", *sys.argv[1:]], prog_name="streamlit")
