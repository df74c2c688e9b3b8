// The photos, newest first; more of them come as the end of the page comes into sight.

import { firstPage, listPhotos } from "./api.js";
import { element, fromTemplate, nameOf, showImage } from "./text.js";

const NARROWEST = 0.6; // width by height; beyond these a tile shows a part
const WIDEST = 2.4;

export class Gallery {
  photos = []; // what is shown, newest first
  #tiles = new Map();
  #next = firstPage;
  #loading = null;
  #onOpen;
  #sight;

  constructor(onOpen) {
    this.#onOpen = onOpen;
    element("more").addEventListener("click", () => this.loadMore());
    this.#sight = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && this.loadMore(),
      { rootMargin: "600px" },
    );
  }

  get hasMore() {
    return Boolean(this.#next);
  }

  // From the newest on; what is shown already stays.
  reload() {
    this.#next = firstPage;
    return this.loadMore();
  }

  loadMore() {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  add(photo) {
    if (this.#tiles.has(photo.id)) return;
    const place = this.photos.findIndex((other) => other.id < photo.id);
    const index = place < 0 ? this.photos.length : place;
    const tile = this.#makeTile(photo);
    element("grid").insertBefore(tile, this.#tiles.get(this.photos[index]?.id) ?? null);
    this.photos.splice(index, 0, photo);
    this.#tiles.set(photo.id, tile);
    this.#showEmptiness();
  }

  remove(photo) {
    this.#tiles.get(photo.id)?.remove();
    this.#tiles.delete(photo.id);
    this.photos = this.photos.filter((other) => other.id !== photo.id);
    this.#showEmptiness();
  }

  focus(photo) {
    const tile = this.#tiles.get(photo.id) ?? this.#tiles.get(this.photos[0]?.id);
    (tile?.querySelector("button") ?? element("choose")).focus();
  }

  async #load() {
    if (!this.#next) return;
    const more = element("more");
    element("photos").setAttribute("aria-busy", "true");
    let failure = "";
    try {
      const { photos, next } = await listPhotos(this.#next);
      for (const photo of photos) this.add(photo);
      this.#next = next;
    } catch (problem) {
      failure = problem.message;
    }
    element("photos").removeAttribute("aria-busy");
    element("gallery-error").textContent = failure;
    more.textContent = failure ? "Try again" : "Show more";
    more.hidden = !this.#next;
    this.#showEmptiness();
    this.#sight.unobserve(more);
    if (!failure) this.#sight.observe(more); // reports anew when it is still in sight
  }

  #showEmptiness() {
    element("empty").hidden = this.photos.length > 0 || this.hasMore;
  }

  #makeTile(photo) {
    const tile = fromTemplate("photo-tile");
    const image = tile.querySelector("img");
    const ratio = photo.width ? photo.width / photo.height : 1;
    tile.style.setProperty("--ratio", Math.min(WIDEST, Math.max(NARROWEST, ratio)).toFixed(3));
    image.alt = tile.querySelector(".tile-name").textContent = nameOf(photo);
    showImage(image, [photo.thumbnail_url, photo.photo_url, photo.image_url]);
    tile.querySelector("button").addEventListener("click", () => this.#onOpen(photo));
    return tile;
  }
}
