// Server-sent events over fetch, which EventSource cannot do with a token.

// The service is never silent for longer than ten seconds.
const SILENCE = 25_000;

/**
 * The events of a response as they come; throws where the line breaks or falls silent.
 * @param {Response} response
 * @returns {AsyncGenerator<ServerEvent>}
 */
export async function* events(response) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await soon(reader.read());
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      const blocks = rest.split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = parsed(block);
        if (event) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/**
 * @template T
 * @param {Promise<T>} awaited
 * @returns {Promise<T>}
 */
function soon(awaited) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("silent")), SILENCE);
    awaited.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/**
 * @param {string} block
 * @returns {ServerEvent | null}
 */
function parsed(block) {
  /** @type {Record<string, string>} */
  const fields = {};
  for (const line of block.split("\n")) {
    const at = line.indexOf(": ");
    if (at > 0) fields[line.slice(0, at)] = line.slice(at + 2);
  }
  return fields.data ? /** @type {ServerEvent} */ ({ id: Number(fields.id), kind: fields.event, data: JSON.parse(fields.data) }) : null;
}
