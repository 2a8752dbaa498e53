"""The models of a dataset as texts: its folder in models/datasets."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files

from segmentation_setup.proposal import Input, Proposal, ProposedColumn

TRANSACTION_COLUMNS = (
    "'row_number', 'transaction_id', 'customer_id', 'transaction_date', 'amount', 'refunded_amount',\n"
    "    'quantity', 'category', 'channel', 'status', 'is_purchase', 'opens_order'"
)
DOCUMENTED = {"customer_id", "gender", "age", "annual_income_k", "last_purchase_date", "signed_up_on", "recency_days"}
TYPES = {"number": "double", "date": "date"}
PURCHASE_COLUMNS = {
    "customer_since": (
        "date",
        "Day of sign-up or of the first purchase, whichever came first; empty if neither is known.",
    ),
    "first_purchase_date": ("date", ""),
    "last_purchase_date": ("date", ""),
    "recency_days": ("double", ""),
    "frequency": ("double", ""),
    "monetary_value": ("double", ""),
    "average_order_value": ("double", ""),
    "tenure_days": ("double", ""),
    "days_between_purchases": ("double", ""),
    "return_rate": ("double", ""),
    "categories_bought": ("double", ""),
    "favourite_category": ("string", ""),
    "favourite_category_share": ("double", ""),
    "purchase_history": ("string", ""),
    "as_of_date": ("date", ""),
}
LONGEST_LINE = 110


def model_files(proposal: Proposal) -> dict[str, str]:
    """Return the files of the folder of a dataset.

    Parameters
    ----------
    proposal : Proposal
        The dataset.

    Returns
    -------
    dict of str to str
        Texts by path from the root of the project.
    """
    name = proposal.name
    folder = f"models/datasets/{name}"
    texts = {
        f"input_{name}_customers.sql": _customers_model(proposal),
        f"stg_{name}__customer_rows.sql": (
            f"-- One row per row of the customers of {name}, parsed, with the reason why it cannot be used (null if it can).\n"
            f"{{{{ customer_rows('{name}_customers') }}}}\n"
        ),
        f"stg_{name}__customers.sql": (
            f"-- One row per usable customer of {name}, names, types and units conformed.\n"
            f"{{{{ usable_rows('{name}_customers', {_listed(_customer_columns(proposal))}) }}}}\n"
        ),
        f"{name}_customer_features.sql": _feature_mart(proposal),
        f"_{name}__models.yml": _descriptions(proposal),
    }
    if proposal.orders is not None:
        texts |= _purchase_models(proposal)
    return {f"{folder}/{file}": text for file, text in texts.items()}


def _customers_model(proposal) -> str:
    name, customers = proposal.name, proposal.customers
    if customers is None:
        return (
            f"-- One row per customer that the orders of {name} name; nothing else is known about them.\n"
            f"{{{{ customers_of_transactions('{name}') }}}}\n"
        )
    return (
        f"-- One row per row of the customers of {name}, as it came.\n"
        f"{{{{ read_input('{name}_customers', {customers.argument}) }}}}\n"
    )


def _purchase_models(proposal) -> dict[str, str]:
    name = proposal.name
    return {
        f"input_{name}_transactions.sql": (
            f"-- One row per row of the orders of {name}, as it came.\n"
            f"{{{{ read_input('{name}_transactions', {proposal.orders.argument}) }}}}\n"
        ),
        f"stg_{name}__parsed_transactions.sql": (
            f"-- One row per row of the orders of {name}, parsed, with the first thing that is wrong with its values.\n"
            f"{{{{ parsed_transactions('{name}') }}}}\n"
        ),
        f"stg_{name}__order_lines.sql": (
            "-- One row per usable row of an order with several rows: its place in the order, and whether it came before.\n"
            f"{{{{ order_lines('{name}') }}}}\n"
        ),
        f"stg_{name}__transaction_rows.sql": (
            f"-- One row per row of the orders of {name}, parsed, with the reason why it cannot be used (null if it can).\n"
            f"{{{{ transaction_rows('{name}') }}}}\n"
        ),
        f"stg_{name}__transactions.sql": (
            f"-- One row per usable transaction of {name}: a purchase, a return or a line of an order, also cancelled.\n"
            f"{{{{ usable_rows('{name}_transactions', [\n    {TRANSACTION_COLUMNS}\n]) }}}}\n"
        ),
        f"{name}_purchases.sql": (
            f"-- One row per customer of {name} with transactions up to the as-of date: recency, frequency and money spent.\n"
            f"{{{{ purchases('{name}') }}}}\n"
        ),
        f"{name}_category_mix.sql": (
            f"-- One row per customer of {name} and category bought up to the as-of date: how purchases spread over them.\n"
            f"{{{{ category_mix('{name}') }}}}\n"
        ),
        f"{name}_customer_history.sql": (
            f"-- One row per customer of {name} and completed month: recency, frequency and money spent as of its end.\n"
            f"{{{{ customer_history('{name}') }}}}\n"
        ),
    }


def _customer_columns(proposal) -> list[str]:
    if proposal.customers is None:
        return ["customer_id", "signed_up_on"]
    return [one.column for one in proposal.customers.columns]


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


def _feature_mart(proposal) -> str:
    name = proposal.name
    shown = [one.column for one in mart_columns(proposal)]
    if proposal.orders is not None:
        return (
            f"-- One row per customer of {name} known on the as-of date: who they are and how they bought up to that day.\n"
            f"{{{{ purchase_features('{name}', {_listed(shown)}) }}}}\n"
        )
    first = f"-- One row per customer of {name}: everything a segmentation of this dataset can use, in its own units.\n"
    if not proposal.has_recency:
        columns = ",\n    ".join(["customer_id", *shown])
        return f"{first}select\n    {columns}\nfrom {{{{ ref('stg_{name}__customers') }}}}\n"
    columns = "".join(f"    customers.{column},\n" for column in ["customer_id", *shown])
    days = "{{ dbt.datediff('customers.last_purchase_date', 'as_of_dates.as_of_date', 'day') }}"
    # a customer whose last purchase is not known is kept, without a recency
    return (
        f"{first}select\n{columns}    cast({days} as double) as recency_days,\n    as_of_dates.as_of_date\n"
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


def _descriptions(proposal) -> str:
    """Return the yml that describes every model and column."""
    name = proposal.name
    blocks = list(_customer_blocks(proposal))
    if proposal.orders is not None:
        template = files("segmentation_setup").joinpath("known", "purchases__models.yml").read_text(encoding="utf-8")
        blocks.append(_input_block(proposal, proposal.orders, "transactions", is_first=False))
        blocks.append(template.replace("<dataset>", name))
    blocks.append(_mart_block(proposal))
    marts = [f"{name}_customer_features"]
    if proposal.orders is not None:
        marts += [f"{name}_category_mix", f"{name}_customer_history"]
    exposure = (
        f"exposures:\n  - name: {name}_in_bi\n    label: Customers of {name} in BI\n    type: dashboard\n    maturity: high\n"
        "    description: >-\n"
        f"      Dashboard, report and BI tools show the customers of `{name}` beside the segments that they are in.\n"
        f"    config: {{enabled: \"{{{{ '{name}' in var('datasets') }}}}\"}}\n"
        "    owner: {name: Analytics engineering, email: analytics@example.com}\n    depends_on:\n"
        + "".join(f"      - ref('{mart}')\n" for mart in sorted(marts))
    )
    return "models:\n" + "\n".join(blocks) + "\n" + exposure


def _customer_blocks(proposal) -> Iterator[str]:
    name = proposal.name
    yield _input_block(proposal, proposal.customers, "customers", is_first=True)
    columns = [_described(one) for one in (proposal.customers.columns if proposal.customers else [])] or [
        _line("customer_id", _doc("customer_id")),
        _line("signed_up_on", _doc("signed_up_on")),
    ]
    judged = [_line(column, _doc(column)) for column in ("emptied_values", "problem_column", "reason", "explanation")]
    yield (
        f"  - name: stg_{name}__customer_rows\n    description: >-\n"
        f"      One row per row of the customers of {name}, parsed, with the reason why it cannot be used. Key: `row_number`.\n"
        f"      Rows with a reason go to `rejected_rows`, the others to `stg_{name}__customers`.\n"
        f"    config: *{name}\n    columns:\n{_line('row_number', _doc('row_number'))}{''.join(columns)}{''.join(judged)}"
    )
    yield (
        f"  - name: stg_{name}__customers\n"
        f"    description: One row per usable customer of {name}, names, types and units conformed. Key `customer_id`.\n"
        f"    config: *{name}\n    columns:\n{''.join(columns)}    data_tests:\n      - accounts_for_every_row:\n"
        f"          arguments:\n            input: ref('input_{name}_customers')\n"
        "            rejected: ref('rejected_rows')\n"
        f"            name_of_input: {name}_customers\n"
        f"          name: stg_{name}__customers_and_rejected_rows_add_up\n"
        "          description: Rows in equal rows accepted plus rows rejected; no row is lost or counted twice.\n"
    )


def _input_block(proposal, given: Input | None, things, *, is_first) -> str:
    name = proposal.name
    what = "orders" if things == "transactions" else things
    config = (
        f"&{name}\n      enabled: \"{{{{ '{name}' in var('datasets') }}}}\"\n      tags: [\"dataset:{name}\"]"
        if is_first
        else f"*{name}"
    )
    text = (
        f"  - name: input_{name}_{things}\n    description: >-\n"
        f"      One row per row of the {what} of {name}, as it came. It has the columns of its source; `input_columns` says what\n"
        f"      they are read as.\n    config: {config}\n    columns:\n"
        f"{_line('input_row_number', _doc('input_row_number'))}"
    )
    if given is None:
        return text + _line("customer_id", "Id of a customer, as the orders have it.")
    read = {one.source: one.column for one in given.columns if one.source}
    for column in given.names:
        if re.search(r"[{}\x00-\x1f]", column):
            continue  # dbt would take it for a template
        why = (
            f"Read as `{read[column]}`." if column in read else f"Not read: {given.left_out.get(column, 'not needed')}."
        )
        text += _line(column, "As in the source. " + why)
    return text


def _mart_block(proposal) -> str:
    name = proposal.name
    lines = [_line("customer_id", _doc("customer_id"), "string")]
    lines += [_described(one, TYPES.get(one.kind, "string")) for one in mart_columns(proposal)]
    tests = (
        "    data_tests:\n      - has_key:\n          arguments: {columns: [customer_id]}\n"
        f"          name: {name}_customer_features_has_key\n          description: Every customer has one row.\n"
    )
    if proposal.orders is not None:
        lines += [_line(column, text or _doc(column), kind) for column, (kind, text) in PURCHASE_COLUMNS.items()]
        rules = [
            "coalesce(recency_days >= 0, true)",
            "coalesce(tenure_days >= recency_days, true)",
            "(recency_days is null) = (frequency = 0)",
            "(days_between_purchases is null) = (frequency < 2)",
            "(purchase_history = 'none') = (frequency = 0) and (purchase_history = 'once') = (frequency = 1)",
            "coalesce(favourite_category_share between 0 and 1, true)",
        ]
        tests += (
            "      - rows_hold:\n          arguments:\n            rules:\n"
            + "".join(f"              - {rule}\n" for rule in rules)
            + f"          name: {name}_customer_features_fit_together\n"
            "          description: Nothing was bought after the as-of date, and what only a purchase can tell is empty "
            "exactly where there is none.\n"
        )
    elif proposal.has_recency:
        lines += [
            _line("recency_days", _doc("recency_days"), "double"),
            _line("as_of_date", _doc("as_of_date"), "date"),
        ]
    return (
        f"  - name: {name}_customer_features\n    description: >-\n"
        f"      One row per customer of {name} with everything a segmentation of this dataset can use, in its own units.\n"
        f"      Key: `customer_id`. The public feature mart of the dataset `{name}`.\n"
        f"    config: {{<<: *{name}, schema: marts, contract: {{enforced: true}}}}\n    columns:\n{''.join(lines)}{tests}"
    )


def _described(one, data_type="") -> str:
    if one.column in DOCUMENTED:
        return _line(one.column, _doc(one.column), data_type)
    if one.column == "spending_score":
        return _line(one.column, "Spending score, from 1 (spends little) to 100 (spends much).", data_type)
    source = _plain(one.source or one.column)
    if one.feature:
        unit = one.feature["unit"].replace("k{currency}", "thousands of money").replace("{currency}", "money")
        what = f"{one.feature['label'][:1].upper()}{one.feature['label'][1:]}, in {unit}"
    else:
        what = f"{source[:1].upper()}{source[1:]}, in lower case; `unknown` if not given"
    return _line(one.column, f"{_plain(what)}: column '{source}' of the source.", data_type)


def _doc(column) -> str:
    return f"{{{{ doc('column_{'transaction_channel' if column == 'channel' else column}') }}}}"


def _line(name, description, data_type="") -> str:
    text = description if description.startswith("{{ doc(") else _plain(description)
    kind = f"data_type: {data_type}, " if data_type else ""
    return f"      - {{name: {_yaml(name)}, {kind}description: {json.dumps(text, ensure_ascii=False)}}}\n"


def _yaml(name) -> str:
    return name if re.fullmatch(r"[a-z][a-z0-9_]*", name) else json.dumps(name, ensure_ascii=False)


def _plain(text) -> str:
    """Return a text without what dbt would take for a template."""
    return re.sub(r"\s+", " ", text.replace("{", "(").replace("}", ")"))
