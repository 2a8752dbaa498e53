"""Write the slides: what was found, what to do about each segment, and how sure it is, for who decides.

Every dataset has a chapter about its segmentation to use. Charts and tables are native, so that they can be changed.
The same publication and the same template give the same bytes.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from customer_segmentation import formatting
from customer_segmentation.formatting import capitalised, customers, is_missing, number
from customer_segmentation.language import _, day_text, isolated, pgettext, translatable
from customer_segmentation.publication.movement import Period, last_flows, movement_in_words
from customer_segmentation.publication.outgoing import outgoing
from customer_segmentation.publication.protection import disclosure_sentences
from customer_segmentation.publication.retelling import figures_retold
from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import findings, theme, value_findings
from customer_segmentation.report.about_experiments import (
    FOUND,
    between,
    campaign_name,
    difference,
    experiments,
    measure,
    sentences,
    state,
)
from customer_segmentation.report.about_segment import MOST_NAMED, how_sure, values_table, worth
from customer_segmentation.report.about_segmentations import changes_sentences, warnings_of
from customer_segmentation.report.decisions import decisions
from customer_segmentation.report.deck import LINE_HEIGHT, MARGIN, TOP, WIDTH, Deck, Paragraph
from customer_segmentation.report.figures import value_figures
from customer_segmentation.temporary_files import write_one

MOST_SLIDES = (
    15  # beside those of the segments; chapters get shorter, synthetic ones first, rather than the deck longer
)
FRAME_SLIDES = 3  # title, summary, what to do next
# slides with up to six segments, without those about single segments, value and what changed
LONG_CHAPTER, SHORT_CHAPTER = 4, 3
SUMMARIES = 3  # chapters summed up on one slide
ROWS = 6  # segments on one slide
FEATURES = 6  # of a segment on its slide
BARS = 12  # bars of a chart
MOVES = 8  # from one segment to another on one slide
GROUPS, ADVISED = 8, 3  # RFM groups as bars, and with their advice
BODY = WIDTH - 2 * MARGIN
VALUES = (2.4, 1.2, 1.8, 1.6)  # widths in inches of the table of typical values
WARNING = "#a84300"
UNPROVEN = translatable("Only a test against a control group shows what a campaign earns.")


def build(publication: Publication, template: Path | None = None) -> bytes:
    """Make the slides of a publication.

    Parameters
    ----------
    publication : Publication
        The open publication.
    template : Path, optional
        A .pptx file with the masters, layouts and fonts to use.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    NotPossibleError
        If the template cannot be used.
    """
    publication = outgoing(publication)
    chapters = [
        fit
        | {
            "tables": publication.of(fit["segmentation"]),
            "period": _period(publication, fit),
            "groups": _groups(publication, fit["dataset"]),
            "results": _last_results(publication, fit["segmentation"]),
        }
        for fit in publication.fits().to_dict("records")
        if fit["is_default"]
    ]
    day = publication.table("published_tables")["published_at"].max()
    deck = Deck(_("Customer segments"), day.to_pydatetime(), template)
    _title(deck, publication, chapters)
    _summary(deck, chapters)
    has_value, has_changes, has_results, is_long = _shortened(
        [bool(chapter["is_synthetic"]) for chapter in chapters],
        [not chapter["groups"].empty for chapter in chapters],
        [chapter["period"] is not None for chapter in chapters],
        [not chapter["results"].empty for chapter in chapters],
    )
    for chapter, valued, changed, measured, long in zip(
        chapters, has_value, has_changes, has_results, is_long, strict=True
    ):
        # what to decide comes before why to believe it
        _sizes(deck, chapter)
        _strategy(deck, publication, chapter)
        _segments(deck, publication, chapter)
        if valued:
            _value(deck, publication, chapter)
        if changed:
            _changes(deck, publication, chapter)
        if measured:
            _results(deck, publication, chapter)
        _choice_of_k(deck, publication, chapter)
        if long:
            _how_sure(deck, publication, chapter)
    _next(deck, publication, chapters)
    return deck.content()


def _period(publication: Publication, fit: Mapping) -> Period | None:
    """Return the last period of a segmentation, if something has changed in it."""
    if publication.table("segment_sizes", segmentation=fit["segmentation"]).empty:
        return None
    period = last_flows(publication.rows, fit["segmentation"])
    return period if period is not None and period.has_changes else None


def _groups(publication: Publication, dataset: str) -> pd.DataFrame:
    """Return the RFM groups of a dataset that bring money, the most first; none where values are no money."""
    groups = publication.table("rfm_groups", dataset=dataset)
    if groups.empty:
        return groups
    groups = groups[groups["share_of_monetary"] > 0]
    return groups.sort_values(["share_of_monetary", "position"], ascending=[False, True]).reset_index(drop=True)


def _last_results(publication: Publication, segmentation: str) -> pd.DataFrame:
    """Return the effects of the last measured experiment, of all personas together first; none without figures."""
    effects = publication.table("campaign_effects", segmentation=segmentation, is_outcome=True)
    measured = [name for name in experiments(publication, segmentation) if _has_figures(effects, name)]
    if not measured:
        return pd.DataFrame()
    own = effects[effects["experiment"] == measured[0]]
    return own.sort_values(["is_total", "persona"], ascending=[False, True]).reset_index(drop=True)


def _has_figures(effects, experiment) -> bool:
    return effects.loc[effects["experiment"] == experiment, "verdict"].isin(FOUND).any()


def _shortened(
    is_synthetic: list[bool], has_value: list[bool], has_changes: list[bool], has_results: list[bool]
) -> tuple[list[bool], list[bool], list[bool], list[bool]]:
    """Decide which chapters tell of value, changes and results, and which are long, so that the deck is short.

    Chapters get shorter from the end, synthetic ones first; then value goes, what changed, and results last.

    Examples
    --------
    >>> _shortened([False], [True], [True], [True])
    ([True], [True], [True], [True])
    >>> _shortened([False, True, True], [False, True, False], [False, False, False], [False, False, False])
    ([False, True, False], [False, False, False], [False, False, False], [True, True, False])
    >>> _shortened([False, True, True], [True, True, True], [True, True, True], [False, False, True])
    ([False, False, False], [True, True, False], [False, False, True], [False, False, False])
    """
    told = [[True] * len(is_synthetic), list(has_value), list(has_changes), list(has_results)]
    is_long, *others = told

    def is_too_long() -> bool:
        chapters = sum(LONG_CHAPTER if long else SHORT_CHAPTER for long in is_long)
        return FRAME_SLIDES + chapters + sum(map(sum, others)) > MOST_SLIDES

    for kind in told:
        for position in sorted(range(len(kind)), key=lambda place: (not is_synthetic[place], -place)):
            if is_too_long():
                kind[position] = False
    return told[1], told[2], told[3], is_long


def _begin(deck: Deck, chapter: Mapping, title: str, *, tables: list[str], say: str) -> None:
    listing = formatting.listed(tables)
    source = _("Source: {tables}", tables=listing)
    if "segments" in tables:
        source = _("Source: {tables}. Typical = median", tables=listing)
    where = _(
        "Source: the published tables {tables}, rows of {segmentation}.",
        tables=listing, segmentation=chapter["segmentation"],
    )  # fmt: skip
    deck.begin(
        title,
        label=f"{isolated(chapter['segmentation_name'])}: {customers(chapter['customers'], is_synthetic=False)}",
        mark=_("synthetic data") if chapter["is_synthetic"] else "",
        source=source,
        notes=f"{say}\n\n{where}",
    )


def _parts(rows: pd.DataFrame, most: int) -> Iterator[tuple[pd.DataFrame, str]]:
    """Divide rows evenly over as many slides as needed, with what to add to the title of each."""
    slides = max(1, -(-len(rows) // most))
    size = -(-len(rows) // slides) if len(rows) else 1
    for place in range(slides):
        suffix = f" {_('({number} of {slides})', number=place + 1, slides=slides)}" if slides > 1 else ""
        yield rows.iloc[place * size : (place + 1) * size], suffix


def _title(deck: Deck, publication: Publication, chapters: list[dict]) -> None:
    deck.begin(
        _("Customer segments"),
        notes=" ".join(
            [
                _("Every figure is computed from the published tables; the notes of each slide name them."),
                *disclosure_sentences(publication, [chapter["dataset"] for chapter in chapters]),
            ]
        ),
        is_cover=True,
    )
    for position, code in enumerate(chapters[0]["tables"]["segments"]["colour"]):
        deck.bar(code, MARGIN + 0.05 + position * 0.72, 2.3, 0.6, 0.12)
    data = [f"{isolated(chapter['dataset_name'])}: {_data(publication, chapter)}" for chapter in chapters]
    lines = [
        Paragraph(_("Published on {day}", day=publication.published_at())),
        *[Paragraph(line, colour=theme.MUTED, space=0.4 if place else 1) for place, line in enumerate(data)],
    ]
    deck.text(lines, MARGIN, 3.75, BODY, 3.2, sizes=(22, 20, 18, 16, 14))


def _data(publication: Publication, chapter: Mapping) -> str:
    """Say which customers a chapter is about, and as of which day."""
    row = publication.table("datasets", dataset=chapter["dataset"]).iloc[0]
    who = customers(chapter["customers"], is_synthetic=chapter["is_synthetic"])
    if is_missing(row["as_of_date"]):
        return who
    return _("{customers} as of {day}", customers=who, day=day_text(row["as_of_date"]))


def _summary(deck: Deck, chapters: list[dict]) -> None:
    frame = pd.DataFrame({"chapter": chapters})
    title = findings.overall_title(pd.concat([chapter["tables"]["segments"] for chapter in chapters]), len(chapters))
    for part, suffix in _parts(frame, SUMMARIES):
        titles = formatting.listed(chapter["segmentation_name"] for chapter in part["chapter"])
        deck.begin(
            title + suffix,
            source=_("Source: {tables}", tables="segmentation_fits, segments, segment_profiles"),
            notes=_("Default segmentations: {segmentations}.", segmentations=titles)
            + "\n\n"
            + _tables("segmentation_fits", "segments", "segment_profiles"),
        )
        height = (deck.bottom - TOP) / len(part)
        boxes = []
        for place, chapter in enumerate(part["chapter"]):
            top = TOP + place * height
            deck.bar(WARNING if chapter["is_synthetic"] else theme.ACCENT, MARGIN, top + 0.05, 0.06, height - 0.25)
            name, headline = chapter["segmentation_name"], formatting.uncapitalised(findings.separation_title(chapter))
            if chapter["is_synthetic"]:
                name = _("{name} (synthetic data)", name=name)
            segments = chapter["tables"]["segments"]
            paragraphs = [
                Paragraph(f"{isolated(name)}: {headline}", is_bold=True),
                Paragraph(findings.key_finding(segments, chapter["tables"]["profiles"]), space=0.2),
                Paragraph(findings.stability_sentence(segments), space=0.2),
            ]
            boxes.append((paragraphs, MARGIN + 0.2, top, BODY - 0.2, height - 0.12))
        deck.texts(boxes)


def _tables(*names: str) -> str:
    return _("Source: the published tables {tables}.", tables=formatting.listed(names))


def _choice_of_k(deck: Deck, publication: Publication, chapter: Mapping) -> None:
    recommendation = chapter["tables"]["recommendation"]
    segments = chapter["tables"]["segments"]
    sentence = findings.choice_sentence(recommendation)
    _begin(
        deck, chapter, findings.choice_title(recommendation, chapter["k"]),
        tables=["k_recommendation", "k_selection", "segmentation_fits"], say=sentence,
    )  # fmt: skip
    right = MARGIN + 7.0
    votes = findings.criteria_rows(recommendation)
    facts = [
        Paragraph(sentence),
        Paragraph(findings.separation_sentence(chapter), space=0.5),
        Paragraph(findings.stability_sentence(segments), space=0.5),
    ]
    if not votes:
        deck.text(facts, MARGIN, TOP, BODY, deck.bottom - TOP)
        return
    selection = publication.table("k_selection", segmentation=chapter["segmentation"])
    tried = sorted({chapter["k"], *selection["k"]} if len(selection) else {chapter["k"]})
    tried = sorted({*tried, *(int(vote) for _name, vote in votes if vote.isdecimal())})
    counts = [sum(vote == str(k) for _name, vote in votes) or None for k in tried]
    deck.line(_("Criteria that pick each number of segments"), MARGIN, TOP, 6.6)
    deck.chart(
        [str(k) for k in tried], counts,
        [theme.ACCENT if k == chapter["k"] else theme.POPULATION for k in tried],
        (MARGIN, TOP + 0.35, 6.6, 2.25),
        labels=[str(found) if found else "" for found in counts], series=_("criteria"), is_horizontal=False,
        alternative=_(
            "Columns: criteria per number of segments. {votes}",
            votes="; ".join(f"{name}: {vote}" for name, vote in votes),
        ),
        maximum=len(votes) + 1,
    )  # fmt: skip
    deck.text(facts, MARGIN, TOP + 2.65, 6.6, deck.bottom - TOP - 2.65)
    deck.table(
        [_("criterion"), _("picks")],
        [[Paragraph(capitalised(name)), Paragraph(vote, is_bold=vote == str(chapter["k"]))] for name, vote in votes],
        [3.6, 1.5], TOP, deck.bottom - TOP - 0.6, left=right,
    )  # fmt: skip


def _sizes(deck: Deck, chapter: Mapping) -> None:
    segments = chapter["tables"]["segments"]
    title = findings.sizes_title(segments)
    longest = float(segments["customers"].max())
    for part, suffix in _parts(segments, ROWS):
        _begin(deck, chapter, title + suffix, tables=["segments", "personas"], say=f"{title}.")
        deck.chart(
            list(part["persona"]), [int(count) for count in part["customers"]], list(part["colour"]),
            (MARGIN, TOP, 5.1, deck.bottom - TOP),
            labels=[f"{number(row.customers)} ({row.share})" for row in part.itertuples()],
            series=_("customers"), maximum=longest * 1.8,
            alternative=_bars(f"{isolated(row.persona)}: {number(row.customers)}" for row in part.itertuples()),
        )  # fmt: skip
        left = MARGIN + 5.3
        height = (deck.bottom - TOP) / len(part)
        boxes = []
        for place, row in enumerate(part.itertuples()):
            top = TOP + place * height
            deck.bar(row.colour, left, top + 0.06, 0.08, height - 0.16)
            told = Paragraph(f"{isolated(row.persona)}: {formatting.uncapitalised(figures_retold(row.headline))}")
            boxes.append(([told], left + 0.18, top, BODY - 5.48, height - 0.06))
        deck.texts(boxes, sizes=(16, 15, 14))


def _bars(told: Iterable[str]) -> str:
    return _("Bars: {bars}", bars="; ".join(told))


def _changes(deck: Deck, publication: Publication, chapter: Mapping) -> None:
    period, sentences = chapter["period"], changes_sentences(publication, chapter)
    smallest = publication.smallest_cell(chapter["dataset"])
    tables = ["segment_migrations" if period.is_recorded else "monthly_migrations", "drift_checks"]
    title = _("What changed: {movement}", movement=movement_in_words(period, smallest))
    _begin(deck, chapter, title, tables=tables, say=" ".join(sentences))
    # those that are too small to be counted come last
    moved = sorted((flow for flow in period.flows if flow.movement == "moved"), key=lambda flow: -(flow.customers or 0))
    facts = [Paragraph(sentence, space=0.5 if place else 0.0) for place, sentence in enumerate(sentences)]
    if not moved:
        deck.text(facts, MARGIN, TOP, BODY, deck.bottom - TOP)
        return
    rows = [
        [
            Paragraph(flow.from_persona or "", is_bold=True),
            Paragraph(flow.to_persona or ""),
            Paragraph(_("fewer than {number}", number=smallest) if flow.customers is None else number(flow.customers)),
        ]
        for flow in moved[:MOVES]
    ]
    width = 7.2
    deck.table([_("from"), _("to"), _("customers")], rows, [2.8, 2.8, width - 5.6], TOP, deck.bottom - TOP - 0.4)
    if len(moved) > MOVES:
        rest = _(
            "The largest {shown} of {all} moves.", shown=formatting.count(MOVES), all=formatting.count(len(moved))
        )  # fmt: skip
        deck.line(rest, MARGIN, deck.bottom - 0.36, width)
    deck.text(facts, MARGIN + width + 0.4, TOP, BODY - width - 0.4, deck.bottom - TOP)


def _results(deck: Deck, publication: Publication, chapter: Mapping) -> None:
    """Tell what the campaign that was measured last has changed."""
    results, currency = chapter["results"], publication.currency()
    total = results.iloc[0].to_dict()
    name = campaign_name(publication, total["campaign_id"])
    told = sentences(results, currency)
    _begin(
        deck, chapter, f"{isolated(name)}: {formatting.uncapitalised(told[0]).rstrip('.')}",
        tables=["campaign_effects"], say=" ".join([*told, state(results.iloc[0])]),
    )  # fmt: skip
    rows = [
        [
            Paragraph(_(row["persona"]) if row["is_total"] else row["persona"], is_bold=True),
            Paragraph(difference(row["effect"], row["metric"], currency)),
            Paragraph(between(row, currency)),
            Paragraph(_(row["verdict"])),
        ]
        for row in results.head(ROWS + 1).to_dict("records")
    ]
    width = 7.6
    heads = [_("persona"), pgettext("of a campaign", "effect"), _("interval"), _("verdict")]
    deck.table(heads, rows, [2.6, 1.2, 2.2, width - 6.0], TOP, deck.bottom - TOP - 0.4)
    caption = _("Effect on {measure}, against a control", measure=measure(total["metric"])[0])
    deck.line(caption, MARGIN, deck.bottom - 0.36, width)
    facts = [Paragraph(sentence, space=0.5 if place else 0.0) for place, sentence in enumerate(told[1 : ADVISED + 1])]
    facts.append(Paragraph(state(results.iloc[0]), space=0.5))
    deck.text(facts, MARGIN + width + 0.4, TOP, BODY - width - 0.4, deck.bottom - TOP)


def _value(deck: Deck, publication: Publication, chapter: Mapping) -> None:
    groups, dataset = chapter["groups"], chapter["dataset"]
    every = publication.table("rfm_groups", dataset=dataset)
    sentence = value_findings.concentration_sentence(publication.concentration(dataset))
    title = value_findings.groups_title(every, value_figures.measure(publication, dataset))
    _begin(deck, chapter, title, tables=["rfm_groups", "rfm_scores"], say=f"{title}. {sentence}")
    money = dict(zip(every["rfm_group"], formatting.shares(every["share_of_monetary"]), strict=True))
    people = dict(zip(every["rfm_group"], formatting.shares(every["customers"]), strict=True))
    bars = groups.head(GROUPS)
    width = 7.3
    caption = _("RFM groups by their share of the money (in brackets: of the customers)")
    deck.line(caption, MARGIN, TOP, width)
    deck.chart(
        list(bars["rfm_group"]), list(bars["share_of_monetary"]), [theme.ACCENT] * len(bars),
        (MARGIN, TOP + 0.4, width, deck.bottom - TOP - 0.4),
        labels=[f"{money[name]} ({people[name]})" for name in bars["rfm_group"]],
        series=_("share of the money"), maximum=float(bars["share_of_monetary"].max()) * 1.6, size=14,
        alternative=_bars(
            _("{group}: {money} of the money, {customers} of the customers",
              group=name, money=money[name], customers=people[name])
            for name in bars["rfm_group"]
        ),
    )  # fmt: skip
    advised = groups[groups["advice"].fillna("") != ""].head(ADVISED)
    advice = [_advice(row) for row in advised.to_dict("records")]
    facts = [Paragraph(sentence, is_bold=True), *[Paragraph(text, space=0.5) for text in advice]]
    deck.text(facts, MARGIN + width + 0.4, TOP, BODY - width - 0.4, deck.bottom - TOP)


def _advice(group: Mapping) -> str:
    campaign = value_findings.campaign_title(group)
    to_do = f"{isolated(group['rfm_group'])}: {formatting.uncapitalised(_(group['advice']))}."
    return f"{to_do} {_('Campaign: {campaign}.', campaign=campaign)}" if campaign else to_do


def _segments(deck: Deck, publication: Publication, chapter: Mapping) -> None:
    """Tell about each segment on a slide of its own: its typical values, and what follows from them."""
    name, tables = chapter["segmentation"], chapter["tables"]
    profiles = tables["profiles"]
    for one in decisions(publication, chapter).segments:
        segment = tables["segments"][tables["segments"]["persona"] == one.persona].iloc[0].to_dict()
        told = {"persona": one.persona, "share": one.share}
        if one.money_share:
            title = _("{persona}: {share} of the customers and {money} of the money", **told, money=one.money_share)
        else:
            title = _("{persona}: {share} of the customers", **told)
        _begin(
            deck, chapter, title,
            tables=["segment_profiles", "campaign_recommendations", "segment_stability", "segments"],
            say=worth(one),
        )  # fmt: skip
        deck.bar(one.colour, MARGIN, TOP - 0.1, BODY, 0.09)
        values = values_table(publication, name, profiles, one.persona)
        rows = [
            [Paragraph(cell.text, is_bold=place == 0) for place, cell in enumerate(row)]
            for row in values.cells[:FEATURES]
        ]
        left = sum(VALUES)
        if rows:
            heads = [_("feature"), _("typical"), _("middle half"), _("all customers")]
            deck.table(heads, rows, VALUES, TOP + 0.1, deck.bottom - TOP - 0.5)
        if len(values.rows) > FEATURES:
            more = formatting.counted(len(values.rows) - FEATURES, "more feature")
            caption = _("* used by the segmentation; {features} in the report", features=more)
            deck.line(caption, MARGIN, deck.bottom - LINE_HEIGHT, left)
        elif rows:
            deck.line(_("* used by the segmentation"), MARGIN, deck.bottom - LINE_HEIGHT, left)
        own = profiles[profiles["cluster_id"] == segment["cluster_id"]]
        deck.text(
            [paragraph for paragraph in _told(publication, chapter, one, segment, own) if paragraph.text],
            MARGIN + left + 0.4, TOP + 0.05, BODY - left - 0.4, deck.bottom - TOP - 0.05,
        )  # fmt: skip


def _told(publication, chapter, one, segment, own) -> Iterator[Paragraph]:
    yield Paragraph(f"{customers(one.customers, is_synthetic=False)}. {findings.described(segment)}")
    if not is_missing(segment["contradicted_traits"]) and segment["contradicted_traits"]:
        traits = findings.contradictions(segment["contradicted_traits"])
        yield Paragraph(_("Contradicted: {traits}", traits=traits), colour=WARNING, space=0.4)
    apart = formatting.listed(findings.deviations(own, MOST_NAMED))
    if apart:
        yield Paragraph(_("What sets them apart"), is_bold=True, space=0.5)
        yield Paragraph(f"{capitalised(apart)}.")
    yield Paragraph(_("What to offer"), is_bold=True, space=0.5)
    yield Paragraph(
        f"{isolated(one.campaign)} ({one.channel}): {one.offer}." if one.campaign else _("No campaign is assigned.")
    )
    if one.effect:
        yield Paragraph(one.effect)
    yield Paragraph(_("How sure"), is_bold=True, space=0.5)
    yield Paragraph(how_sure(publication, chapter["segmentation"], segment))


def _strategy(deck: Deck, publication: Publication, chapter: Mapping) -> None:
    segments = chapter["tables"]["segments"]
    campaigns = publication.table("campaign_recommendations", segmentation=chapter["segmentation"])
    title = findings.campaigns_title(campaigns, segments)
    for part, suffix in _parts(segments, ROWS):
        _begin(
            deck, chapter, _("What to offer: {campaigns}", campaigns=formatting.uncapitalised(title)) + suffix,
            tables=["campaign_recommendations"],
            say=f"{title}. "
            + _("Costs are assumptions with their basis in cost_assumption; effects are not measured yet."),
        )  # fmt: skip
        rows = []
        for segment in part.itertuples():
            planned = campaigns[campaigns["persona"] == segment.persona].sort_values(["priority", "campaign_id"])
            if planned.empty:
                rows.append([Paragraph(segment.persona, is_bold=True), *[Paragraph(_("none"))] * 2, Paragraph("")])
                continue
            first, others = planned.iloc[0], planned.iloc[1:]
            channel = value_findings.channel_name(first["channel"])
            rows.append(
                [
                    Paragraph(segment.persona, is_bold=True),
                    Paragraph(f"{isolated(first['campaign'])} ({channel}): {first['offer']}"),
                    Paragraph(first["rationale"]),
                    Paragraph(formatting.listed(others["campaign"], most=3) or _("none")),
                ]
            )
        deck.table(
            [_("segment"), _("first offer"), _("why"), _("then")],
            rows,
            [2.4, 4.2, 3.6, BODY - 10.2],
            TOP,
            deck.bottom - TOP - LINE_HEIGHT,
        )
        deck.line(_(UNPROVEN), MARGIN, deck.bottom - LINE_HEIGHT + 0.05, BODY)


def _how_sure(deck: Deck, publication: Publication, chapter: Mapping) -> None:
    name = chapter["segmentation"]
    tables = chapter["tables"]
    title = findings.stability_title(tables["segments"])
    comparison = publication.table("algorithm_comparison", segmentation=name)
    _begin(
        deck, chapter, title, tables=["segment_stability", "fit_optima", "algorithm_comparison", "segmentation_fits"],
        say=findings.stability_sentence(tables["segments"]),
    )  # fmt: skip
    known = tables["segments"].dropna(subset=["bootstrap_jaccard"]).head(BARS)
    facts = [
        Paragraph(findings.separation_sentence(chapter)),
        Paragraph(findings.optimum_sentence(chapter, tables["optima"]), space=0.5),
        Paragraph(_("Other algorithms: {finding}", finding=findings.algorithms_sentence(comparison)), space=0.5),
        *[Paragraph(warning, colour=WARNING, space=0.5) for warning in warnings_of(chapter, tables)],
    ]
    if known.empty:
        deck.text(
            [Paragraph(findings.stability_sentence(tables["segments"])), *facts], MARGIN, TOP, BODY, deck.bottom - TOP
        )
        return
    caption = _("Share that comes back in new samples (Jaccard, 1 is all)")
    deck.line(caption, MARGIN, TOP, 6.4)
    deck.chart(
        list(known["persona"]), list(known["bootstrap_jaccard"]),
        [theme.GRADES.get(grade, theme.POPULATION) for grade in known["stability_grade"]],
        (MARGIN, TOP + 0.35, 6.2, deck.bottom - TOP - 0.35),
        labels=[
            f"{number(row.bootstrap_jaccard, 2)} {_(row.stability_grade) if row.stability_grade else ''}"
            for row in known.itertuples()
        ],
        series=_("bootstrap Jaccard"), maximum=1.4,
        alternative=_bars(f"{isolated(row.persona)}: {number(row.bootstrap_jaccard, 2)}" for row in known.itertuples()),
    )  # fmt: skip
    deck.text(facts, MARGIN + 6.6, TOP, BODY - 6.6, deck.bottom - TOP)


def _next(deck: Deck, publication: Publication, chapters: list[dict]) -> None:
    told: list[dict[str, Any]] = []
    for chapter in chapters:
        segments = chapter["tables"]["segments"]
        first = segments.iloc[0]
        campaigns = publication.table("campaign_recommendations", segmentation=chapter["segmentation"])
        planned = campaigns[campaigns["persona"] == first["persona"]] if len(campaigns) else campaigns
        grades = segments["stability_grade"]
        told.append(
            {
                "title": chapter["segmentation_name"],
                "is_synthetic": bool(chapter["is_synthetic"]),
                "first": first["persona"],
                "campaign": planned.sort_values("priority").iloc[0]["campaign"] if len(planned) else None,
                "doubtful": list(segments[grades.notna() & ~grades.isin(findings.SURE)]["persona"]),
                "recommended": _recommended(chapter),
                "contradicted": list(segments[segments["contradicted_traits"].notna()]["persona"]),
            }
        )
    tables = ("campaign_recommendations", "segments", "personas", "data_quality_results")
    deck.begin(
        _("What to do next, and caveats"),
        source=_("Source: {tables}", tables=", ".join(tables)),
        notes=_("The steps follow from the figures; people who know the customers decide.")
        + f"\n\n{_tables(*tables)}",
    )  # fmt: skip
    half = (BODY - 0.5) / 2
    steps = findings.next_steps(told)
    beware = [
        f"{isolated(chapter['segmentation_name'])}: {warning}"
        for chapter in chapters
        for warning in warnings_of(chapter, chapter["tables"])[:3]
    ]
    checks = publication.table("data_quality_results")
    if not checks.empty and not checks["success"].all():
        beware.append(findings.quality_sentence(checks))
    boxes = []
    columns = ((_("Next"), steps, theme.ACCENT), (_("Caveats"), beware, theme.CONTRAST))
    for position, (head, lines, code) in enumerate(columns):
        left = MARGIN + position * (half + 0.5)
        deck.bar(code, left, TOP, half, 0.06)
        paragraphs = [Paragraph(head, is_bold=True), *[Paragraph(line, space=0.4) for line in lines]]
        boxes.append((paragraphs, left, TOP + 0.12, half, deck.bottom - TOP - 0.12))
    deck.texts(boxes)


def _recommended(chapter: Mapping) -> int | None:
    """Return the number of segments that the criteria recommend, if it is another than the one in use."""
    recommendation = chapter["tables"]["recommendation"]
    if recommendation.empty or is_missing(recommendation.iloc[0]["recommended_k"]):
        return None
    recommended = int(recommendation.iloc[0]["recommended_k"])
    return None if recommended == chapter["k"] else recommended


def write_slides(publication: Publication, folder: Path, template: Path | None = None) -> str:
    """Write slides.pptx into a folder, on a template if one is given, and say how large it is."""
    return write_one(folder / "slides.pptx", build(publication, template))
