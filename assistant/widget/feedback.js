// Whether an answer helped, and why not.

import { button, make } from "./dom.js";

const REASONS = ["wrong", "incomplete", "unclear", "off_topic"];

/**
 * The question below an answer; `send` resolves when what was said has arrived.
 * @param {Place} place
 * @param {(said: { rating: string, reasons?: string[], comment?: string }) => Promise<void>} send
 */
export function feedback({ texts, announce }, send) {
  const box = make("div", { class: "feedback", role: "group", "aria-label": texts.helpful });
  /** @param {{ rating: string, reasons?: string[], comment?: string }} said */
  const rate = async (said) => {
    try {
      await send(said);
      // The focus was on what goes away now.
      const thanks = make("p", { tabindex: -1 }, texts.rated);
      box.replaceChildren(thanks);
      thanks.focus();
    } catch {
      problem.textContent = texts.not_rated;
      announce(texts.not_rated);
    }
  };
  const problem = make("p", { class: "problem" });
  const ask = () => {
    const boxes = REASONS.map((reason) => make("input", { type: "checkbox", value: reason }));
    const legend = make("legend", { tabindex: -1 }, texts.why);
    const comment = make("textarea", { rows: 2, maxlength: 1000 });
    const form = make(
      "form",
      {},
      make(
        "fieldset",
        {},
        legend,
        ...boxes.map((input) => make("label", {}, input, make("span", {}, texts[`reason_${input.value}`]))),
        make("label", { class: "above" }, texts.comment, comment),
        make("button", { type: "submit" }, texts.submit),
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const reasons = boxes.filter((input) => input.checked).map((input) => input.value);
      rate({ rating: "not_helpful", reasons, comment: comment.value.trim() });
    });
    box.replaceChildren(form, problem);
    legend.focus();
  };
  box.append(
    make("span", { "aria-hidden": "true" }, texts.helpful),
    button(texts.yes, () => rate({ rating: "helpful" })),
    button(texts.no, ask),
    problem,
  );
  return box;
}
