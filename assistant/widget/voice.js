// Reads an answer aloud with the browser's own voices.

// Browsers tell the utterance that is spoken when all are cancelled, but not the last one of those that wait.
let ended = () => {};

/** Whether this browser has a voice at all. */
export const speaks = "speechSynthesis" in globalThis;

/**
 * Reads sentences one after the other, each in its language; `done` is called at the end, however it comes.
 * @param {{ text: string, language: string }[]} said
 * @param {() => void} done
 */
export function read(said, done) {
  hush();
  const end = (ended = () => {
    ended = () => {};
    done();
  });
  said.forEach(({ text, language }, place) => {
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.lang = language;
    if (place === said.length - 1) utterance.onend = utterance.onerror = () => end === ended && end();
    speechSynthesis.speak(utterance);
  });
}

/** Stops reading. */
export function hush() {
  if (speaks) speechSynthesis.cancel();
  ended();
}
