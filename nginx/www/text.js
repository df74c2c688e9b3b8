// Small things that several parts of the page say or look up.

export const element = (id) => document.getElementById(id);

// The first element of a <template>, fresh.
export const fromTemplate = (id) => element(id).content.firstElementChild.cloneNode(true);

export function formatSize(bytes) {
  const units = ["bytes", "KiB", "MiB", "GiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit > 0 && value < 10 ? 1 : 0;
  return `${value.toLocaleString("en", { maximumFractionDigits: digits })} ${units[unit]}`;
}

// The name that people gave the photo; photos of an older app have none.
export const nameOf = (photo) => photo.filename ?? `Photo ${photo.id}`;

// What is known of a photo: "640 × 480 · 48 KiB · 31 Jan 2026".
export function factsOf(photo) {
  const facts = [];
  if (photo.width) facts.push(`${photo.width} × ${photo.height}`);
  if (photo.size) facts.push(formatSize(photo.size));
  if (photo.created_at) {
    const style = { day: "numeric", month: "short", year: "numeric" };
    facts.push(new Date(photo.created_at).toLocaleDateString("en-GB", style));
  }
  return facts.map((fact) => fact.replaceAll(" ", "\u00a0")).join(" · "); // lines end between
}

// Shows what the first of the addresses opens: a thumbnail may not be to be had, a signed address
// expires, and a link that lasts may take a token, which a browser does not send for an image.
export function showImage(image, addresses) {
  const [first, ...others] = addresses;
  image.onerror = others.length ? () => showImage(image, others) : null;
  image.src = first;
}
