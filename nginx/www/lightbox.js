// One photo, large: arrow keys and a swipe lead to its neighbours, Escape back to its tile.

import { element, factsOf, nameOf, showImage } from "./text.js";

const SWIPE = 48; // pixels

export class Lightbox {
  #gallery;
  #photo;
  #dialog = element("lightbox");

  // `onDelete` is called with the photo that is to be deleted.
  constructor(gallery, onDelete) {
    this.#gallery = gallery;
    const onClick = (id, action) => element(id).addEventListener("click", action);
    onClick("lightbox-newer", () => this.#step(-1));
    onClick("lightbox-older", () => this.#step(1));
    onClick("lightbox-close", () => this.#dialog.close());
    onClick("lightbox-copy", () => this.#copy());
    onClick("lightbox-delete", () => onDelete(this.#photo));
    this.#dialog.addEventListener("click", ({ target }) => {
      if (target === this.#dialog || target.className === "lightbox-stage") this.#dialog.close();
    });
    this.#dialog.addEventListener("keydown", ({ key, altKey, ctrlKey, metaKey }) => {
      if (altKey || ctrlKey || metaKey) return; // the browser's own
      if (key === "ArrowLeft") this.#step(-1);
      if (key === "ArrowRight") this.#step(1);
    });
    this.#dialog.addEventListener("close", () => this.#gallery.focus(this.#photo));
    this.#followSwipes();
  }

  open(photo) {
    this.#show(photo);
    this.#dialog.showModal();
    element("lightbox-close").focus();
  }

  // Takes the photo out of the gallery and goes on to its neighbour.
  remove(photo) {
    const index = this.#gallery.photos.indexOf(photo);
    this.#gallery.remove(photo);
    const neighbour = this.#gallery.photos[index] ?? this.#gallery.photos[index - 1];
    if (neighbour) this.#show(neighbour);
    else this.#dialog.close();
  }

  #show(photo) {
    const image = element("lightbox-photo");
    this.#photo = photo;
    image.alt = nameOf(photo);
    image.removeAttribute("src"); // the photo before is not this one
    showImage(image, [photo.photo_url, photo.image_url]);
    element("lightbox-name").textContent = nameOf(photo);
    element("lightbox-facts").textContent = factsOf(photo);
    element("lightbox-copy").lastElementChild.textContent = "Copy link";
    element("lightbox-news").textContent = nameOf(photo);
    const index = this.#gallery.photos.indexOf(photo);
    const isLast = index === this.#gallery.photos.length - 1 && !this.#gallery.hasMore;
    element("lightbox-newer").setAttribute("aria-disabled", String(index === 0));
    element("lightbox-older").setAttribute("aria-disabled", String(isLast));
  }

  async #step(by) {
    const from = this.#photo;
    const index = this.#gallery.photos.indexOf(from) + by;
    if (index >= this.#gallery.photos.length) await this.#gallery.loadMore();
    const photo = this.#gallery.photos[index];
    if (photo && this.#photo === from) this.#show(photo);
  }

  async #copy() {
    const link = new URL(this.#photo.image_url, location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      element("lightbox-copy").lastElementChild.textContent = "Link copied";
      element("lightbox-news").textContent = "Link copied";
    } catch {
      prompt("The browser forbids copying. The link is:", link);
    }
  }

  #followSwipes() {
    let start = null;
    this.#dialog.addEventListener("touchstart", ({ touches }) => {
      start = touches.length === 1 ? touches[0].clientX : null; // two fingers zoom
    }, { passive: true });
    this.#dialog.addEventListener("touchend", ({ changedTouches }) => {
      const way = start === null ? 0 : changedTouches[0].clientX - start;
      if (Math.abs(way) > SWIPE) this.#step(way < 0 ? 1 : -1);
    });
  }
}
