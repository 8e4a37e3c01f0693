// Where an answer comes from: numbers in the text, and below it each quote in its context.

import { filled, link, make, spoken } from "./dom.js";

/**
 * A sentence with the numbers of its sources; a number opens its quote.
 * @param {Sentence} sentence
 * @param {Place} place
 * @param {(n: number) => void} open
 */
export function cited(sentence, { texts }, open) {
  const line = make("p", { ...spoken(sentence.language), class: "sentence" }, `${sentence.text}\u00a0`);
  const numbers = make("span", { class: "numbers" });
  for (const n of sentence.sources) {
    const label = filled(texts.source, { number: n });
    const number = make("button", { type: "button", class: "number", "aria-label": label, title: label }, String(n));
    number.addEventListener("click", () => open(n));
    numbers.append(number);
  }
  line.append(numbers);
  return line;
}

/**
 * All sources, folded; `open` unfolds one and brings the focus to it.
 * @param {Source[]} list
 * @param {Place} place
 */
export function sources(list, { texts, profile }) {
  const items = list.map((source) => {
    const path = source.heading && source.heading !== source.title ? `${source.title} › ${source.heading}` : source.title;
    const said = source.as_of && filled(texts.as_of, { date: day(source.as_of, profile.language) });
    return make(
      "li",
      { tabindex: -1, value: source.n },
      make("p", { class: "path", ...spoken(source.language) }, path),
      make("blockquote", spoken(source.language), source.quote),
      make("p", { class: "small" }, said, said && source.url && " · ", source.url && link(texts.to_page, source.url, texts)),
    );
  });
  const box = make("details", { class: "sources" }, make("summary", {}, `${texts.sources} (${list.length})`), make("ol", {}, ...items));
  /** @param {number} n */
  const open = (n) => {
    box.open = true;
    items[list.findIndex((source) => source.n === n)]?.focus();
  };
  return { box, open };
}

/**
 * A day as a language writes it; the time zone of the reader makes no other day of it.
 * @param {string} date
 * @param {string} language
 */
export function day(date, language) {
  return new Date(date).toLocaleDateString(language, { dateStyle: "long", timeZone: "UTC" });
}
