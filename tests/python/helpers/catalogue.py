"""The texts that pages show, as they stand in the code, and the catalogues that translate them.

`python tests/python/helpers/catalogue.py de` brings the catalogue of German up to date: texts that are new get an empty
translation, and those that are gone leave. More files in `languages` whose names begin with the language and an
underscore (`de_pages.po`) are taken in and removed.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment

PROJECT = Path(__file__).parents[3]
LANGUAGES = PROJECT / "src/customer_segmentation/languages"
# what writes pages, slides and pictures
SOURCES = (
    "src/customer_segmentation/formatting.py", "src/customer_segmentation/units.py",
    "src/customer_segmentation/experiments", "src/customer_segmentation/publication",
    "src/customer_segmentation/report", "src/customer_segmentation/scoring/explanation.py",
    "src/customer_segmentation/scoring/score_file.py", "dashboard",
)  # fmt: skip
HEADER = """\
# {language}: texts of pages, slides and pictures. `python tests/python/helpers/catalogue.py {code}` adds what is new.
msgid ""
msgstr ""
"Language: {code}\\n"
"Plural-Forms: {plural_forms}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""


class Text(NamedTuple):
    """A text, its plural if it has one, and where it stands."""

    singular: str
    plural: str | None
    file: str
    line: int


def texts() -> list[Text]:
    """Return every text in the code that is looked up, in the order of files and lines."""
    found: list[Text] = []
    for source in SOURCES:
        place = PROJECT / source
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            found += in_python(path.read_text(encoding="utf-8"), path.relative_to(PROJECT).as_posix())
        for path in sorted(place.rglob("*.jinja")):
            found += in_template(path.read_text(encoding="utf-8"), path.relative_to(PROJECT).as_posix())
    return found


def in_python(code: str, file: str) -> Iterator[Text]:
    """Yield the texts of a Python file; raise ValueError where a text is put together before it is looked up."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        written = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        is_composed = any(isinstance(one, ast.JoinedStr) for one in call.args[:2])
        if (
            name in ("_", "translatable", "ngettext")
            and is_composed
            and file != "src/customer_segmentation/formatting.py"
        ):
            raise ValueError(f"{file}, line {call.lineno}: a text must be written out where it is looked up")
        if name in ("_", "translatable") and written:
            yield Text(written[0], None, file, call.lineno)
        elif name == "ngettext" and written:
            yield Text(written[0], written[1], file, call.lineno)
        elif name in ("counted", "all_of") and written:
            singular, plural = (*written, f"{written[0]}s")[:2]
            if name == "counted":
                yield Text(f"{{count}} {singular}", f"{{count}} {plural}", file, call.lineno)
            else:
                for text in (f"the {singular}", f"both {plural}", f"all {{count}} {plural}"):
                    yield Text(text, None, file, call.lineno)


def in_template(template: str, file: str) -> Iterator[Text]:
    """Yield the texts of a template of Jinja."""
    for line, _, message in Environment(extensions=["jinja2.ext.i18n"]).extract_translations(template):
        if isinstance(message, str):
            yield Text(message, None, file, line)


def catalogue(path: Path) -> Catalog:
    """Read a catalogue."""
    with path.open("rb") as file:
        return read_po(file, path.stem.split("_")[0])


def bring_up_to_date(language: str) -> None:
    """Write the catalogue of a language with the texts of the code, in their order, and the translations there are."""
    parts = [LANGUAGES / f"{language}.po", *sorted(LANGUAGES.glob(f"{language}_*.po"))]
    known = {}
    for part in parts:
        for message in catalogue(part):
            strings = [message.string] if isinstance(message.string, str) else message.string
            if message.id and any(strings):
                known[message.id if isinstance(message.id, str) else message.id[0]] = message
    new = Catalog(locale=language)
    for text in texts():
        translated = known.get(text.singular)
        new.add(
            text.singular if text.plural is None else (text.singular, text.plural),
            string=translated.string if translated is not None else None,
            locations=[(text.file, None)],
        )
    for message in new:
        message.flags.clear()
    name = Locale.parse(language).english_name
    header = HEADER.format(language=name, code=language, plural_forms=new.plural_forms)
    with parts[0].open("wb") as file:
        file.write(header.encode())
        write_po(file, new, width=120, omit_header=True)
    for part in parts[1:]:
        part.unlink()


if __name__ == "__main__":
    bring_up_to_date(*sys.argv[1:])
