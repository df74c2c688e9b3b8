// The service's API. Everything that goes wrong is thrown as a Problem; when it is for want of a
// token, that is asked for as well.

import { askForToken, currentToken } from "./token.js";

// An error answer (RFC 9457): `message` is the server's own sentence. Status 0: no answer came.
export class Problem extends Error {
  constructor(status, message, retryAfter = null) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter; // seconds
  }

  // The service wants to know who asks.
  get wantsToken() {
    return this.status === 401 || this.status === 403;
  }

  // The same request may succeed later.
  get passes() {
    return [0, 409, 429].includes(this.status) || this.status >= 500;
  }
}

const SILENCE = "No answer came: the connection failed, or the file can no longer be read.";

// The body's value, null when it is not JSON.
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function problemOf(status, text, retryAfter) {
  const detail = parse(text)?.detail ?? `The server answered with status ${status} alone.`;
  const problem = new Problem(status, detail, parseInt(retryAfter, 10) || null);
  if (problem.wantsToken) askForToken(detail);
  return problem;
}

function authorization() {
  const token = currentToken();
  return token ? { Authorization: `Bearer ${token}` } : {};
}

async function ask(url, method = "GET") {
  let answer;
  let text;
  try {
    answer = await fetch(url, { method, headers: authorization() });
    text = await answer.text();
  } catch {
    throw new Problem(0, SILENCE);
  }
  if (!answer.ok) throw problemOf(answer.status, text, answer.headers.get("Retry-After"));
  return { value: parse(text), link: answer.headers.get("Link") };
}

export const firstPage = "/api/photos?order=desc&limit=40";

// One page of the list, newest first, and the address of the next one, null after the last.
export async function listPhotos(url) {
  const { value, link } = await ask(url);
  return { photos: value ?? [], next: link?.match(/<([^>]+)>; *rel="next"/)?.[1] ?? null };
}

// A photo that is gone already is deleted too.
export async function deletePhoto(id) {
  try {
    await ask(`/api/photos/${id}`, "DELETE");
  } catch (problem) {
    if (problem.status !== 404) throw problem;
  }
}

// The limits of this installation; without them only the server checks.
export async function readLimits() {
  try {
    return (await ask("/config.json")).value ?? {};
  } catch {
    return {};
  }
}

// Uploads a file under an idempotency key and returns the photo. `onProgress` hears the part that
// has been sent, 0 to 1. XMLHttpRequest, because fetch tells nothing of that.
export function uploadPhoto(file, { key, signal, onProgress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("photo", file, file.name);
    request.open("POST", "/api/photos");
    request.setRequestHeader("Idempotency-Key", `"${key}"`);
    for (const [name, value] of Object.entries(authorization())) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
    request.onload = () => {
      const { status, responseText } = request;
      const photo = status === 200 && parse(responseText);
      if (photo) resolve(photo);
      else reject(problemOf(status, responseText, request.getResponseHeader("Retry-After")));
    };
    request.onerror = () => reject(new Problem(0, SILENCE));
    request.onabort = request.onerror;
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}
