"""The texts that pages show, as they stand in the code, and the catalogues that translate them.

`python tests/python/helpers/catalogue.py de` brings the catalogue of German up to date: texts that are new get an empty
translation, and those that are gone leave. More files in `languages` whose names begin with the language and an
underscore (`de_pages.po`) are taken in and removed.
"""

import ast
import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment

from customer_segmentation.datasets.known import OF_A_FEATURE, WORDS
from customer_segmentation.publication.publishing import ACCOUNT, PUBLISHED_TABLES_COMMENTS
from customer_segmentation.report.site import summary

PROJECT = Path(__file__).parents[3]
LANGUAGES = PROJECT / "src/customer_segmentation/languages"
# what writes pages, slides and pictures
SOURCES = (
    "src/customer_segmentation/formatting.py", "src/customer_segmentation/units.py",
    "src/customer_segmentation/datasets/dataset.py", "src/customer_segmentation/datasets/names.py",
    "src/customer_segmentation/datasets/suites.py", "src/customer_segmentation/experiments",
    "src/customer_segmentation/inputs", "src/customer_segmentation/publication", "src/customer_segmentation/report",
    "src/customer_segmentation/scoring", "dashboard",
)  # fmt: skip
DESCRIBED = ("models", "python_models")
TEMPLATE = "src/customer_segmentation/datasets/templates/purchases/models.yml"  # of a dataset that `init` adds
KNOWN_FEATURES = "src/customer_segmentation/datasets/known/features.csv"
RFM_GROUPS = "seeds/judgement/rfm_group_definitions.csv"
HEADER = """\
# {language}: texts of pages, slides and pictures. `python tests/python/helpers/catalogue.py {code}` adds what is new.
msgid ""
msgstr ""
"Language: {code}\\n"
"Plural-Forms: {plural_forms}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""


class Text(NamedTuple):
    """A text, its plural if it has one, where it stands, and the context that its translation depends on."""

    singular: str
    plural: str | None
    file: str
    line: int
    context: str | None = None


def texts() -> list[Text]:
    """Return every text in the code that is looked up, in the order of files and lines."""
    found: list[Text] = []
    for source in SOURCES:
        place = PROJECT / source
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            found += in_python(path.read_text(encoding="utf-8"), path.relative_to(PROJECT).as_posix())
        for path in sorted(place.rglob("*.jinja")):
            found += in_template(path.read_text(encoding="utf-8"), path.relative_to(PROJECT).as_posix())
    return [*found, *reasons_of_checks(), *summaries_of_tables(), *rfm_groups(), *known_features()]


def reasons_of_checks() -> Iterator[Text]:
    """Yield why the checks of the suites matter, which the page of their results shows."""
    for path in sorted((PROJECT / "quality").rglob("*.yml")):
        for expectation in yaml.safe_load(path.read_text(encoding="utf-8"))["expectations"]:
            yield Text(expectation["meta"]["why"], None, "quality", 0)


def summaries_of_tables() -> Iterator[Text]:
    """Yield what the site says of each published table, of this project and of a dataset that `init` adds."""
    listed = re.findall(r"'(\w+)'", (PROJECT / "macros/publication/public_tables.sql").read_text(encoding="utf-8"))
    names = re.compile("|".join(rf"\w+{name}" if name.startswith("_") else name for name in listed))
    for folder, path in ((one, path) for one in DESCRIBED for path in sorted((PROJECT / one).rglob("*__models.yml"))):
        for model in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["models"]:
            if names.fullmatch(model["name"]):
                own = f" of {path.parent.name} "
                yield Text(summary(model["description"]).replace(own, " of {dataset} "), None, folder, 0)
    template = (PROJECT / TEMPLATE).read_text(encoding="utf-8")
    for name, described in re.findall(r"- name: <dataset>(\w+)\n    description: >-\n((?: {6}.+\n)+)", template):
        if name in listed:
            yield Text(summary(" ".join(described.split())), None, TEMPLATE, 0)
    yield Text(summary(PUBLISHED_TABLES_COMMENTS[ACCOUNT, None]), None, "src/customer_segmentation/publication", 0)


def in_python(code: str, file: str) -> Iterator[Text]:
    """Yield the texts of a Python file; raise ValueError where a text is put together before it is looked up."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        written = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        is_composed = any(isinstance(one, ast.JoinedStr) for one in call.args[:2])
        if (
            name in ("_", "translatable", "ngettext", "pgettext")
            and is_composed
            and file != "src/customer_segmentation/formatting.py"
        ):
            raise ValueError(f"{file}, line {call.lineno}: a text must be written out where it is looked up")
        if name in ("_", "translatable") and written:
            yield Text(written[0], None, file, call.lineno)
        elif name == "ngettext" and written:
            yield Text(written[0], written[1], file, call.lineno)
        elif name == "pgettext" and written:
            yield Text(written[1], None, file, call.lineno, context=written[0])
        elif name in ("counted", "all_of", "none_of") and written:
            singular, plural = (*written, f"{written[0]}s")[:2]
            if name == "counted":
                yield Text(f"{{count}} {singular}", f"{{count}} {plural}", file, call.lineno)
            elif name == "all_of":
                for text in (f"the {singular}", f"both {plural}", f"all {{count}} {plural}"):
                    yield Text(text, None, file, call.lineno)
            else:
                for text in (f"no {singular}", f"neither {singular}", f"none of the {{count}} {plural}"):
                    yield Text(text, None, file, call.lineno)


def in_template(template: str, file: str) -> Iterator[Text]:
    """Yield the texts of a template of Jinja."""
    for line, _, message in Environment(extensions=["jinja2.ext.i18n"]).extract_translations(template):
        if isinstance(message, str):
            yield Text(message, None, file, line)


def rfm_groups() -> Iterator[Text]:
    """Yield what this project says of the RFM groups, and advises."""
    with (PROJECT / RFM_GROUPS).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield from (Text(row[column], None, RFM_GROUPS, 0) for column in ("description", "advice"))


def known_features() -> Iterator[Text]:
    """Yield the words that `init` proposes for well known features, in the language of the pages."""
    with (PROJECT / KNOWN_FEATURES).open(encoding="utf-8", newline="") as file:
        words = dict.fromkeys(row[name] for row in csv.DictReader(file) for name in WORDS)
    # a unit of money alone is the same in any language
    yield from (Text(word, None, KNOWN_FEATURES, 0, context=OF_A_FEATURE) for word in words if "{" not in word)


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
                known[message.context, message.id if isinstance(message.id, str) else message.id[0]] = message
    new = Catalog(locale=language)
    for text in texts():
        translated = known.get((text.context, text.singular))
        new.add(
            text.singular if text.plural is None else (text.singular, text.plural),
            string=translated.string if translated is not None else None,
            locations=[(text.file, None)],
            context=text.context,
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
