"""The models of a dataset as texts: its folder in models/datasets."""

import json
import re
from importlib.resources import files
from importlib.resources.abc import Traversable

from customer_segmentation.datasets.host import PACKAGE
from customer_segmentation.datasets.proposal import Input, Proposal, ProposedColumn

DOCUMENTED = {"customer_id", "gender", "age", "annual_income_k", "last_purchase_date", "signed_up_on", "recency_days"}
TYPES = {"number": "double", "date": "date"}
# What purchases add to the feature mart, with the type of each column.
PURCHASE_COLUMNS = {
    "customer_since": "date",
    "first_purchase_date": "date",
    "last_purchase_date": "date",
    "recency_days": "double",
    "frequency": "double",
    "monetary_value": "double",
    "average_order_value": "double",
    "tenure_days": "double",
    "days_between_purchases": "double",
    "return_rate": "double",
    "categories_bought": "double",
    "favourite_category": "string",
    "favourite_category_share": "double",
    "purchase_history": "string",
    "as_of_date": "date",
    "customer_key": "string",
    "is_synthetic": "boolean",
}
DESCRIPTIONS = {
    "spending_score": "Spending score, from 1 (spends little) to 100 (spends much).",
    "customer_since": "Day of sign-up or of the first purchase, whichever came first; empty if neither is known.",
}
LONGEST_LINE = 110
# what dbt_project.yml says of the datasets of this project
LAYER_OF_GUEST = """\
      schema: staging
      # with the target spark, Spark computes what has a row for every customer or purchase
      materialized: "{{ 'spark_table' if target.name == 'spark' else 'table' }}"
"""


def model_files(proposal: Proposal, *, is_guest: bool = False) -> dict[str, str]:
    """Return the files of the folder of a dataset.

    Parameters
    ----------
    proposal : Proposal
        The dataset.
    is_guest : bool
        Whether they belong to another dbt project, which calls macros by the name of their package and has models of
        its own way.

    Returns
    -------
    dict of str to str
        Texts by path from the root of the project.
    """
    name = proposal.name
    columns = (
        [one.column for one in proposal.customers.columns] if proposal.customers else ["customer_id", "signed_up_on"]
    )
    filled = {
        "columns": _listed(columns),
        "source": proposal.orders.argument if proposal.orders else "",
        "package": f"{PACKAGE}." if is_guest else "",
        "layer": LAYER_OF_GUEST if is_guest else "",
    }
    texts = {
        f"input_{name}_customers.sql": _customers_model(proposal),
        f"{name}_customer_features.sql": _feature_mart(proposal),
        f"_{name}__models.yml": _descriptions(proposal, filled),
    }
    for folder in ["customers", *(["purchases"] if proposal.orders else [])]:
        for template in _templates().joinpath(folder).iterdir():
            if template.name.endswith(".sql"):
                texts[template.name.replace("NAME", name)] = template.read_text(encoding="utf-8")
    return {f"models/datasets/{name}/{file}": _filled(text, name, filled) for file, text in sorted(texts.items())}


def mart_columns(proposal: Proposal) -> list[ProposedColumn]:
    """Return the columns of the customers that the feature mart shows, the id aside.

    Parameters
    ----------
    proposal : Proposal
        The dataset.

    Returns
    -------
    list of ProposedColumn
        Texts first.
    """
    if proposal.customers is None:
        return []
    shown = [one for one in proposal.customers.columns if one.kind in ("choice", "category", "number")]
    return sorted(shown, key=lambda one: one.kind == "number")


def _templates() -> Traversable:
    return files("customer_segmentation.datasets").joinpath("templates")


def _filled(template, name, texts) -> str:
    for what, text in texts.items():
        template = template.replace(f"<{what}>", text)
    return template.replace("<dataset>", name)


def _customers_model(proposal) -> str:
    name, customers = proposal.name, proposal.customers
    if customers is None:
        return (
            f"-- One row per customer in the orders of {name}; nothing else is known about them.\n"
            f"{{{{ <package>customers_of_transactions('{name}') }}}}\n"
        )
    return (
        f"-- One row per input row of the customers of {name}, unchanged.\n"
        f"{{{{ <package>read_input('{name}_customers', {customers.argument}) }}}}\n"
    )


def _feature_mart(proposal) -> str:
    name = proposal.name
    shown = [one.column for one in mart_columns(proposal)]
    if proposal.orders is not None:
        return (
            f"-- One row per customer of {name} known on the as-of date: who they are and how they bought up to then.\n"
            f"{{{{ <package>purchase_features('{name}', {_listed(shown)}) }}}}\n"
        )
    first = (
        f"-- One row per customer of {name}: everything a segmentation of this dataset can use, in original units.\n"
    )
    is_synthetic = f"cast('{{{{ <package>dataset_is_synthetic('{name}') }}}}' as boolean) as is_synthetic"
    key = f"{{{{ <package>customer_key(\"'{name}'\", '<of>customer_id') }}}} as customer_key"
    if not proposal.has_recency:
        columns = ",\n    ".join(["customer_id", *shown, key.replace("<of>", ""), is_synthetic])
        return f"{first}select\n    {columns}\nfrom {{{{ ref('stg_{name}__customers') }}}}\n"
    columns = "".join(f"    customers.{column},\n" for column in ["customer_id", *shown])
    days = "{{ dbt.datediff('customers.last_purchase_date', 'as_of_dates.as_of_date', 'day') }}"
    return (
        f"{first}-- A customer whose last purchase is not known is kept, without a recency.\n"
        f"select\n{columns}    cast({days} as double) as recency_days,\n    as_of_dates.as_of_date,\n"
        f"    {key.replace('<of>', 'customers.')},\n    {is_synthetic}\n"
        f"from {{{{ ref('stg_{name}__customers') }}}} as customers\n"
        "inner join {{ ref('as_of_dates') }} as as_of_dates\n"
        f"    on\n        as_of_dates.dataset = '{name}'\n"
        "        and coalesce(customers.last_purchase_date, as_of_dates.as_of_date) <= as_of_dates.as_of_date\n"
    )


def _listed(columns) -> str:
    """Write names as a list in Jinja, over several lines where it is long."""
    quoted = [f"'{column}'" for column in columns]
    if len(", ".join(quoted)) < 60:
        return f"[{', '.join(quoted)}]"
    lines, line = [], ""
    for one in quoted:
        if line and len(line) + len(one) > LONGEST_LINE:
            lines.append(line)
            line = ""
        line += f"{', ' if line else ''}{one}"
    return "[\n    " + ",\n    ".join([*lines, line]) + "\n]"


def _descriptions(proposal, filled) -> str:
    """Return the yml that describes every model and column."""
    name, purchases = proposal.name, _templates().joinpath("purchases")
    given = proposal.customers.columns if proposal.customers else []
    columns = "".join(_described(one) for one in given) or _line("customer_id") + _line("signed_up_on")
    mart = _line("customer_id", "", "string")
    mart += "".join(_described(one, TYPES.get(one.kind, "string")) for one in mart_columns(proposal))
    marts, tests, orders = [f"{name}_customer_features"], "", ""
    if proposal.orders is not None:
        mart += "".join(_line(column, "", kind) for column, kind in PURCHASE_COLUMNS.items())
        marts = [f"{name}_category_mix", *marts, f"{name}_customer_history"]
        tests = purchases.joinpath("features_tests.yml").read_text(encoding="utf-8")
        orders = purchases.joinpath("models.yml").read_text(encoding="utf-8") + "\n"
    elif proposal.has_recency:
        mart += _line("recency_days", "", "double") + _line("as_of_date", "", "date")
    if proposal.orders is None:
        mart += _line("customer_key", "", "string") + _line("is_synthetic", "", "boolean")
    texts = {
        **filled,
        "input columns": _input_columns(proposal.customers),
        "columns": columns,
        "mart columns": mart,
        "mart tests\n": tests + "\n",
        "purchases": orders,
        "orders columns": _input_columns(proposal.orders) if proposal.orders else "",
        "marts\n": "".join(f"      - ref('{one}')\n" for one in marts),
    }
    template = _templates().joinpath("customers", "models.yml").read_text(encoding="utf-8")
    # a mark that ends its line stands for whole lines
    return _filled(template.replace("<mart tests>\n", "<mart tests\n>").replace("<marts>\n", "<marts\n>"), name, texts)


def _input_columns(given: Input | None) -> str:
    text = _line("input_row_number")
    if given is None:
        return text + _line("customer_id", "Customer id, as in the orders.")
    read = {one.source: one.column for one in given.columns if one.source}
    for column in given.names:
        if re.search(r"[{}\x00-\x1f]", column):
            continue  # dbt would take the name for a template
        why = (
            f"Read as `{read[column]}`." if column in read else f"Not read: {given.left_out.get(column, 'not needed')}."
        )
        text += _line(column, "As in the source. " + why)
    return text


def _described(one, data_type="") -> str:
    if one.column in DOCUMENTED | set(DESCRIPTIONS):
        return _line(one.column, "", data_type)
    source = _plain(one.source or one.column)
    if one.feature:
        unit = one.feature["unit"].replace("k{currency}", "thousands of money").replace("{currency}", "money")
        what = f"{one.feature['label'][:1].upper()}{one.feature['label'][1:]}, in {unit}"
    else:
        what = "In lower case, `unknown` if not given"
    return _line(one.column, f"{what}: column '{source}' of the source.", data_type)


def _line(name, description="", data_type="") -> str:
    """Describe a column; without words of its own by those that the project has for it."""
    text = _plain(description or DESCRIPTIONS.get(name, "")) or f"{{{{ doc('column_{name}') }}}}"
    kind = f"data_type: {data_type}, " if data_type else ""
    written = name if re.fullmatch(r"[a-z][a-z0-9_]*", name) else json.dumps(name, ensure_ascii=False)
    return f"      - {{name: {written}, {kind}description: {json.dumps(text, ensure_ascii=False)}}}\n"


def _plain(text) -> str:
    """Return a text without what dbt would take for a template."""
    return re.sub(r"\s+", " ", text.replace("{", "(").replace("}", ")"))
