// What citizens choose for themselves: language, plain language, size of the text, answers at once.

import { button, make } from "./dom.js";

// Some browsers do not know them by their own names.
const UNNAMED = /** @type {Record<string, string>} */ ({ ga: "Gaeilge", mt: "Malti" });

/** The sizes of the text, as factors. */
export const SIZES = [1, 1.25, 1.5, 2];

/**
 * The panel of settings.
 * @param {Place} place
 * @param {Memory} chosen
 * @param {{ change: (values: Memory) => void, erase: () => void, page: string, statement: string }} can
 */
export function settings({ texts, profile }, chosen, can) {
  const languages = make(
    "select",
    { id: "language" },
    ...profile.languages.map((code) => make("option", { value: code, lang: code, selected: code === profile.language }, endonym(code))),
  );
  languages.addEventListener("change", () => can.change({ language: languages.value }));
  const size = chosen.size ?? 1;
  const [below, above] = [SIZES.filter((one) => one < size).at(-1), SIZES.find((one) => one > size)];
  const become = (/** @type {number | undefined} */ next) => () => next && can.change({ size: next });
  return make(
    "div",
    { class: "settings", role: "group", "aria-label": texts.settings },
    make("p", {}, make("label", { for: "language" }, texts.language), " ", languages),
    tick(texts.plain, Boolean(chosen.plain), (plain) => can.change({ plain })),
    tick(texts.at_once, Boolean(chosen.atOnce), (atOnce) => can.change({ atOnce })),
    make(
      "p",
      { role: "group", "aria-label": texts.text_size },
      button(texts.smaller, become(below), { "aria-disabled": String(!below) }),
      " ",
      button(texts.larger, become(above), { "aria-disabled": String(!above) }),
    ),
    make("p", {}, button(texts.erase, can.erase, { class: "erase" })),
    make("p", { class: "small" }, texts.privacy),
    make(
      "p",
      { class: "small" },
      make("a", { href: can.statement, target: "_blank", rel: "noopener" }, texts.accessibility),
      can.page && " · ",
      can.page && make("a", { href: can.page, target: "_blank", rel: "noopener" }, texts.full_page),
    ),
  );
}

/**
 * @param {string} label
 * @param {boolean} checked
 * @param {(checked: boolean) => void} change
 */
function tick(label, checked, change) {
  const input = make("input", { type: "checkbox", checked });
  input.addEventListener("change", () => change(input.checked));
  return make("p", {}, make("label", {}, input, make("span", {}, label)));
}

/**
 * What a language calls itself.
 * @param {string} code
 */
function endonym(code) {
  const name = UNNAMED[code] ?? new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
  return name[0].toLocaleUpperCase(code) + name.slice(1);
}
