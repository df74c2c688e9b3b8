// The page: puts its parts together.

import { readLimits, uploadPhoto } from "./api.js";
import { checker } from "./check.js";
import { Gallery } from "./gallery.js";
import { Lightbox } from "./lightbox.js";
import { QueueView } from "./queue-view.js";
import { Queue } from "./queue.js";
import { startRemoval } from "./removal.js";
import { startSources } from "./sources.js";
import { element, formatSize } from "./text.js";
import { startToken } from "./token.js";

const limits = {};
const view = new QueueView();
const gallery = new Gallery((photo) => lightbox.open(photo));
const lightbox = new Lightbox(gallery, startRemoval((photo) => lightbox.remove(photo)));

const queue = new Queue({
  send: uploadPhoto,
  check: checker(element("chooser").accept.split(","), limits),
  onChange: (item) => {
    view.update(item);
    if (item.state === "stored") gallery.add(item.photo);
  },
});

view.start(queue);
startSources((files) => queue.add(files));
startToken(() => {
  gallery.reload();
  queue.retryRefused();
});

window.addEventListener("beforeunload", (event) => {
  if (queue.isBusy) event.preventDefault();
});

readLimits().then((found) => {
  Object.assign(limits, found);
  const most = limits.max_image_size_bytes;
  if (most) element("limit").textContent = `, up to ${formatSize(most)} each`;
});

gallery.loadMore();
