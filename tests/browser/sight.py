"""What can be seen, reached and hit on a page, asked of the browser itself, also inside shadow roots."""

from tests.browser.conftest import Visiting
from tests.browser.stage import Service, Visit

_SIGHT = """
window.sight ??= (() => {
  const all = (root = document) =>
    [...root.querySelectorAll("*")].flatMap((node) => [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);
  const above = (node) => node.parentElement ?? (node.getRootNode().host || null);
  const box = (node) => node.getBoundingClientRect();
  const tiny = (node) => box(node).width <= 1 || box(node).height <= 1;
  const unseen = (node) => node && (node.matches(".hidden, .skip:not(:focus)") || unseen(above(node)));
  const shown = () =>
    all(document.body).filter((node) => node.checkVisibility({ visibilityProperty: true }) && !unseen(node));
  const name = (node) => `${node.localName}.${node.className || node.id} ${node.innerText ?? ""}`.slice(0, 70);
  const lines = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()];
  };
  const said = (node) => [...node.childNodes].filter((one) => one.nodeType === Node.TEXT_NODE && one.data.trim());
  const hit = (x, y, root = document) => {
    const found = root.elementFromPoint(x, y);
    return found?.shadowRoot && found.shadowRoot !== root ? hit(x, y, found.shadowRoot) : found;
  };
  const within = (outer, inner) => inner && (outer === inner || within(outer, above(inner)));
  const inside = (x, y) => x >= 0 && y >= 0 && x <= innerWidth && y <= innerHeight;
  const active = () => {
    let node = document.activeElement;
    while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
    return node;
  };
  // The middle and the middles of the sides; corners are round.
  const points = ({ left, right, top, bottom, width, height }) => {
    const [x, y] = [left + width / 2, top + height / 2];
    return [[x, y], [left + 3, y], [right - 3, y], [x, top + 3], [x, bottom - 3]];
  };
  const visible = (node) => {
    // Of a field browsers bring the line with the caret into view, which is its first here.
    const { left, width, top } = box(node);
    const spots = node.localName === "textarea" ? [[left + width / 2, top + 16]] : points(box(node));
    const free = spots.filter(([x, y]) => inside(x, y) && within(node, hit(x, y)));
    // What is larger than the screen cannot be seen at once.
    const large = box(node).height > innerHeight - 60;
    return large ? box(node).top < innerHeight - 24 && box(node).bottom > 24 : free.length === spots.length;
  };
  const standing = (node) => node.localName === "a" && getComputedStyle(node).display === "inline"
    && node.parentElement.textContent.trim() !== node.textContent.trim();
  return {
    active,
    name: (node) => name(node),
    focus: () => {
      const node = active();
      if (!node || node === document.body) return [];
      const { outlineStyle, outlineWidth } = getComputedStyle(node);
      const ring = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
      return [visible(node) ? "" : `hidden: ${name(node)}`, ring ? "" : `no ring: ${name(node)}`].filter(Boolean);
    },
    visible,
    controls: () => shown().filter((node) => node.matches("button, a[href], summary, select, textarea, input")),
    small: () => window.sight.controls().filter((node) => {
      const target = node.localName === "input" ? node.closest("label") ?? node : node;
      return !standing(node) && (box(target).width < 23.9 || box(target).height < 23.9);
    }).map((node) => `${name(node)} ${box(node).width}x${box(node).height}`),
    // Whoever speaks to the browser says what stands there.
    unspeakable: () => window.sight.controls().filter((node) => {
      const label = node.getAttribute("aria-label");
      const words = (text) => text.toLowerCase().match(/[\\p{L}\\p{N}]+/gu)?.join(" ") ?? "";
      return label !== null && !words(label).includes(words(node.innerText));
    }).map(name),
    headings: () => all(document.body).filter((node) => node.checkVisibility() && /^h[1-6]$/.test(node.localName))
      .map((node) => Number(node.localName[1])),
    // What is wider than its place, or cut off where it cannot be scrolled to.
    cut: () => shown().flatMap((node) => {
      const found = [];
      const style = getComputedStyle(node);
      const scrolls = node === document.documentElement || node === document.body || style.display !== "inline";
      if (!tiny(node) && (box(node).left < -1 || box(node).right > innerWidth + 1))
        found.push(`beyond: ${name(node)}`);
      if (scrolls && style.overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1)
        found.push(`sideways: ${name(node)}`);
      if (scrolls && /hidden|clip/.test(style.overflowY) && node.scrollHeight > node.clientHeight + 1)
        found.push(`cut off below: ${name(node)} ${node.scrollHeight}>${node.clientHeight}`);
      for (const { left, right } of said(node).flatMap(lines)) {
        if (left < -1 || right > innerWidth + 1) found.push(`text beyond: ${name(node)}`);
        for (let one = node; one; one = above(one))
          if (getComputedStyle(one).display !== "inline" && getComputedStyle(one).overflowX !== "visible"
            && (left < box(one).left - 1 || right > box(one).right + 1)) found.push(`text cut off: ${name(node)}`);
      }
      if (node.matches("button, summary, label, legend, dt"))
        for (const line of lines(node))
          if (line.left < box(node).left - 1 || line.right > box(node).right + 1
            || (node.localName === "button" && (line.top < box(node).top - 1 || line.bottom > box(node).bottom + 1)))
            found.push(`out of its box: ${name(node)}`);
      return found;
    }).concat(document.documentElement.scrollWidth > innerWidth ? ["the page scrolls sideways"] : []),
    texts: () => shown().flatMap(said).map((one) => one.data.trim()),
    moving: () => shown().filter((node) => {
      const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(node);
      return animationName !== "none" || transitionDuration !== "0s" || scrollBehavior !== "auto";
    }).map(name),
  };
})();
"""

_CORNER = """
(attributes) => new Promise((done) => {
  addEventListener("amtslotse-ready", () => done(), { once: true });
  const script = Object.assign(document.createElement("script"), { src: "/widget.js" });
  Object.assign(script.dataset, { municipality: "neckarfurt", ...attributes });
  document.body.append(script);
})
"""


def look(visiting: Visit, what: str) -> list[str]:
    """What one of the functions finds on the page as it is."""
    visiting.value(_SIGHT)
    found: list[str] = visiting.value(f"sight.{what}()")
    return found


def corner(visit: Visiting, service: Service, language: str = "de", **wishes: object) -> Visit:
    """A visit to a page that has the widget in its corner, and links of its own."""
    address = f"{service.address}/m/neckarfurt/accessibility?language={language}"
    visiting = visit(address, language=language, ready="main", **wishes)
    put(visiting)
    return visiting


def put(visiting: Visit, **attributes: str) -> None:
    """Puts the widget on the page that is open."""
    visiting.page.evaluate(_CORNER, attributes)


def is_at(visiting: Visit, selector: str) -> bool:
    """Whether the focus is on something."""
    visiting.value(_SIGHT)
    return bool(visiting.page.evaluate("(selector) => sight.active().matches(selector)", selector))


def tab_to(visiting: Visit, selector: str, *, back: bool = False, most: int = 60) -> None:
    """Presses Tab until the focus is on something; fails where it is not reached."""
    for _ in range(most):
        visiting.page.keyboard.press("Shift+Tab" if back else "Tab")
        if is_at(visiting, selector):
            return
    raise AssertionError(f"{selector} is not reached by {most} times Tab.")


def tour(visiting: Visit, key: str = "Tab", most: int = 150) -> tuple[list[str], list[str]]:
    """Tabs once through everything: what had the focus, and what of it could not be seen."""
    visited: list[str] = []
    faults: list[str] = []
    visiting.value(_SIGHT)
    visiting.value("window.toured = new Set()")
    for _ in range(most):
        visiting.page.keyboard.press(key)
        new, name, wrong = visiting.value(
            """(() => {
              const node = sight.active(), new_ = !toured.has(node);
              toured.add(node);
              return [new_, sight.name(node), sight.focus()];
            })()"""
        )
        # After everything come the browser's own controls, and then the first again.
        if not new:
            break
        visited.append(name)
        faults += wrong
    return visited, faults
