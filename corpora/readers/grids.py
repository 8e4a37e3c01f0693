"""HTML tables as Markdown can hold them: one row of headers at most, and under each header the cells it is about."""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import takewhile

from bs4 import Tag

# Longer spans are mistakes of the page.
_MOST = 100


@dataclass(slots=True)
class _Row:
    """`alone` where there is one cell in all."""

    cells: list[Tag]
    header: bool
    alone: bool


def square(tree: Tag) -> None:
    """Rewrites the tables in a tree: a cell that spans several places stands in each of them.

    What stands above the columns goes in front of the table; a table that only arranges a page becomes plain blocks.
    """
    for table in reversed(tree.find_all("table")):
        rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
        if not rows or table.find("table") or table.get("role") in ("none", "presentation"):
            for tag in (table, *rows, *(cell for row in rows for cell in _cells(row))):
                tag.name = "div"
        else:
            _rewrite(table, rows)


def _rewrite(table: Tag, rows: Sequence[Tag]) -> None:
    for item in table.find_all("li"):
        if item.find_next_sibling("li"):
            item.append(", ")
    for tag in table.find_all(("li", "ol", "ul")):
        tag.unwrap()
    for caption in table.find_all("caption"):
        table.insert_before(_tag("p", caption))
    above, grid = _split(_grid(rows), lambda row: row.alone)
    for row in above:
        table.insert_before(_tag("p", row.cells[0]))
    while grid:
        head, grid = _split(grid, lambda row: row.header)
        body, grid = _split(grid, lambda row: not row.header)
        table.insert_before(_table(head, body))
    for tag in table.find_all(("caption", "td", "th")):
        tag.decompose()
    # What stands beside the cells is a mistake of the page, but browsers show it.
    table.insert_before(_text("p", table.get_text(" ", strip=True)))
    table.decompose()


def _table(head: Sequence[_Row], body: Sequence[_Row]) -> Tag:
    table = Tag(name="table")
    if head:
        table.append(_tr([_merged(cells) for cells in zip(*(row.cells for row in head), strict=True)]))
    for row in body:
        table.append(_tr([_tag("td", cell) for cell in row.cells]))
    return table


def _tr(cells: Sequence[Tag]) -> Tag:
    row = Tag(name="tr")
    for cell in cells:
        row.append(cell)
    return row


def _merged(cells: Sequence[Tag]) -> Tag:
    """The headers above a column as one."""
    return _text("th", " ".join(dict.fromkeys(cell.get_text(" ", strip=True) for cell in cells)))


def _text(name: str, text: str) -> Tag:
    tag = Tag(name=name)
    tag.append(text)
    return tag


def _tag(name: str, model: Tag) -> Tag:
    tag = copy(model)
    tag.name, tag.attrs = name, {}
    return tag


def _grid(rows: Sequence[Tag]) -> list[_Row]:
    """The rows with as many cells each; spans are written out, but for those of a whole row."""
    grid: list[_Row] = []
    hanging: dict[int, tuple[Tag, int]] = {}
    group = None
    for tag in rows:
        above, group = hanging if tag.parent is group else {}, tag.parent
        cells, hanging = _spread(tag, above)
        header = (group is not None and group.name == "thead") or all(cell.name == "th" for cell in _cells(tag))
        grid.append(_Row(cells, header, alone=len(_cells(tag)) == 1 and not above))
    width = max(len(row.cells) for row in grid)
    for row in grid:
        row.alone = row.alone and width > 1
        row.header = row.header and not row.alone
        row.cells = [*row.cells[: 1 if row.alone else width], *(Tag(name="td") for _ in range(width))][:width]
    return _headed([row for row in grid if any(cell.get_text(strip=True) for cell in row.cells)])


def _spread(row: Tag, above: dict[int, tuple[Tag, int]]) -> tuple[list[Tag], dict[int, tuple[Tag, int]]]:
    """The cells of a row with those that hang down from above, and what of them hangs on, for how many rows."""
    own = [cell for cell in _cells(row) for _ in range(_span(cell, "colspan"))]
    cells: list[Tag] = []
    hanging: dict[int, tuple[Tag, int]] = {}
    while own or any(column >= len(cells) for column in above):
        column = len(cells)
        if column in above:
            cell, left = above[column]
        elif own:
            cell = own.pop(0)
            left = _span(cell, "rowspan")
        else:
            cell, left = Tag(name="td"), 1
        cells.append(cell)
        if left > 1:
            hanging[column] = cell, left - 1
    return cells, hanging


def _headed(grid: list[_Row]) -> list[_Row]:
    """The rows, of which not all are headers; without any, a first one in bold is taken for it."""
    inner = [row for row in grid if not row.alone]
    if all(row.header for row in inner):
        for row in inner[1:]:
            row.header = False
    elif not any(row.header for row in inner):
        inner[0].header = _bold(inner[0]) and not all(map(_bold, inner[1:]))
    return grid


def _bold(row: _Row) -> bool:
    texts = [text for cell in row.cells for text in cell.find_all(string=True) if text.strip()]
    return all(text.find_parent(("b", "strong")) for text in texts)


def _split(rows: list[_Row], wanted: Callable[[_Row], bool]) -> tuple[list[_Row], list[_Row]]:
    count = len(list(takewhile(wanted, rows)))
    return rows[:count], rows[count:]


def _cells(row: Tag) -> list[Tag]:
    return row.find_all(("td", "th"), recursive=False)


def _span(cell: Tag, kind: str) -> int:
    value = str(cell.get(kind, "1"))
    return max(1, min(_MOST, int(value))) if value.isdecimal() else 1
