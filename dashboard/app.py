"""The dashboard: `streamlit run dashboard/app.py`. It reads the published database and nothing else."""

import logging
from functools import partial
from importlib import import_module
from pathlib import Path

import choice
import freshness
import layout
import reading
import streamlit as st
from registry import PAGES

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.language import _, use_locale, used
from customer_segmentation.publication.database import other_version, published_path


def show(page) -> None:
    """Show a page of the segmentation that is chosen, or say why there is nothing to show."""
    try:
        layout.style()
        if isinstance(publication, Exception):
            raise publication
        segmentation = choice.choose(publication.fits())
        freshness.show_notices(publication.notices)
        # Imported when it is opened: a page does not wait for what another one needs.
        import_module(f"views.{page.name}").show(segmentation)
    except NotPossibleError as error:
        layout.nothing_published(str(error))
    except (KeyError, AttributeError) as error:
        # Pages read columns by their names; what other versions publish may lack one.
        logging.getLogger(__name__).exception("A page could not be shown")
        reason = f"no {error}" if isinstance(error, KeyError) else error
        layout.nothing_published(str(other_version(published_path(), reason)))
    except Exception:
        # Whatever it is, the reader gets a sentence, and the next publication is looked for all the same.
        logging.getLogger(__name__).exception("A page could not be shown")
        layout.unforeseen()
    freshness.watch(file, st.context.theme.type)


def in_its_language() -> reading.Published | Exception:
    """Return the publication, in whose language everything is written from now on, or why it cannot be read."""
    try:
        found = reading.publication()
        if found.locale() != used().locale:
            use_locale(found.locale())
            found = reading.publication()  # what it has to say is said in its language, too
    except Exception as error:
        return error  # for the page to tell, in the language used last
    return found


def address(page, **options) -> st.Page:
    """Give a page its place in the navigation and its address."""
    return st.Page(partial(show, page), title=_(page.title), icon=f":material/{page.icon}:", **options)


reading.start_over()
file = reading.identity()
publication = in_its_language()
# The icon is a file: named icons of browser tabs would come from another host.
# Only with an entry of our own is there a menu, and in it the choice between light and dark.
st.set_page_config(
    page_title=_("Customer segments"),
    page_icon=str(Path(__file__).with_name("icon.svg")),
    layout="wide",
    menu_items={
        "About": _("The segments of the customers, read from the published tables. Nothing leaves this machine.")
    },
)
first, *others = PAGES
home = address(first, default=True)


def go_home() -> None:
    """Go from the written address of the first page to "/", where it answers."""
    st.switch_page(home, query_params=st.query_params.to_dict())


st.navigation(
    [
        home,
        *[address(page, url_path=page.name) for page in others],
        st.Page(go_home, url_path=first.name, visibility="hidden"),
    ]
).run()
