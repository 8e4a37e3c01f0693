// The conversation itself: what is said, what is being answered, and what a citizen can do meanwhile.

import { person, shown } from "./answer.js";
import { button, make, spoken } from "./dom.js";
import { Failure } from "./server.js";
import { cited } from "./sources.js";
import { hush } from "./voice.js";

/** One conversation in its log, with the form below it. */
export class Chat {
  /**
   * @param {import("./server.js").Server} server
   * @param {import("./memory.js").Remembered} memory
   * @param {(outcome: string) => void} answered
   */
  constructor(server, memory, answered) {
    this._server = server;
    this._memory = memory;
    this._answered = answered;
    /** @type {AbortController | null} */
    this._running = null;
    this._count = 0;
    this._timer = 0;
    this.log = make("div", { class: "log", role: "log", "aria-live": "off", tabindex: 0, id: "log" });
    this.welcome = make("div", { class: "welcome" });
    this._status = make("p", { class: "status", id: "status" });
    this.announcer = make("p", { class: "hidden", role: "status", "aria-live": "polite" });
    this.input = make("textarea", { id: "question", rows: 2, required: true, autocomplete: "off", "aria-describedby": "status", dir: "auto" });
    this._label = make("label", { for: "question" });
    this._send = make("button", { type: "submit", class: "send" });
    this._stop = button("", () => this._running?.abort(), { hidden: true, class: "stop" });
    this._person = button("", () => this.showPerson());
    this.form = make("form", {}, this._label, this.input, this._status, make("div", { class: "row" }, this._send, this._stop, this._person));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask(this.input.value);
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.form.requestSubmit();
    });
    this.input.addEventListener("focus", () => server.prepare(), { once: true });
    this.input.addEventListener("input", () => {
      memory.put({ draft: this.input.value });
      this._measure();
    });
    /** @type {Place} */
    this._place = { profile: /** @type {Profile} */ ({}), texts: {}, announce: (text) => this._announce(text) };
  }

  /**
   * Speaks a language from now on; what was said stays as it is.
   * @param {Profile} profile
   * @param {{ greeting?: string, suggestions?: string[] }} wishes
   */
  dress(profile, wishes) {
    const { texts } = profile;
    Object.assign(this._place, { profile, texts });
    this._label.textContent = texts.label;
    this._send.textContent = texts.send;
    this._stop.textContent = texts.stop;
    this._person.textContent = texts.person;
    this.log.setAttribute("aria-label", texts.title);
    const list = (wishes.suggestions ?? profile.suggestions).map((text) => make("li", {}, button(text, () => this.ask(text), { dir: "auto" })));
    this.welcome.replaceChildren(
      make("p", { dir: "auto" }, wishes.greeting || texts.intro),
      make("p", { class: "small" }, texts.ai_long),
      ...(list.length ? [make("h3", {}, texts.suggestions), make("ul", { class: "suggestions" }, ...list)] : []),
    );
    if (!this.welcome.isConnected) this.log.prepend(this.welcome);
    this._measure();
  }

  /** Shows again what was said before the page was left; says so where it is over. */
  async restore(tries = 0) {
    const { conversation, draft } = this._memory.all;
    if (!this._running) this.input.value = draft ?? "";
    if (!conversation) return;
    const said = await this._server.transcript().catch(() => undefined);
    if (said === undefined || this._running) return;
    if (said === null) {
      const over = this._count > 0;
      this.clear();
      this._memory.put({ conversation: undefined });
      if (over) this._say(this._place.texts.expired);
      return;
    }
    // An answer that was on its way when the page was left comes a little later.
    if (said.at(-1)?.role === "user" && tries < 15) setTimeout(() => this.restore(tries + 1), 2000);
    if (said.length <= this._count) return;
    this.clear();
    said.forEach((one, at) => {
      if (one.role === "user") this._message("user", one.text);
      else if (one.answer) this._finish(this._message("assistant"), said[at - 1]?.text ?? "", one.answer, one.answer_token ?? "");
      this._count += 1;
    });
    this._bring(this.log.lastElementChild);
  }

  /** @param {string} question */
  async ask(question) {
    const text = question.trim();
    const { texts } = this._place;
    if (!text || this._running) return;
    if (this._tooLong(text)) {
      this.input.value = question;
      this._measure();
      this.input.focus();
      return;
    }
    hush();
    this._running = new AbortController();
    this._stop.hidden = false;
    this._tell(texts.sending);
    const asked = this._message("user", text);
    const article = this._message("assistant");
    article.setAttribute("aria-busy", "true");
    // Who asks otherwise, by a suggestion, loses nothing that is being written.
    if (this.input.value.trim() === text) this.input.value = "";
    this._bring(asked);
    try {
      await this._listen(text, article, this._running.signal);
      this._memory.put({ draft: this.input.value });
      this._count += 2;
      this._tell("");
    } catch (error) {
      this._failed(error, text, asked, article);
    } finally {
      this._running = null;
      this._stop.hidden = true;
      article.removeAttribute("aria-busy");
      this._bring(asked.isConnected ? asked : article);
      if (this._waiting()) this.input.focus({ preventScroll: true });
      this._measure();
    }
  }

  /** Offers to speak to a person, without asking anybody. */
  showPerson() {
    const { texts } = this._place;
    const article = this._message("assistant");
    const heading = make("p", { tabindex: -1 }, make("strong", {}, texts.person));
    article.append(heading, person(this._place));
    this._bring(article);
    heading.focus({ preventScroll: true });
  }

  /** Erases the conversation everywhere, and says whether it worked. */
  async erase() {
    const { texts } = this._place;
    this._running?.abort();
    try {
      await this._server.erase();
    } catch {
      this._say(texts.not_erased);
      return;
    }
    this._memory.forget();
    this.input.value = "";
    this.clear();
    this._tell(texts.erased);
    this._announce(texts.erased);
    this.input.focus();
  }

  /** Makes room for somebody else. */
  leave() {
    this.input.value = "";
    this.clear();
  }

  /** Empties the log. */
  clear() {
    hush();
    this._count = 0;
    this.log.replaceChildren(this.welcome);
  }

  /**
   * @param {string} text
   * @param {HTMLElement} article
   * @param {AbortSignal} signal
   */
  async _listen(text, article, signal) {
    const { texts, profile } = this._place;
    const { plain, atOnce } = this._memory.all;
    const how = { level: plain ? "plain" : "normal", likely: profile.language };
    let token = "";
    /** @param {boolean} broken */
    const interrupted = (broken) => broken && this._tell(texts.reconnecting);
    for await (const event of this._server.ask(text, how, signal, interrupted)) {
      if (event.kind === "token") token = event.data;
      if (event.kind === "stage") this._tell(event.data.text);
      if (event.kind === "sentence" && !atOnce) article.append(cited(event.data, this._place, () => {}));
      if (event.kind === "answer") {
        this._finish(article, text, event.data, token);
        // One announcement for the whole answer.
        this._announce(`${texts.assistant}: ${event.data.text}`);
        this._answered(event.data.outcome);
      }
    }
  }

  /**
   * @param {HTMLElement} article
   * @param {string} question
   * @param {Answer} answer
   * @param {string} token
   */
  _finish(article, question, answer, token) {
    const rate = token ? (/** @type {any} */ said) => this._server.rate(answer.id, token, said) : null;
    const again = () => this.ask(question);
    article.replaceChildren(/** @type {Node} */ (article.firstChild), ...shown(question, answer, this._place, { again, rate }));
  }

  /**
   * @param {unknown} error
   * @param {string} text
   * @param {HTMLElement} asked
   * @param {HTMLElement} article
   */
  _failed(error, text, asked, article) {
    const { texts } = this._place;
    const stopped = this._running?.signal.aborted;
    asked.remove();
    // What was typed meanwhile is not lost either.
    this.input.value = [text, this.input.value].filter(Boolean).join("\n");
    this._memory.put({ draft: this.input.value });
    const kind = error instanceof Failure ? error.kind : "broken";
    const said = stopped ? texts.stopped : texts[kind === "busy" || kind === "offline" ? kind : "broken"];
    this._tell(stopped ? said : "");
    this._announce(said);
    if (stopped) article.remove();
    else article.replaceChildren(/** @type {Node} */ (article.firstChild), make("p", {}, said), person(this._place));
  }

  /**
   * @param {"user" | "assistant"} role
   * @param {string} [text]
   */
  _message(role, text) {
    const { texts, profile } = this._place;
    const speaker = make("h3", spoken(profile.language), role === "user" ? texts.you : texts.assistant);
    const article = make("article", { class: role }, speaker, text && make("p", { dir: "auto", class: "said" }, text));
    this.log.append(article);
    return article;
  }

  /** @param {string} text */
  _say(text) {
    this._bring(this._message("assistant", text));
    this._announce(text);
  }

  /** @param {string} text */
  _tell(text) {
    this._status.textContent = text;
  }

  /** @param {string} text */
  _announce(text) {
    // The same words twice would not be heard a second time.
    this.announcer.textContent = "";
    clearTimeout(this._timer);
    this._timer = setTimeout(() => (this.announcer.textContent = text), 50);
  }

  /** What is too long stays whole, to be shortened where its writer wishes; it is not cut off behind their back. */
  _measure() {
    const said = this._tooLong(this.input.value) ? this._place.texts.too_long : "";
    if (said && !this.input.validationMessage) this._announce(said);
    this.input.setCustomValidity(said);
    if (said) this._tell(said);
    else if (this._status.textContent === this._place.texts.too_long) this._tell("");
  }

  /** @param {string} text */
  _tooLong(text) {
    return [...text.trim()].length > this._place.profile.question_characters;
  }

  /** Whether nobody has moved the focus away while the answer was made. */
  _waiting() {
    const active = /** @type {ShadowRoot} */ (this.form.getRootNode()).activeElement;
    return !active || this.form.contains(active) || !active.isConnected || this.welcome.contains(active);
  }

  /**
   * Brings the beginning of what is new into view, and leaves the town's page where it is.
   * @param {Element | null} node
   */
  _bring(node) {
    const box = [this.log, /** @type {Element} */ (this.log.parentElement)].find((one) => one.scrollHeight > one.clientHeight + 1);
    if (!node?.isConnected || !box) return;
    // Where the panel scrolls as one, the notice stays above.
    const above = box === this.log ? 0 : (box.querySelector(".ai")?.clientHeight ?? 0);
    box.scrollTop += node.getBoundingClientRect().top - box.getBoundingClientRect().top - above - 8;
  }
}
