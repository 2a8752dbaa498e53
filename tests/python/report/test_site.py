"""The site works from any static host, below any address, and from a disk, and asks nothing of another host."""

import functools
import http.server
import json
import shutil
import threading
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
import pytest

from customer_segmentation.publication.tables import Publication
from customer_segmentation.report import site
from helpers.browser import GRAVE, chromium, hurdles
from helpers.projects import ROOT, Project
from helpers.small_publication import MALL, Described, publish, run_command

FOLDER = "Clients of Dr Wolkenstein"  # a folder that tells something
HOSTILE = "</style><script>alert(1)</script>"
PICTURE = "docs_clusters.svg"  # the documentation shows it
# The page of dbt asks for what its template forgot to fill in; nothing is missing.
FORGOTTEN = ("getIcon(", "favicon.ico")


def publish_with_everything(folder: Path, *described: Described) -> Path:
    """Publish invented customers with report, slides and a picture."""
    published = publish(folder / "marts.duckdb", *described)
    for command in ("report", "slides"):
        assert run_command(command, published).returncode == 0
    (folder / "pictures").mkdir()
    (folder / "pictures" / PICTURE).write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><circle r="9"/></svg>'
    )
    picture = {"files": [PICTURE], "dataset": "mall", "segmentation": None, "title": "Title", "subtitle": "Subtitle"}
    (folder / "pictures/index.json").write_text(json.dumps({"pictures": [picture]}))
    return published


def write_site(published: Path, folder: Path, documentation: Path) -> Path:
    with Publication(published) as publication:
        site.write(publication, folder, documentation)
    return folder


@pytest.fixture(scope="module")
def whole(built, tmp_path_factory) -> Path:
    """The site of invented customers, with the documentation of this project."""
    folder = tmp_path_factory.mktemp("site")
    project = Project(shutil.copytree(built.folder, folder / "project"))
    shutil.rmtree(project.published)
    published = publish_with_everything(
        project.published, Described("mall_income_spending", "mall", MALL.personas),
        Described("sales_personas", "sales", ("X", "Y"), is_synthetic=True),
    )  # fmt: skip
    with duckdb.connect(str(published)) as database:
        database.execute("alter table rejected_rows add column if not exists raw_row varchar")
    shutil.copytree(ROOT / "docs/pictures", project.folder / "docs/pictures")
    private = folder / FOLDER
    private.mkdir()
    input_file = shutil.copy(project.folder / "seeds/raw/mall_customers.csv", private / "members.csv")
    spreadsheet = shutil.copy(project.folder / "seeds/raw/sales_customers.xlsx", private / "sales.xlsx")
    given = json.dumps({"mall_customers": str(input_file), "sales_customers": str(spreadsheet)})
    run = project.dbt("docs", "generate", "--static", "--vars", given)
    assert FOLDER in (project.folder / "target/static_index.html").read_text()  # what the site must lose
    assert run.returncode == 0, run.stdout + run.stderr
    return write_site(published, folder / "host/below/here", project.folder / "target")


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture(params=["from a disk", "below an address"])
def address(request, whole):
    """Where the site is: a folder, or a path of a server."""
    if request.param == "from a disk":
        yield whole.as_uri()
        return

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=whole.parents[1])
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/below/here"
        server.shutdown()


def looked_at(browser, address, width=1280):
    """Open a page and return it with everything that went wrong and every request that left the site."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_default_timeout(20_000)
    problems = []
    host = urlsplit(address).netloc

    def judge(request):
        if urlsplit(request.url).scheme not in ("data", "blob") and urlsplit(request.url).netloc != host:
            problems.append(f"asked {request.url}")

    def told(message):
        text = f"{message.text} {unquote(message.location.get('url', ''))}"
        if message.type == "error" and not any(forgotten in unquote(text) for forgotten in FORGOTTEN):
            problems.append(text)

    page.on("request", judge)
    page.on("console", told)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(address)
    return page, problems


@pytest.mark.parametrize("width", [1280, 390])
def test_the_landing_page_opens_and_its_links_lead_somewhere(browser, address, whole, width):
    page, problems = looked_at(browser, f"{address}/index.html", width)
    assert page.title() == "Customer segments"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    assert {"report.html", "slides.pptx", "documentation.html", "tables/segments.csv"} <= set(links)
    for link in links:
        if link.startswith("#"):
            assert page.locator(f"[id='{link[1:]}']").count() == 1
        else:
            assert (whole / link).is_file(), link
    assert hurdles(page, GRAVE) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert hurdles(page, GRAVE) == []
    assert problems == []


def test_what_it_tells_is_what_was_published(browser, address):
    page, _ = looked_at(browser, f"{address}/index.html")
    words = page.inner_text("main")
    assert "published on 2 January 2025" in words
    for persona in MALL.personas:
        assert page.get_by_role("heading", name=persona, exact=True).count() == 1
    assert page.locator(".badge").all_inner_texts() == ["synthetic data", "synthetic data"]


def test_report_and_documentation_open_and_show_their_pictures(browser, address):
    page, problems = looked_at(browser, f"{address}/report.html")
    page.locator(".chart").first.scroll_into_view_if_needed()
    page.wait_for_selector(".chart svg.marks", state="attached")
    assert problems == []
    page, problems = looked_at(browser, f"{address}/documentation.html#!/model/model.customer_segmentation.segments")
    picture = page.wait_for_selector(f"img[src*='{PICTURE}']")
    page.wait_for_function("picture => picture.complete", arg=picture)
    assert picture.evaluate("picture => picture.naturalWidth") == 40
    page, more = looked_at(browser, f"{address}/documentation.html#!/overview")
    lineage = page.wait_for_selector("img[src*='lineage.svg']")
    page.wait_for_function("picture => picture.complete", arg=lineage)
    assert lineage.evaluate("picture => picture.naturalWidth") > 0
    # The overview shows pictures that were not drawn here.
    assert [problem for problem in problems + more if "published/pictures" not in problem] == []


def test_a_request_to_another_host_would_be_noticed(browser, whole, tmp_path):
    copy = Path(shutil.copy(whole / "index.html", tmp_path))
    copy.write_text(copy.read_text().replace("<header>", '<header><img src="http://example.invalid/pixel.png">'))
    page, problems = looked_at(browser, copy.as_uri())
    page.wait_for_load_state()
    assert "asked http://example.invalid/pixel.png" in problems


def test_nobody_finds_single_customers_or_folders_of_the_machine_in_it(whole):
    tables = {file.stem for file in (whole / "tables").iterdir()}
    assert {"segments", "segment_profiles", "personas"} <= tables
    assert not tables & {"customer_segments", "mall_customer_features", "rejected_rows", "rfm_scores"}
    with duckdb.connect() as database:
        rows = database.execute(f"select count(*) from '{whole / 'tables/segments.csv'}'").fetchall()
    assert rows == [(5,)]
    machine = (FOLDER, str(whole.parents[2]), str(Path.home()) + "/", str(ROOT))
    for file in whole.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert not [place for place in machine if place.encode() in content], file


def test_names_that_users_wrote_are_shown_and_never_run(tmp_path):
    published = publish(tmp_path / "marts.duckdb", Described("mall_personas", "mall", (HOSTILE, "Other")))
    content = (write_site(published, tmp_path / "site", tmp_path / "none") / "index.html").read_text()
    assert "<script" not in content
    assert "&lt;/style&gt;&lt;script&gt;alert(1)" in content


def test_what_was_not_made_is_not_linked(tmp_path):
    published = publish(tmp_path / "marts.duckdb")
    content = (write_site(published, tmp_path / "site", tmp_path / "none") / "index.html").read_text()
    assert not [name for name in ("report.html", "slides.pptx", "documentation.html") if name in content]


@pytest.mark.slow
def test_an_old_site_is_replaced_and_anything_else_left_alone(tmp_path):
    published = publish(tmp_path / "marts.duckdb")
    folder = tmp_path / "site"
    assert run_command("site", published, folder).returncode == 0
    (folder / "left_over.html").write_text("old")
    assert run_command("site", published, folder).returncode == 0
    assert not (folder / "left_over.html").exists()
    for file in ("letter.txt", "index.html"):
        mine = tmp_path / f"mine_{file}"
        mine.mkdir()
        (mine / file).write_text("dear")
        run = run_command("site", published, mine)
        assert run.returncode == 1
        assert "it exists and is not a site that this command wrote" in run.stderr
        assert (mine / file).read_text() == "dear"
