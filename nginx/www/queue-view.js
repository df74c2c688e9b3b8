// The rows of the queue: what people see of each upload and can do about it.

import { element, formatSize, fromTemplate } from "./text.js";

export class QueueView {
  #queue;
  #rows = new Map();

  start(queue) {
    this.#queue = queue;
    element("uploads-clear").addEventListener("click", () => this.#clear());
    setInterval(() => this.#countDown(), 1000);
  }

  // Shows an item as it is now.
  update(item) {
    const row = this.#rows.get(item) ?? this.#addRow(item);
    const turned = row.dataset.state !== item.state || row.dataset.detail !== item.detail;
    row.dataset.state = item.state;
    row.dataset.detail = item.detail;
    this.#write(item, row);
    if (!turned) return;
    if (item.detail && item.state !== "cancelled") {
      element("alerts").textContent = `${item.file.name}: ${item.detail}`;
    }
    this.#summarize();
  }

  #addRow(item) {
    const row = fromTemplate("upload-row");
    const [name, end] = [item.file.name, row.querySelector(".upload-end")];
    row.querySelector(".upload-name").textContent = name;
    row.querySelector("progress").setAttribute("aria-label", `Upload of ${name}`);
    row.querySelector(".upload-retry").addEventListener("click", () => {
      end.focus();
      this.#queue.retry(item);
    });
    end.addEventListener("click", () => this.#end(item));
    preview(row.querySelector("img"), item.file);
    this.#rows.set(item, row);
    element("queue").append(row);
    return row;
  }

  #write(item, row) {
    const seconds = Math.ceil((item.notBefore - Date.now()) / 1000);
    const retry = row.querySelector(".upload-retry");
    const action = isOver(item) ? "Remove" : "Cancel";
    row.dataset.counts = String(seconds > 0);
    row.querySelector(".upload-state").textContent = stateOf(item, seconds);
    row.querySelector("progress").value = item.sent;
    row.querySelector(".upload-end").setAttribute("aria-label", `${action} ${item.file.name}`);
    retry.hidden = !item.mayRetry;
    retry.textContent = seconds > 0 ? `Retry in ${seconds} s` : "Retry";
    retry.setAttribute("aria-disabled", String(seconds > 0));
    retry.setAttribute("aria-label", `${retry.textContent}: ${item.file.name}`);
  }

  #countDown() {
    for (const [item, row] of this.#rows) if (row.dataset.counts === "true") this.#write(item, row);
  }

  #end(item) {
    if (!isOver(item)) this.#queue.cancel(item);
    else this.#remove(item);
  }

  #remove(item) {
    const row = this.#rows.get(item);
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    this.#rows.delete(item);
    this.#queue.remove(item);
    row.remove();
    (neighbour?.querySelector(".upload-end") ?? element("choose")).focus();
    this.#summarize();
  }

  #clear() {
    for (const item of this.#queue.items.filter(isFinished)) this.#remove(item);
  }

  #summarize() {
    const items = [...this.#rows.keys()];
    const count = (state) => items.filter((item) => item.state === state).length;
    const failures = count("failed") ? `, ${count("failed")} failed` : "";
    const text = `${count("stored")} of ${items.length} uploaded${failures}`;
    const summary = element("uploads-summary");
    if (summary.textContent !== text) summary.textContent = text; // each change is read out
    element("uploads").hidden = items.length === 0;
    element("uploads-clear").hidden = !items.some(isFinished);
  }
}

const isOver = (item) => ["stored", "failed", "cancelled"].includes(item.state);
const isFinished = (item) => isOver(item) && !(item.state === "failed" && item.mayRetry);

function stateOf({ state, file, sent, detail }, seconds) {
  const size = formatSize(file.size);
  if (state === "sending") return `${Math.floor(sent * 100)}% of ${size}`;
  if (state === "storing") return `Storing ${size}`;
  if (state === "stored") return `Uploaded, ${size}`;
  if (state !== "waiting") return detail;
  if (seconds > 0) return `${detail} Trying again in ${seconds} s.`.trim();
  return `Waiting, ${size}`;
}

function preview(image, file) {
  if (!file.type.startsWith("image/")) return;
  const url = URL.createObjectURL(file);
  image.onload = () => {
    URL.revokeObjectURL(url);
    image.hidden = false;
  };
  image.onerror = () => URL.revokeObjectURL(url); // it is no photo: the server will say so
  image.src = url;
}
