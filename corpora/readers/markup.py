"""HTML as Markdown: what a reader of the page sees, and nothing that is hidden from them."""

import re
import warnings

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag
from bs4.element import Comment
from markdownify import MarkdownConverter

from corpora.cleaning import clean
from corpora.readers.grids import square

_DROPPED = (
    "script style template noscript title dialog nav header footer aside form iframe object svg button select textarea "
    "input"
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0*\.?0*(?![.\d])|font-size\s*:\s*0(?![.\d])|"
    r"(?:left|top|text-indent)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)


def parse(html: str | bytes) -> BeautifulSoup:
    """The page as a tree without what is hidden, active or not content."""
    with warnings.catch_warnings():
        # A body that is one address or one file name is still a body.
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        tree = BeautifulSoup(html, "lxml")
    for comment in tree.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for tag in tree.find_all(True):
        if not tag.decomposed and (tag.name in _DROPPED.split() or _hidden(tag)):
            tag.decompose()
    return tree


def markdown_from_html(html: str) -> str:
    """The visible text of an HTML fragment or page as Markdown; links keep their labels only."""
    return markdown_of(parse(html))


def markdown_of(tree: BeautifulSoup | Tag) -> str:
    """The text of a parsed page as Markdown; links keep their labels only. The tree's tables are rewritten."""
    square(tree)
    converter = MarkdownConverter(heading_style="ATX", strip=["a", "img"], escape_misc=True)
    return clean(str(converter.convert_soup(tree)))


def _hidden(tag: Tag) -> bool:
    style = tag.get("style")
    return (
        tag.has_attr("hidden")
        or tag.get("aria-hidden") == "true"
        or (isinstance(style, str) and bool(_HIDDEN.search(style)))
    )
