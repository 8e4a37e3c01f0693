// The service card: what it costs, what to bring, how long it takes, and where.

import { link, make, spoken, whole } from "./dom.js";

const MAP = "https://www.openstreetmap.org/search?query=";

/**
 * The facts of a service, folded; null where there is nothing to show.
 * @param {Card} card
 * @param {string} language
 * @param {Place} place
 */
export function serviceCard(card, language, { texts }) {
  const own = spoken(language);
  const list = make("dl");
  /**
   * @param {string} title
   * @param {(Node | null)[]} rows
   */
  const add = (title, rows) => {
    const shown = rows.filter((row) => row !== null);
    if (shown.length) list.append(make("dt", {}, title), ...shown.map((row) => make("dd", {}, row)));
  };
  const text = (/** @type {string | null} */ said) => (said ? make("span", own, whole(said)) : null);
  add(texts.facet_fees, card.fees.map((fee) => text(fee.text)));
  add(
    `${texts.facet_required_documents} – ${texts.tick}`,
    card.required_documents.map((said) => make("label", own, make("input", { type: "checkbox" }), make("span", {}, said))),
  );
  add(texts.facet_processing_time, [text(card.processing_time)]);
  add(texts.facet_deadline, [text(card.deadline)]);
  const { office } = card;
  if (office) {
    const map = office.address && link(texts.map, MAP + encodeURIComponent(office.address), texts);
    add(texts.facet_office, [text(office.name), text(office.address), map || null, ...reached(office, own, texts)]);
    add(texts.hours, [text(office.hours)]);
  }
  return list.children.length ? make("details", { class: "card" }, make("summary", {}, texts.service), list) : null;
}

/**
 * Phone, e-mail and page of an office.
 * @param {{ phone: string | null, email: string | null, url: string | null }} office
 * @param {Record<string, string>} attributes
 * @param {Texts} texts
 */
export function reached(office, attributes, texts) {
  return [
    office.phone && link(whole(office.phone), `tel:${office.phone.replace(/[^\d+]/g, "")}`, texts, attributes),
    office.email && link(office.email, `mailto:${office.email}`, texts, attributes),
    office.url && link(texts.to_page, office.url, texts),
  ].map((one) => one || null);
}
