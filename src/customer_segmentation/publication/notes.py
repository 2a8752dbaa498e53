"""How the columns of inputs and of files to score were read, in the language in use."""

from customer_segmentation.formatting import is_missing
from customer_segmentation.language import _, translatable
from customer_segmentation.publication.retelling import retold

# what the macros of notations and inputs, and `inputs.notation`, write about a column, the longer of two first
NOTES = (
    translatable(
        "read as a unit price: {rows} rows with a negative quantity have a value above zero, and values do not grow "
        "with the quantity"
    ),
    translatable("read as it stands"),
    translatable("read as {kind}"),
    translatable("commas mark decimals"),
    translatable("commas mark thousands"),
    translatable("its name says {unit}: multiplied by {factor}"),
    translatable("its name says {unit}: divided by {factor}"),
    translatable("its name says {unit}"),
    translatable("every value carries {sign}: multiplied by {factor}"),
    translatable("every value carries {sign}: divided by {factor}"),
    translatable("every value carries {sign}, which seeds/judgement/input_notations.csv does not list: left empty"),
    translatable("every value carries {sign}"),
    translatable("{count} of {total} values carry {sign}: multiplied by {factor}"),
    translatable("{count} of {total} values carry {sign}: divided by {factor}"),
    translatable(
        "{count} of {total} values carry {sign}, which seeds/judgement/input_notations.csv does not list: left empty"
    ),
    translatable("{count} of {total} values carry {sign}"),
    translatable("{count} of {total} values differ from the others in their sign and are not read"),
    translatable("values such as {example} are negative"),
    translatable("the day comes first in its dates"),
    translatable("the month comes first in its dates"),
    translatable("two-digit years are the latest ones up to {year}, and come first"),
    translatable("two-digit years are the latest ones up to {year}"),
    translatable("the day comes first"),
    translatable("the month comes first"),
    translatable("{count} value, {example}, is not listed in seeds/judgement/input_values.csv: unknown"),
    translatable(
        "{count} values, such as {example} and {other}, are not listed in seeds/judgement/input_values.csv: unknown"
    ),
    translatable("{count} values, such as {example}, are not listed in seeds/judgement/input_values.csv: unknown"),
    translatable("'{word}' in {rows} rows is not a customer"),
    translatable("'{word}' in {rows} rows: {status}, regardless of the status"),
    translatable(
        "words that seeds/judgement/input_values.csv does not list change nothing: {rows} rows, such as '{word}'"
    ),
    translatable("not used as an order id: the same value occurs with several days or customers"),
    translatable("could also be transaction_id, but is empty"),
    translatable("not used: {rows} rows have no customer ({words})"),
    translatable("not used: {rows} rows have no customer"),
    translatable("{column}, filled in every row, tells customers apart"),
    translatable("if it names no customer, {column} does"),
    translatable("not used, because there is an amount"),
    translatable("in {equal} of {rows} rows the amount is {quantity} x {price}"),
    translatable("computed: {quantity} x {price}"),
    translatable("refunds are already subtracted"),
    translatable(
        "may count in the smallest unit of a currency, such as cents: no value has decimals other than zero, and the "
        "input has a column {column} and none of currencies"
    ),
    translatable(
        "may count in the smallest unit of a currency, such as cents: no value has decimals other than zero, and the "
        "input has a column {column}"
    ),
    translatable(
        "may count in the smallest unit of a currency, such as cents: no value has decimals, and the input has a "
        "column {column} and none of currencies"
    ),
    translatable(
        "may count in the smallest unit of a currency, such as cents: no value has decimals, and the input has a "
        "column {column}"
    ),
    translatable("is in the smallest unit of the currency, as {column} shows: divided by {factor}"),
    translatable("{currency} as it is"),
    translatable("{currency} by {factor}"),
    translatable("several currencies are never added: {currencies}"),
    translatable("amounts in {currency} count, rows in another currency are rejected"),
    translatable("the var transaction_currency says that all amounts are converted"),
    translatable("no such column"),
    translatable("left empty"),
    translatable("the row number is used"),
    translatable("used only if another column is empty"),
    translatable("used only to tell lines apart"),
    translatable("not used"),
)
KINDS = (
    translatable("id"),
    translatable("number"),
    translatable("date"),
    translatable("category"),
    translatable("choice"),
    translatable("mark"),
)
# values of files, and names of their columns
OF_FILES = frozenset(
    [
        "column",
        "currencies",
        "currency",
        "example",
        "other",
        "price",
        "quantity",
        "sign",
        "status",
        "unit",
        "word",
        "words",
        "year",
    ]
)
# where the rows of an input come from
ORIGINS = (
    translatable("this project (synthetic)"),
    translatable("this project"),
    translatable("{file} (synthetic)"),
)


def origin_text(origin: str) -> str:
    """Say where the rows of an input, or of each input of a dataset, come from.

    Parameters
    ----------
    origin : str
        As it was published: of one input, or behind the name of each.

    Returns
    -------
    str

    Examples
    --------
    >>> origin_text("shop_customers: from_transactions; shop_transactions: orders.csv")
    'shop_customers: who ordered; shop_transactions: orders.csv'
    """
    told = []
    for part in origin.split("; "):
        name, colon, place = part.rpartition(": ")
        is_made_of_orders = place == "from_transactions"
        told.append(
            f"{name}{colon}{_('who ordered') if is_made_of_orders else retold(place, ORIGINS, verbatim=('file',))}"
        )
    return "; ".join(told)


def note_text(note: str) -> str:
    """Say how a column was read.

    Parameters
    ----------
    note : str
        As it was published, or as `number_texts` returns it: parts between semicolons.

    Returns
    -------
    str
        What the project does not say of itself, such as a list of values, as it is.

    Examples
    --------
    >>> note_text("read as number; commas mark decimals")
    'read as number; commas mark decimals'
    """
    if is_missing(note):
        return ""
    return "; ".join(retold(part, NOTES, verbatim=OF_FILES, kind=KINDS) for part in note.split("; "))
