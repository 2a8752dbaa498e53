"""Print what was published: per segmentation the personas, their sizes, and where to look next."""

import sys
from pathlib import Path

import duckdb


def summary(database: duckdb.DuckDBPyConnection) -> str:
    """Describe a publication in a screenful of text.

    Parameters
    ----------
    database : DuckDBPyConnection
        A published database.

    Returns
    -------
    str
        One table per segmentation, then the row account, the warnings and where to look next.
    """
    lines = []
    fits = database.execute(
        """
        select segmentation_fits.segmentation, segmentation_fits.customers, k, silhouette, inertia, best_known_inertia,
            is_synthetic, k_recommendation.sentence
        from segmentation_fits
        inner join datasets on segmentation_fits.dataset = datasets.dataset
        left join k_recommendation on segmentation_fits.segmentation = k_recommendation.segmentation
        order by 1
        """
    ).fetchall()
    for segmentation, customers, k, silhouette, inertia, best, is_synthetic, recommendation in fits:
        excess = f", inertia {inertia / best - 1:.1%} above the best known" if inertia > best * (1 + 1e-6) else ""
        kind = "synthetic customers" if is_synthetic else "customers"
        lines += ["", f"{segmentation}: {customers:,} {kind} in {k} segments, silhouette {silhouette:.2f}{excess}"]
        lines += [f"  {recommendation}"] if recommendation else []
        lines += _segment_lines(database, segmentation)
    inputs = database.execute(
        """
        select input, origin, max(input_rows), (select count(*) from rejected_rows where input = input_columns.input)
        from input_columns group by input, origin order by input
        """
    ).fetchall()
    lines += ["", "Read (table input_columns) and rejected (table rejected_rows):"]
    lines += [f"  {name}: {origin}, {rows:,} rows, {rejected:,} rejected" for name, origin, rows, rejected in inputs]
    failed = database.execute(
        """
        select
            relation || coalesce('.' || column_name, '') || ': expected ' || expectation || ', found ' || observed_value
        from data_quality_results where not success order by suite, position
        """
    ).fetchall()
    lines += [f"Failed quality expectations: {len(failed):,} (table data_quality_results)."]
    lines += [f"  {expectation}" for (expectation,) in failed]
    return "\n".join(lines)


def _segment_lines(database, segmentation) -> list[str]:
    rows = database.execute(
        """
        select segments.persona, segments.customers, segments.share_of_customers, segments.headline,
            personas.contradicted_traits, segments.stability_grade
        from segments
        inner join personas
            on segments.segmentation = personas.segmentation and segments.cluster_id = personas.cluster_id
        where segments.segmentation = ?
        order by segments.customers desc, segments.persona
        """,
        [segmentation],
    ).fetchall()
    width = max(len(row[0]) for row in rows)
    lines = []
    for persona, customers, share, headline, contradicted, grade in rows:
        lines.append(f"  {persona:<{width}}  {customers:>9,}  {share:>4.0%}  {headline}")
        if contradicted:
            lines.append(f"  {'':<{width}}  {'':>9}  {'':>4}  contradicted: {contradicted}")
        if grade and grade != "stable":
            lines.append(f"  {'':<{width}}  {'':>9}  {'':>4}  {grade}: another draw of customers may not have it")
    return lines


def main() -> int:
    """Print the summary of the published database named on the command line."""
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "published/marts.duckdb")
    if not path.is_file():
        print(f"{path} does not exist. Run `make build` first, or name a published database.")
        return 1
    with duckdb.connect(str(path), read_only=True) as database:
        print(summary(database))
    print(
        f"\nWhere to look next: {path} with any DuckDB client or BI tool, read-only, or the Parquet files beside it;\n"
        "the table campaign_recommendations for what to offer whom; `make report` for pictures, an interactive report\n"
        "and slides; `make docs` for every table explained."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
