// The uploads of this visit: what is sent when, how often and under which key. Knows no page.

const AT_ONCE = 3;
const TRIES = 4; // by itself; people may go on
const LONGEST_PAUSE = 60; // seconds that it waits by itself

export class Queue {
  #send;
  #check;
  #onChange;
  #quietUntil = 0; // the server has asked for silence until then

  // `send` is uploadPhoto; `check` returns why a file is refused, or "". `onChange` hears every
  // item that has changed in any way.
  constructor({ send, check, onChange }) {
    this.#send = send;
    this.#check = check;
    this.#onChange = onChange;
    this.items = [];
  }

  get isBusy() {
    return this.items.some(isUnderway);
  }

  add(files) {
    for (const file of files) {
      // The key is the file's for good: a try whose answer was lost cannot store it twice.
      const item = { file, key: randomKey(), tries: 0, sent: 0, notBefore: 0 };
      const refusal = this.#check(file);
      this.items.push(item);
      if (refusal) this.#change(item, { state: "failed", detail: refusal, mayRetry: false });
      else this.#wait(item);
    }
    this.#pump();
  }

  cancel(item) {
    if (!isUnderway(item)) return;
    const stage = item.state;
    const detail = stage === "storing" ? "Cancelled after it was sent: it may be stored." : "";
    this.#change(item, { state: "cancelled", detail: detail || "Cancelled.", mayRetry: true });
    if (stage !== "waiting") item.abort.abort();
    this.#pump();
  }

  retry(item) {
    if (!item.mayRetry || Date.now() < item.notBefore) return;
    item.tries = 0;
    this.#wait(item);
    this.#pump();
  }

  // After another token was given.
  retryRefused() {
    for (const item of this.items.filter((item) => item.wantsToken)) this.retry(item);
  }

  remove(item) {
    this.items = this.items.filter((other) => other !== item);
  }

  #wait(item, detail = "") {
    this.#change(item, { state: "waiting", sent: 0, detail, mayRetry: false, wantsToken: false });
  }

  #change(item, changes) {
    Object.assign(item, changes);
    this.#onChange(item);
  }

  #pump() {
    const now = Date.now();
    if (now < this.#quietUntil) return;
    const free = AT_ONCE - this.items.filter(isSent).length;
    const ready = (item) => item.state === "waiting" && item.notBefore <= now;
    for (const item of this.items.filter(ready).slice(0, free)) this.#start(item);
  }

  async #start(item) {
    item.tries += 1;
    item.abort = new AbortController();
    const { signal } = item.abort;
    this.#change(item, { state: "sending", detail: "" });
    const onProgress = (sent) => {
      if (!signal.aborted) this.#change(item, { sent, state: sent < 1 ? "sending" : "storing" });
    };
    try {
      const photo = await this.#send(item.file, { key: item.key, signal, onProgress });
      if (!signal.aborted) this.#change(item, { state: "stored", sent: 1, photo });
    } catch (problem) {
      if (!signal.aborted) this.#fail(item, problem);
    }
    this.#pump();
  }

  #fail(item, problem) {
    const pause = problem.retryAfter ?? (problem.passes ? 2 ** item.tries : 0);
    item.notBefore = Date.now() + pause * 1000;
    // A server that is over its limits has not this one photo in mind.
    if (problem.retryAfter && problem.status !== 409) this.#quietUntil = item.notBefore;
    if (pause) setTimeout(() => this.#pump(), pause * 1000 + 5);
    if (problem.passes && item.tries < TRIES && pause <= LONGEST_PAUSE) {
      this.#wait(item, problem.message);
    } else {
      const { passes, wantsToken, message } = problem;
      this.#change(item, {
        state: "failed", detail: message, mayRetry: passes || wantsToken, wantsToken,
      });
    }
  }
}

// 128 bits. Not randomUUID, which pages without TLS do not have.
function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const isSent = (item) => item.state === "sending" || item.state === "storing";
const isUnderway = (item) => item.state === "waiting" || isSent(item);
