// An answer in the conversation: sentences with their sources, what the service says itself, and what can be done.

import { reached, serviceCard } from "./card.js";
import { button, link, make, spoken, whole } from "./dom.js";
import { feedback } from "./feedback.js";
import { asText, print, save } from "./receipt.js";
import { cited, sources } from "./sources.js";
import { hush, read, speaks } from "./voice.js";

const BEFORE = ["outcome", "too_long", "crisis", "other_language", "plain_language", "plain_language_missing"];
// They stand above the conversation, always in sight.
const ELSEWHERE = ["ai", "demonstration"];

/**
 * What a finished answer shows.
 * @param {string} question
 * @param {Answer} answer
 * @param {Place} place
 * @param {{ again: () => void, rate: ((said: object) => Promise<void>) | null }} can
 * @returns {Node[]}
 */
export function shown(question, answer, place, can) {
  const own = spoken(answer.language);
  const { box, open } = sources(answer.sources, place);
  const before = answer.notices.filter((one) => BEFORE.includes(one.kind));
  const after = answer.notices.filter((one) => !BEFORE.includes(one.kind) && !ELSEWHERE.includes(one.kind));
  const pages = answer.actions.filter((action) => action.kind === "page");
  const others = answer.actions.filter((action) => action.kind !== "page");
  const language = answer.sources[0]?.language ?? answer.language;
  return [
    ...before.map((one) => make("p", { ...own, class: one.kind === "outcome" ? "outcome" : "notice" }, whole(one.text))),
    ...answer.sentences.map((one) => cited(one, place, open)),
    ...after.flatMap((one) => {
      // Pages are links right below the sentence that offers them, and not named in it as well.
      const near = one.kind === "near_pages" && pages.length;
      const text = near ? one.text.split(pages[0].label)[0].trimEnd() : one.text;
      return [make("p", { ...own, class: "notice" }, whole(text)), ...(near ? [actions(pages, answer.language, place)] : [])];
    }),
    ...(answer.card ? [serviceCard(answer.card, language, place)] : []),
    ...(answer.sources.length ? [box] : []),
    ...(others.length ? [actions(others, answer.language, place)] : []),
    ...(answer.sentences.length ? [tools(question, answer, place, can)] : []),
    ...(can.rate && answer.sentences.length ? [feedback(place, can.rate)] : []),
  ].filter((node) => node !== null);
}

/**
 * @param {Action[]} list
 * @param {string} language
 * @param {Place} place
 */
function actions(list, language, { texts }) {
  const label = (/** @type {Action} */ one) => (one.kind === "call" ? whole(one.label) : one.label);
  const rows = list.map((one) => make("li", {}, link(label(one), one.url, texts, { lang: language, dir: "auto" })));
  return make("ul", { class: "actions" }, ...rows);
}

/**
 * @param {string} question
 * @param {Answer} answer
 * @param {Place} place
 * @param {{ again: () => void }} can
 */
function tools(question, answer, place, { again }) {
  const { texts, announce } = place;
  const copying = button(texts.copy, async () => {
    await copy(asText(answer), copying);
    announce(texts.copied);
    copying.textContent = texts.copied;
    setTimeout(() => (copying.textContent = texts.copy), 2000);
  });
  let reading = false;
  const ended = () => {
    reading = false;
    listening.textContent = texts.listen;
  };
  const listening = button(texts.listen, () => {
    if (reading) return hush();
    reading = true;
    listening.textContent = texts.silence;
    const said = answer.notices.filter((one) => one.kind === "outcome").map((one) => ({ ...one, language: answer.language }));
    read([...said, ...answer.sentences], ended);
  });
  return make(
    "div",
    { class: "tools" },
    copying,
    speaks && listening,
    button(texts.print, () => print(question, answer, place)),
    button(texts.save, () => save(question, answer, place)),
    button(texts.again, again),
  );
}

/**
 * Copies a text, also where the page is not served over https.
 * @param {string} text
 * @param {HTMLElement} beside
 */
async function copy(text, beside) {
  try {
    return await navigator.clipboard.writeText(text);
  } catch {
    // Not there without https, and not given to a frame.
  }
  const field = make("textarea", { class: "hidden", readonly: true });
  field.value = text;
  beside.after(field);
  field.select();
  document.execCommand("copy");
  field.remove();
  beside.focus();
}

/**
 * Where a person is reached.
 * @param {Place} place
 */
export function person({ texts, profile }) {
  const { contact } = profile;
  const rows = [make("strong", {}, contact.name), ...reached(contact, {}, texts), contact.hours && make("span", {}, contact.hours)];
  return make("ul", { class: "person" }, ...rows.filter(Boolean).map((row) => make("li", { dir: "auto" }, row)));
}
