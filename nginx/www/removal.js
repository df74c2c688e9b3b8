// Asks whether a photo is to be deleted, and deletes it.

import { deletePhoto } from "./api.js";
import { element, nameOf } from "./text.js";

// Returns the function that asks; `onDeleted` is called with a photo that is gone.
export function startRemoval(onDeleted) {
  const dialog = element("removal");
  let photo;

  element("removal-keep").addEventListener("click", () => dialog.close());
  element("removal-delete").addEventListener("click", async () => {
    const deleted = photo;
    try {
      await deletePhoto(deleted.id);
    } catch (problem) {
      element("removal-error").textContent = problem.message;
      return;
    }
    dialog.close();
    onDeleted(deleted);
  });

  return (asked) => {
    photo = asked;
    element("removal-name").textContent = nameOf(photo);
    element("removal-error").textContent = "";
    dialog.showModal();
  };
}
