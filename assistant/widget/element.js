// <amtslotse-chat>: the conversation in a corner, at the side or in its place on the page.

import { Chat } from "./chat.js";
import { accents } from "./color.js";
import { button, make } from "./dom.js";
import { Remembered } from "./memory.js";
import { Failure, Server } from "./server.js";
import { settings } from "./settings.js";
import { hush } from "./voice.js";
import STYLE from "./widget.css";

// On less than this a panel covers the page, and what is behind it must not be reached.
const SMALL = "(max-width: 640px), (max-height: 480px)";
// A service that restarts is back by then.
const AGAIN_AFTER = [3, 10, 30, 60, 120];
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

/** The custom element; every attribute is in docs/widget.md. */
export class AmtslotseChat extends HTMLElement {
  constructor() {
    super();
    /** Where the service is that the script came from, unless an attribute says so. */
    this.home = AmtslotseChat.home;
    this._root = this.attachShadow({ mode: "open" });
    this._root.adoptedStyleSheets = [sheet];
    /** @type {(() => void) | null} */
    this._idle = null;
  }

  static home = "";

  connectedCallback() {
    if (this._chat) return;
    const name = this.getAttribute("municipality") ?? "";
    this._address = (this.getAttribute("server") ?? this.home).replace(/\/$/, "");
    this._memory = new Remembered(name);
    this._server = new Server(this._address, name, this._memory);
    this._chat = new Chat(this._server, this._memory, (outcome) => this._tell("answer", { outcome }));
    this._build();
    // Who was quicker than the script goes on where they were.
    this._memory.put({ draft: this.querySelector("textarea")?.value || this._memory.all.draft });
    this._start();
  }

  disconnectedCallback() { hush(); }

  /** Opens the conversation; focus moves to the question. */
  open() {
    if (!this._panel || this._panel.open) return;
    this._show();
    this._opened();
    this._memory?.put({ open: true });
    this._chat?.input.focus();
    this._tell("open");
  }

  /** Closes it; focus goes back to where it was opened. */
  close() {
    hush();
    this._panel?.close();
  }

  /**
   * Asks as if it had been typed, and opens the conversation.
   * @param {string} question
   */
  ask(question) {
    this.open();
    this._chat?.ask(question);
  }

  _show() {
    if (matchMedia(SMALL).matches) this._panel?.showModal();
    else this._panel?.show();
  }

  _opened() {
    this._launcher?.setAttribute("aria-expanded", "true");
    this._frame?.classList.add("opened");
  }

  /** A panel that comes to cover the page, as at 400 % zoom, keeps the focus from what is behind it. */
  _fit() {
    if (!this._panel?.open) return;
    const active = /** @type {HTMLElement | null} */ (this._root.activeElement);
    this._panel.close();
    this._show();
    active?.focus();
  }

  get _inline() {
    return this.getAttribute("layout") === "inline";
  }

  _build() {
    const chat = /** @type {Chat} */ (this._chat);
    this._title = make("h2", { id: "title" });
    this._notice = make("p", { class: "ai" });
    this._demonstration = make("p", { class: "ai invented", hidden: true });
    this._opener = button("", () => this._toggleSettings(), { "aria-expanded": "false", "aria-controls": "settings", class: "opener" });
    this._closer = button("", () => this.close(), { class: "closer" });
    this._settings = make("div", { id: "settings", hidden: true });
    this._skip = button("", () => chat.input.focus(), { class: "skip" });
    const bar = make("div", { class: "bar" }, this._opener, !this._inline && this._closer);
    const content = [
      make("header", {}, this._title, bar),
      this._notice,
      this._demonstration,
      this._settings,
      chat.log,
      chat.announcer,
      chat.form,
    ];
    this._frame = make("div", { class: `frame ${this.getAttribute("layout") ?? "corner"}`, part: "frame", hidden: true });
    if (this._inline) this._frame.append(this._skip, make("section", { class: "panel", part: "panel", "aria-labelledby": "title" }, ...content));
    else {
      this._panel = make("dialog", { class: "panel", part: "panel", id: "panel", "aria-labelledby": "title" }, ...content);
      this._launcher = button("", () => this.open(), { class: "launcher", part: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false" });
      this._frame.append(this._launcher, this._panel);
      this._panel.addEventListener("close", () => this._closed());
      this._panel.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    }
    this._root.append(this._frame);
  }

  async _start() {
    const memory = /** @type {Remembered} */ (this._memory);
    if (!(await this._reached(this._language))) return;
    /** @type {HTMLElement} */ (this._frame).hidden = false;
    await this._chat?.restore();
    if (memory.all.open && this._panel && !matchMedia(SMALL).matches) {
      // It goes on as on the last page; show() would take the focus from the town's page.
      this._panel.open = true;
      this._opened();
    }
    matchMedia(SMALL).addEventListener("change", () => this._fit());
    document.addEventListener("visibilitychange", () => {
      // Something may have been said or erased in a second tab.
      if (document.visibilityState === "visible") this._chat?.restore();
    });
    this._watch();
    this._tell("ready");
  }

  /**
   * Whether the service has told what there is to say. Until then the town's page goes on without us, and shows what
   * stands inside the element.
   * @param {string} language
   */
  async _reached(language) {
    const instead = make("slot");
    for (const seconds of AGAIN_AFTER) {
      try {
        await this._dress(language);
        instead.remove();
        return true;
      } catch (error) {
        if (!instead.isConnected) {
          this._root.append(instead);
          this._tell("unavailable");
          console.error(`Amtslotse cannot be shown here: ${error instanceof Error ? error.message : error}.`);
        }
        if (!(error instanceof Failure) || error.kind === "refused" || error.kind === "unknown") return false;
        await new Promise((later) => setTimeout(later, seconds * 1000));
      }
    }
    return false;
  }

  /** @param {string} language */
  async _dress(language) {
    const chat = /** @type {Chat} */ (this._chat);
    this._wished = language;
    const profile = await /** @type {Server} */ (this._server).profile(language);
    // Another one was chosen meanwhile.
    if (this._wished !== language) return;
    this._profile = profile;
    const { texts } = profile;
    const frame = /** @type {HTMLElement} */ (this._frame);
    frame.lang = profile.language;
    frame.dir = profile.direction;
    this._color(this.getAttribute("color") ?? getComputedStyle(this).getPropertyValue("--amtslotse-color").trim() ?? "");
    const say = (/** @type {HTMLElement | undefined} */ node, /** @type {string} */ text) => node && (node.textContent = text);
    say(this._title, texts.title);
    say(this._notice, texts.ai);
    say(this._demonstration, texts.demonstration ?? "");
    /** @type {HTMLElement} */ (this._demonstration).hidden = !texts.demonstration;
    say(this._opener, texts.settings);
    say(this._closer, texts.close);
    say(this._skip, texts.skip);
    say(this._launcher, this.getAttribute("launcher") ?? texts.title);
    this._size(this._factor);
    const suggestions = this.getAttribute("suggestions")?.split("|").map((text) => text.trim()).filter(Boolean);
    chat.dress(profile, { greeting: this.getAttribute("greeting") ?? undefined, suggestions });
    this._arrange();
  }

  _arrange() {
    const [profile, memory] = [/** @type {Profile} */ (this._profile), /** @type {Remembered} */ (this._memory)];
    const page = `${this._address}/m/${encodeURIComponent(profile.id)}`;
    this._settings?.replaceChildren(
      settings({ profile, texts: profile.texts, announce: () => {} }, { ...memory.all, size: this._factor }, {
        change: (values) => this._change(values),
        erase: () => this._chat?.erase(),
        page: this._inline ? "" : page,
        statement: `${page}/accessibility?language=${profile.language}`,
      }),
    );
  }

  /** @param {Memory} values */
  async _change(values) {
    const memory = /** @type {Remembered} */ (this._memory);
    memory.put(values);
    const active = /** @type {HTMLElement | null} */ (this._root.activeElement);
    const at = active ? this._reachable().indexOf(active) : -1;
    if (values.size) this._size(values.size);
    if (values.language) await this._dress(values.language).catch(() => this._arrange());
    else this._arrange();
    // The panel was built anew: the focus stays at the same place of it.
    this._reachable()[at]?.focus();
  }

  /** @returns {HTMLElement[]} */
  _reachable() {
    return [.../** @type {HTMLElement} */ (this._settings).querySelectorAll("button, input, select, a")].map((one) => /** @type {HTMLElement} */ (one));
  }

  _toggleSettings() {
    const panel = /** @type {HTMLElement} */ (this._settings);
    panel.hidden = !panel.hidden;
    this._opener?.setAttribute("aria-expanded", String(!panel.hidden));
  }

  get _language() {
    const wished = this._memory?.all.language ?? this.getAttribute("language") ?? navigator.language;
    return (wished || document.documentElement.lang).split("-")[0].toLowerCase();
  }

  get _factor() {
    return this._memory?.all.size ?? (Number(this.getAttribute("size")) || 1);
  }

  /** @param {number} factor */
  _size(factor) {
    this._frame?.style.setProperty("--size", String(factor));
  }

  /** @param {string} color */
  _color(color) {
    const found = accents(color || (this._profile?.color ?? ""));
    if (!found) return;
    const style = /** @type {HTMLElement} */ (this._frame).style;
    style.setProperty("--accent-light", found.light);
    style.setProperty("--accent-dark", found.dark);
    style.setProperty("--on-light", found.onLight);
    style.setProperty("--on-dark", found.onDark);
  }

  _closed() {
    if (this._panel?.open) return;
    this._launcher?.setAttribute("aria-expanded", "false");
    this._frame?.classList.remove("opened");
    this._memory?.put({ open: false });
    this._launcher?.focus();
    this._tell("close");
  }

  /** On a kiosk the next citizen finds nothing of the last one. */
  _watch() {
    const seconds = Number(this.getAttribute("idle"));
    if (!seconds) return;
    let timer = 0;
    const begin = () => {
      clearTimeout(timer);
      timer = setTimeout(() => this._leave(), seconds * 1000);
    };
    for (const kind of ["pointerdown", "keydown", "input"]) this._root.addEventListener(kind, begin);
    begin();
  }

  async _leave() {
    const chat = /** @type {Chat} */ (this._chat);
    if (this._memory?.all.conversation || chat.input.value) await chat.erase();
    // Also where the service could not be reached, which forgets by itself later.
    chat.leave();
    this._memory?.forget(true);
    if (this._profile) await this._dress(this._language).catch(() => {});
  }

  /**
   * Tells the page what has happened, and never a word that was said.
   * @param {string} what
   * @param {object} [detail]
   */
  _tell(what, detail = {}) {
    this.dispatchEvent(new CustomEvent(`amtslotse-${what}`, { bubbles: true, composed: true, detail }));
  }
}
