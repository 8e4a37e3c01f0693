// The plain page to chat with one municipality. Text is always set as text, never as markup.
// Whoever runs several municipalities, or one of their own, names it in the address: /?municipality=mytown.
const place = new URLSearchParams(location.search).get("municipality") || document.body.dataset.municipality;
const by = (id) => document.getElementById(id);
const [log, form, question, status, stop, erase] = ["log", "form", "question", "status", "stop", "erase"].map(by);
let texts = {};
let most = Infinity;
let conversation = null;
let running = null;

const element = (name, text, attributes = {}) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) if (value) made.setAttribute(key, value);
  return made;
};
const direction = (language) => (["ar", "fa", "he", "ur"].includes(language) ? "rtl" : "ltr");
const spoken = (node, language) => Object.assign(node, { lang: language, dir: direction(language) });
// A link is only made of an address that can do nothing but open a page, call or write.
const link = (label, url, attributes = {}) =>
  /^(https?|tel|mailto):/i.test(url ?? "") ? element("a", label, { href: url, rel: "noreferrer", ...attributes }) : element("span", label, attributes);

// A number to call is not torn apart at the end of a line.
const whole = (text) => text.replace(/(\d) (?=\d)/g, "$1\u00a0");

async function dress(language) {
  const address = `/v1/municipalities/${encodeURIComponent(place)}${language ? `?language=${language}` : ""}`;
  const response = await fetch(address).catch(() => null);
  if (!response?.ok) return response?.status ?? 0;
  const profile = await response.json();
  texts = profile.texts;
  most = profile.question_characters;
  document.documentElement.lang = profile.language;
  document.documentElement.dir = profile.direction;
  document.title = texts.title;
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = texts[node.dataset.text] ?? "";
  for (const notice of document.querySelectorAll(".notice")) notice.hidden = !notice.textContent;
  const names = (code) => new Intl.DisplayNames([code], { type: "language" }).of(code);
  by("language").replaceChildren(...profile.languages.map((code) => element("option", names(code), { value: code, lang: code })));
  by("language").value = profile.language;
  by("suggestions").replaceChildren(...profile.suggestions.map((text) => {
    const button = element("button", text, { type: "button", dir: "auto" });
    button.addEventListener("click", () => { question.value = text; measure(); form.requestSubmit(); });
    const item = element("li");
    item.append(button);
    return item;
  }));
  measure();
  return response.status;
}

// Without its profile the page has no words of its own and nobody to ask.
function turnAway(status) {
  by(status === 404 ? "unknown" : "unreachable").hidden = false;
  for (const node of document.querySelectorAll("main, .skip, .languages, header p")) node.hidden = true;
}

// What is too long stays whole, to be shortened where its writer wishes; it is not cut off behind their back.
function measure() {
  const said = [...question.value.trim()].length > most ? texts.too_long : "";
  if (said && !question.validationMessage) by("announcer").textContent = said;
  question.setCustomValidity(said);
  if (said || !running) status.textContent = said;
}

function message(role, text) {
  const article = element("article", undefined, { class: role });
  article.append(element("h3", role === "user" ? texts.you : texts.assistant));
  if (text) article.append(element("p", text, { dir: "auto" }));
  log.append(article);
  return article;
}

function cited(sentence, answer) {
  const line = spoken(element("p", `${sentence.text}\u00a0`), sentence.language);
  const cite = element("cite");
  for (const n of sentence.sources) cite.append(element("a", `[${n}]`, { href: `#${answer}-${n}`, "aria-label": `${texts.sources} ${n}` }));
  line.append(cite);
  return line;
}

function card(facts, language) {
  const list = element("dl");
  const add = (key, values) => {
    const shown = values.filter(Boolean);
    if (!shown.length) return;
    list.append(element("dt", texts[`facet_${key}`]));
    for (const value of shown) {
      const row = element("dd");
      row.append(element("bdi", value, { lang: language }));
      list.append(row);
    }
  };
  add("fees", facts.fees.map((fee) => fee.text));
  add("required_documents", facts.required_documents);
  add("processing_time", [facts.processing_time]);
  add("deadline", [facts.deadline]);
  const office = facts.office;
  add("office", office ? [[office.name, office.address].filter(Boolean).join(", "), office.hours, office.phone, office.email] : []);
  const box = element("details");
  box.append(element("summary", texts.service), list);
  return box;
}

function sources(answer) {
  const box = element("details");
  box.append(element("summary", `${texts.sources} (${answer.sources.length})`));
  for (const source of answer.sources) {
    const item = element("div", undefined, { id: `${answer.id}-${source.n}` });
    const stand = source.as_of ? ` · ${texts.as_of.replace("{date}", new Date(source.as_of).toLocaleDateString(document.documentElement.lang))}` : "";
    const heading = source.heading === source.title ? "" : ` › ${source.heading}`;
    const line = element("div", `[${source.n}] `);
    line.append(link(`${source.title}${heading}`, source.url, { lang: source.language, dir: "auto" }), stand);
    item.append(line, spoken(element("blockquote", source.quote), source.language));
    box.append(item);
  }
  return box;
}

function links(actions, language) {
  const list = element("ul", undefined, { class: "actions" });
  for (const action of actions) {
    const item = element("li");
    item.append(link(action.kind === "call" ? whole(action.label) : action.label, action.url, { lang: language, dir: "auto" }));
    list.append(item);
  }
  return list;
}

const BEFORE = ["outcome", "crisis", "other_language", "plain_language", "plain_language_missing"];

function finish(article, answer) {
  article.replaceChildren(element("h3", texts.assistant));
  const said = (kinds) => answer.notices.filter((notice) => kinds(notice.kind));
  const before = (kind) => BEFORE.includes(kind);
  const shown = (kind) => !["ai", "demonstration"].includes(kind);
  for (const notice of said(before)) article.append(spoken(element("p", whole(notice.text)), answer.language));
  for (const sentence of answer.sentences) article.append(cited(sentence, answer.id));
  const pages = answer.actions.filter((action) => action.kind === "page");
  for (const notice of said((kind) => !before(kind) && shown(kind))) {
    // Pages are links right below the sentence that offers them, and not named in it as well.
    const near = notice.kind === "near_pages" && pages.length;
    const text = near ? notice.text.split(pages[0].label)[0] : notice.text;
    article.append(spoken(element("p", whole(text), { class: "small" }), answer.language));
    if (near) article.append(links(pages, answer.language));
  }
  if (answer.card) article.append(card(answer.card, answer.sources[0]?.language ?? answer.language));
  if (answer.sources.length) article.append(sources(answer));
  const others = answer.actions.filter((action) => action.kind !== "page");
  if (others.length) article.append(links(others, answer.language));
  article.addEventListener("click", (event) => {
    const target = event.target.closest("cite a");
    if (target) article.querySelector(`[id="${target.hash.slice(1)}"]`)?.closest("details").setAttribute("open", "");
  });
  // One announcement for the whole answer.
  by("announcer").textContent = `${texts.assistant}: ${answer.text}`;
}

async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    const blocks = rest.split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split("\n").filter((line) => !line.startsWith(":")).map((line) => line.split(/: (.*)/s)));
      if (fields.data) yield { id: Number(fields.id), kind: fields.event, data: JSON.parse(fields.data) };
    }
  }
}

const bearer = () => ({ authorization: `Bearer ${conversation.token}` });
const post = (path, body, headers, signal) =>
  fetch(path, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body), signal });

async function ask(text, signal) {
  if (!conversation) {
    const opened = await post("/v1/conversations", { municipality: place, language: document.documentElement.lang }, {}, signal);
    if (!opened.ok) return opened;
    conversation = await opened.json();
  }
  return post(`/v1/conversations/${conversation.id}/messages`, { text }, { accept: "text/event-stream", ...bearer() }, signal);
}

async function listen(response, article, signal) {
  const answer = response.headers.get("answer-id");
  let last = 0;
  // A line that breaks is read on; the answer is not made a second time.
  for (let tries = 0; tries < 4; tries += 1) {
    try {
      response ??= await fetch(`/v1/answers/${answer}/events`, { headers: { "last-event-id": String(last) }, signal });
      for await (const event of events(response)) {
        last = event.id;
        if (event.kind === "stage") status.textContent = event.data.text;
        if (event.kind === "sentence") article.append(cited(event.data, answer));
        if (event.kind === "answer") return finish(article, event.data);
      }
    } catch (error) {
      if (signal.aborted) throw error;
    }
    response = null;
    await new Promise((later) => setTimeout(later, 500 * 2 ** tries));
  }
  throw new Error("the stream ended without an answer");
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = question.value.trim();
  if (!text || running) return;
  running = new AbortController();
  stop.hidden = false;
  erase.hidden = true;
  const asked = message("user", text);
  const article = message("assistant");
  try {
    let response = await ask(text, running.signal);
    if (response.status === 404 && conversation) {
      // The conversation has expired meanwhile: begin a new one.
      conversation = null;
      response = await ask(text, running.signal);
    }
    if (!response.ok) throw Object.assign(new Error(response.status), { said: response.status === 503 ? texts.busy : undefined });
    question.value = "";
    await listen(response, article, running.signal);
  } catch (error) {
    article.remove();
    if (running.signal.aborted) asked.remove();
    question.value = text;
    const said = error.said ?? texts.offline;
    by("announcer").textContent = running.signal.aborted ? "" : said;
    if (!running.signal.aborted) { asked.remove(); message("assistant", said); }
  } finally {
    running = null;
    stop.hidden = true;
    erase.hidden = !conversation;
    measure();
    // The beginning of what is new comes into view; the focus, waiting below, does not pull it away.
    (asked.isConnected ? asked : log.lastElementChild)?.scrollIntoView({ block: "start" });
    question.focus({ preventScroll: true });
  }
});

question.addEventListener("input", measure);
question.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
});
stop.addEventListener("click", () => running?.abort());
erase.addEventListener("click", async () => {
  const response = await fetch(`/v1/conversations/${conversation.id}`, { method: "DELETE", headers: bearer() }).catch(() => null);
  // Only what is gone is called gone; 404 says that it has expired already.
  if (!response?.ok && response?.status !== 404) {
    message("assistant", texts.not_erased);
    by("announcer").textContent = texts.not_erased;
    return;
  }
  conversation = null;
  log.replaceChildren();
  erase.hidden = true;
  by("announcer").textContent = texts.erased;
  question.focus();
});
by("language").addEventListener("change", (event) => dress(event.target.value));

const wished = navigator.languages.map((tag) => tag.slice(0, 2));
const found = await dress();
if (found !== 200) turnAway(found);
const offered = [...by("language").options].map((option) => option.value);
const mine = wished.find((code) => offered.includes(code));
if (mine && mine !== document.documentElement.lang) await dress(mine);
