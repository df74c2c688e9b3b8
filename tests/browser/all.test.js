// One after the other in one process: they share a browser, and some stop the store.

import "./uploads.js";
import "./gallery.js";
import "./caching.js";
import "./canvas.js";
import "./errors.js";
import "./tokens.js";
import "./strict.js";
import "./origins.js";
import "./clients.js";
import "./docs.js";
import "./looks.js";
