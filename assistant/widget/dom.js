// Elements without markup: what comes from a server or a citizen is only ever set as text.

/**
 * An element with attributes and children; what is null, false or undefined is left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : String(value));
  for (const child of children) if (child) made.append(child);
  return made;
}

/**
 * A button that says what it does in the words that are read.
 * @param {string} label
 * @param {() => void} click
 * @param {Record<string, string | boolean>} [attributes]
 */
export function button(label, click, attributes = {}) {
  const made = make("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", click);
  return made;
}

/**
 * Language and direction of a text, as attributes.
 * @param {string} language
 */
export function spoken(language) {
  return { lang: language, dir: ["ar", "fa", "he", "ur"].includes(language) ? "rtl" : "ltr" };
}

/**
 * A link to open, call or write; of any other address only its label is left.
 * @param {string} label
 * @param {string | null} url
 * @param {Texts} texts
 * @param {Record<string, string>} [attributes]
 */
export function link(label, url, texts, attributes = {}) {
  if (!/^(https?|tel|mailto):/i.test(url ?? "")) return make("span", attributes, label);
  if (!/^http/i.test(url ?? "")) return make("a", { href: url, ...attributes }, label);
  // The page with the conversation stays; that another one opens is said.
  const outside = { href: url, target: "_blank", rel: "noopener noreferrer", ...attributes };
  return make("a", outside, label, make("span", { class: "out", "aria-hidden": "true" }, "\u00a0↗"), hidden(` (${texts.new_tab})`));
}

/**
 * Words for those who listen.
 * @param {string} text
 */
export function hidden(text) {
  return make("span", { class: "hidden" }, text);
}

/**
 * A number to call is not torn apart at the end of a line.
 * @param {string} text
 */
export function whole(text) {
  return text.replace(/(\d) (?=\d)/g, "$1\u00a0");
}

/**
 * A text with its {words} filled in.
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (all, key) => (key in values ? String(values[key]) : all));
}
