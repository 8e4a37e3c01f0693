// An answer to take along: copied as text, printed, or saved as a page of its own.

import { filled, make, spoken } from "./dom.js";
import { day } from "./sources.js";
import PRINTED from "./receipt.css";

/**
 * Question, answer and sources as plain text.
 * @param {Answer} answer
 */
export function asText(answer) {
  const from = answer.sources.map((source) => `[${source.n}] ${source.title}${source.url ? ` – ${source.url}` : ""}`);
  return [answer.text, ...from].join("\n");
}

/**
 * Prints the receipt from a frame of its own, so that the town's page stays out of it.
 * @param {string} question
 * @param {Answer} answer
 * @param {Place} place
 */
export function print(question, answer, place) {
  const frame = make("iframe", { "aria-hidden": "true", tabindex: -1, class: "printing", title: place.texts.receipt });
  document.body.append(frame);
  Object.assign(frame.style, { position: "fixed", inlineSize: "0", blockSize: "0", border: "0", visibility: "hidden" });
  const page = /** @type {Window & typeof globalThis} */ (frame.contentWindow);
  page.document.documentElement.lang = answer.language;
  page.document.title = place.texts.receipt;
  // No <style>: the town's page may forbid it.
  const sheet = new page.CSSStyleSheet();
  sheet.replaceSync(PRINTED);
  page.document.adoptedStyleSheets = [sheet];
  page.document.body.append(page.document.importNode(receipt(question, answer, place), true));
  page.addEventListener("afterprint", () => frame.remove());
  page.print();
}

/**
 * Saves the receipt as a page that needs nothing else.
 * @param {string} question
 * @param {Answer} answer
 * @param {Place} place
 */
export function save(question, answer, place) {
  const { texts, profile } = place;
  const body = make("body", {}, receipt(question, answer, place));
  // eslint-disable-next-line no-restricted-properties -- they are read, and their texts are escaped
  const [title, said] = [make("title", {}, texts.receipt), body].map((node) => node.outerHTML);
  const head = `<meta charset="utf-8">${title}<style>${PRINTED}</style>`;
  const html = `<!doctype html><html lang="${answer.language}"><head>${head}</head>${said}</html>`;
  const file = new Blob([html], { type: "text/html" });
  const address = URL.createObjectURL(file);
  make("a", { href: address, download: `${profile.id}-${answer.provenance.created_at.slice(0, 10)}.html` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/**
 * @param {string} question
 * @param {Answer} answer
 * @param {Place} place
 */
function receipt(question, answer, { texts, profile }) {
  const made = new Date(answer.provenance.created_at).toLocaleString(profile.language, { dateStyle: "long", timeStyle: "short" });
  const own = spoken(answer.language);
  const page = make(
    "main",
    spoken(profile.language),
    make("h1", {}, texts.receipt),
    make("p", {}, `${filled(texts.made, { date: made })} · ${texts.number}: ${answer.id.slice(0, 8)}`),
    make("p", {}, make("strong", {}, texts.receipt_note)),
    make("h2", {}, texts.label),
    make("p", { dir: "auto" }, question),
    make("h2", {}, texts.assistant),
    ...answer.notices.filter((one) => one.kind === "outcome").map((one) => make("p", own, one.text)),
    ...answer.sentences.map((one) => make("p", spoken(one.language), `${one.text} [${one.sources.join(", ")}]`)),
    ...answer.notices.filter((one) => one.kind !== "outcome").map((one) => make("p", own, one.text)),
  );
  const bring = answer.card?.required_documents ?? [];
  const language = answer.sources[0]?.language ?? answer.language;
  if (bring.length)
    page.append(
      make("h2", {}, texts.facet_required_documents),
      make("ul", { class: "ticks", ...spoken(language) }, ...bring.map((text) => make("li", {}, `☐ ${text}`))),
    );
  if (answer.sources.length) page.append(make("h2", {}, texts.sources));
  for (const source of answer.sources)
    page.append(
      make("p", spoken(source.language), `[${source.n}] ${source.title}${source.heading && source.heading !== source.title ? ` › ${source.heading}` : ""}`),
      make("blockquote", spoken(source.language), source.quote),
      make(
        "p",
        { class: "small", dir: "auto" },
        [
          source.as_of && filled(texts.as_of, { date: day(source.as_of, profile.language) }),
          `${source.corpus}, ${filled(texts.revision, { revision: source.revision })}`,
          source.url,
        ].filter(Boolean).join(" · "),
      ),
    );
  const { contact } = answer;
  page.append(make("p", {}, [contact.name, contact.phone, contact.email, contact.hours].filter(Boolean).join(", ")));
  return page;
}
