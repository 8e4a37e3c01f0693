// What a tab remembers: nothing before the first message, and nothing once it is closed.

/** Memory of one municipality's chat; works without storage too, until the page is left. */
export class Remembered {
  /** @param {string} name */
  constructor(name) {
    this._key = `amtslotse:${name}`;
    /** @type {Memory} */
    this._held = {};
    /** Whether anything may be stored: something was said. */
    this._begun = false;
    try {
      const found = sessionStorage.getItem(this._key);
      if (found) {
        this._held = JSON.parse(found);
        this._begun = true;
      }
    } catch {
      // Storage is forbidden here, or holds what is not ours.
    }
  }

  /** @returns {Readonly<Memory>} */
  get all() {
    return this._held;
  }

  /**
   * Keeps some values; stores them once something was said.
   * @param {Memory} values
   */
  put(values) {
    this._held = { ...this._held, ...values };
    this._begun ||= Boolean(values.conversation);
    if (this._begun) this._store();
  }

  /**
   * Forgets the conversation and what was being written; choices such as the language stay until the page is left,
   * unless the next citizen is another one.
   * @param {boolean} [everything]
   */
  forget(everything = false) {
    const { language, plain, atOnce, size } = this._held;
    this._held = everything ? {} : { language, plain, atOnce, size };
    this._begun = false;
    try {
      sessionStorage.removeItem(this._key);
    } catch {
      // There was nothing stored.
    }
  }

  _store() {
    try {
      sessionStorage.setItem(this._key, JSON.stringify(this._held));
    } catch {
      // Full or forbidden: it is remembered until the page is left.
    }
  }
}
