"""The server of the Model Context Protocol: tools with their descriptions, which are what the language model reads."""

import json
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, TextContent, ToolAnnotations

from customer_segmentation.assistant.answers import Answers
from customer_segmentation.assistant.bounded_query import MOST_ROWS, SECONDS
from customer_segmentation.assistant.reading import Reader
from customer_segmentation.errors import NotPossibleError

INSTRUCTIONS = """\
Published customer segments, read-only. Begin with list_tables, and with the tables whose start_here is true; describe
a table before you query it. Filter by `dataset`, and by `is_default` where a table has several segmentations:
otherwise customers are counted once for each. "Typical" is the median. Say so when `is_synthetic` is true: those
customers are made up. Costs in campaign_recommendations are assumptions, not measurements. Every answer says when its
data was published."""
READS_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def server(reader: Reader, *, most_rows: int = MOST_ROWS, seconds: float = SECONDS) -> MCPServer:
    """Return a server that answers questions about a publication.

    Parameters
    ----------
    reader : Reader
        Opens the publication.
    most_rows : int
        How many rows an answer has at most.
    seconds : float
        How long a query may take.

    Returns
    -------
    MCPServer
        `run()` serves a client on standard input and output.
    """
    answers = Answers(reader, most_rows=most_rows, seconds=seconds)
    made: MCPServer = MCPServer(
        "customer-segmentation",
        title="Customer segments",
        instructions=INSTRUCTIONS,
        version=version("warehouse-segmentation"),
        log_level="WARNING",  # one line for each question is of no use to anybody
    )

    @made.tool(annotations=READS_ONLY)
    def list_tables() -> CallToolResult:
        """List the published tables: group, what a row is (grain), key, description, rows, and where to start."""
        return _told(answers.list_tables)

    @made.tool(annotations=READS_ONLY)
    def describe_table(table: str) -> CallToolResult:
        """Describe a published table: its columns with types, descriptions and units."""
        return _told(lambda: answers.describe_table(table))

    @made.tool(
        annotations=READS_ONLY,
        description=f"Run one SELECT (or WITH ... SELECT) in the SQL of DuckDB on the published tables. At most "
        f"{most_rows:,} rows come back, and `notices` says if there are more. Stopped after {seconds:g} seconds. "
        "Anything but reading published tables is refused.",
    )
    def query(sql: str) -> CallToolResult:
        return _told(lambda: answers.query(sql))

    @made.tool(annotations=READS_ONLY)
    def predict(
        dataset: str, figures: dict[str, float | str | None], segmentation: str | None = None
    ) -> CallToolResult:
        """Find the segment of one customer from figures by feature, such as {"age": 33, "spending_score": 82}.

        The table prediction_features lists the features of each dataset with units and limits. `in_words` says how sure
        the answer is and why; without `segmentation`, every segmentation of the dataset answers.
        """
        return _told(lambda: answers.predict(dataset, figures, segmentation))

    return made


def _told(ask: Callable[[], dict[str, Any]]) -> CallToolResult:
    """Hand over an answer as text without the spaces that the SDK would put into it, and as an object."""
    try:
        text = json.dumps(ask(), default=str, ensure_ascii=False)
    except NotPossibleError as error:
        raise ToolError(str(error)) from None
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=json.loads(text))
