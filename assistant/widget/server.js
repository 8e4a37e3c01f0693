// The service: one conversation, its answers as streams, and what else a citizen can do.

import { events } from "./events.js";

const FIRST_WAIT = 500;
const MOST_TRIES = 7;
// A service that has ended with the answer unsaid will not say it any more.
const GIVE_UP = 60_000;
// So long may the first word of a reply take on the slowest of lines.
const PATIENCE = 45_000;

/** Why there is no answer: `offline`, `busy`, `broken`, `refused` (this page may not ask) or `unknown`. */
export class Failure extends Error {
  /** @param {"offline" | "busy" | "broken" | "refused" | "unknown"} kind */
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

/** Asks one municipality of one service. */
export class Server {
  /**
   * @param {string} address
   * @param {string} municipality
   * @param {import("./memory.js").Remembered} memory
   */
  constructor(address, municipality, memory) {
    this._address = address;
    this._municipality = municipality;
    this._memory = memory;
    /** @type {Promise<string> | null} */
    this._visitor = null;
  }

  /**
   * @param {string | undefined} language
   * @returns {Promise<Profile>}
   */
  async profile(language) {
    const query = language ? `?language=${encodeURIComponent(language)}` : "";
    return (await this._fetch("GET", `/v1/municipalities/${encodeURIComponent(this._municipality)}${query}`)).json();
  }

  /** Fetches what the first question needs while it is being written. */
  prepare() {
    this._visitor ??= this._welcome();
    this._visitor.catch(() => (this._visitor = null));
  }

  /**
   * Asks, and yields what comes back; the token that rates the answer comes first.
   * @param {string} text
   * @param {{ language?: string, level: string, likely: string }} how
   * @param {AbortSignal} signal
   * @param {(broken: boolean) => void} interrupted
   * @returns {AsyncGenerator<{ kind: "token", data: string } | ServerEvent>}
   */
  async *ask(text, how, signal, interrupted) {
    const response = await this._say(text, how, signal);
    const token = response.headers.get("answer-token") ?? "";
    yield { kind: "token", data: token };
    const answer = response.headers.get("answer-id") ?? "";
    let [last, tries, heard] = [0, 0, performance.now()];
    /** @type {Response | null} */
    let stream = response;
    while (tries < MOST_TRIES && performance.now() - heard < GIVE_UP) {
      try {
        // A line that breaks is read on; the answer is not made a second time.
        stream ??= await this._fetch("GET", `/v1/answers/${answer}/events`, undefined, { "last-event-id": String(last), authorization: `Bearer ${token}` }, signal);
        for await (const event of events(stream)) {
          interrupted(false);
          [last, tries, heard] = [event.id, 0, performance.now()];
          if (event.kind === "problem") throw new Failure("broken");
          yield event;
          if (event.kind === "answer") return;
        }
      } catch (error) {
        if (signal.aborted) throw error;
        if (error instanceof Failure && error.kind !== "offline") throw error;
      }
      stream = null;
      interrupted(true);
      await pause(FIRST_WAIT * 2 ** tries, signal);
      tries += 1;
    }
    throw new Failure("offline");
  }

  /**
   * Everything said so far; null where the conversation is over.
   * @returns {Promise<Said[] | null>}
   */
  async transcript() {
    const { conversation } = this._memory.all;
    if (!conversation) return null;
    try {
      const response = await this._fetch("GET", `/v1/conversations/${conversation.id}`, undefined, this._bearer());
      return (await response.json()).messages;
    } catch (error) {
      if (error instanceof Failure && (error.kind === "unknown" || error.kind === "refused")) return null;
      throw error;
    }
  }

  /** Erases the conversation everywhere; one that is over already counts as erased. */
  async erase() {
    const { conversation } = this._memory.all;
    if (!conversation) return;
    try {
      await this._fetch("DELETE", `/v1/conversations/${conversation.id}`, undefined, this._bearer());
    } catch (error) {
      if (!(error instanceof Failure && error.kind === "unknown")) throw error;
    }
  }

  /**
   * @param {string} answer
   * @param {string} token
   * @param {{ rating: string, reasons?: string[], comment?: string }} said
   */
  async rate(answer, token, said) {
    await this._fetch("POST", `/v1/answers/${answer}/feedback`, said, { authorization: `Bearer ${token}` });
  }

  /**
   * @param {string} text
   * @param {{ language?: string, level: string, likely: string }} how
   * @param {AbortSignal} signal
   */
  async _say(text, how, signal) {
    for (const again of [true, false]) {
      if (!this._memory.all.conversation) await this._begin(how.likely, signal);
      const id = this._memory.all.conversation?.id;
      const headers = { accept: "text/event-stream", ...this._bearer() };
      try {
        return await this._fetch("POST", `/v1/conversations/${id}/messages`, { text, level: how.level }, headers, signal);
      } catch (error) {
        // The conversation has expired meanwhile, or was erased in another tab: a new one begins.
        if (!(again && error instanceof Failure && error.kind === "unknown")) throw error;
        this._memory.put({ conversation: undefined });
      }
    }
    throw new Failure("broken");
  }

  /**
   * @param {string} language
   * @param {AbortSignal} signal
   */
  async _begin(language, signal) {
    const body = { municipality: this._municipality, language };
    for (const again of [true, false]) {
      this._visitor ??= this._welcome();
      try {
        const headers = { authorization: `Bearer ${await unless(this._visitor, signal)}` };
        const { id, token } = await (await this._fetch("POST", "/v1/conversations", body, headers, signal)).json();
        this._memory.put({ conversation: { id, token } });
        return;
      } catch (error) {
        // The visitor's token has grown too old.
        this._visitor = null;
        if (!(again && error instanceof Failure && error.kind === "refused")) throw error;
      }
    }
  }

  /** @returns {Promise<string>} */
  async _welcome() {
    return (await (await this._fetch("POST", "/v1/visitors", { municipality: this._municipality })).json()).token;
  }

  _bearer() {
    return { authorization: `Bearer ${this._memory.all.conversation?.token}` };
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @param {Record<string, string>} [headers]
   * @param {AbortSignal} [signal]
   */
  async _fetch(method, path, body, headers = {}, signal) {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), PATIENCE);
    /** @type {Response} */
    let response;
    try {
      response = await fetch(this._address + path, {
        method,
        headers: body ? { "content-type": "application/json", ...headers } : headers,
        body: body && JSON.stringify(body),
        signal: signal ? AbortSignal.any([signal, limit.signal]) : limit.signal,
        credentials: "omit",
        cache: "no-store",
        referrerPolicy: "no-referrer",
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new Failure("offline");
    } finally {
      clearTimeout(timer);
    }
    if (response.ok) return response;
    if (response.status === 404) throw new Failure("unknown");
    if (response.status === 401 || response.status === 403) throw new Failure("refused");
    throw new Failure(response.status === 503 || response.status === 429 ? "busy" : "broken");
  }
}

/**
 * Waits, not longer than until the device is back in its net.
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      resolve(undefined);
    };
    const timer = setTimeout(end, milliseconds);
    addEventListener("online", end);
    signal.addEventListener("abort", () => {
      end();
      reject(signal.reason);
    });
  });
}

/**
 * What is awaited, unless it is stopped before.
 * @template T
 * @param {Promise<T>} awaited
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
function unless(awaited, signal) {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
    awaited.then(resolve, reject);
  });
}
