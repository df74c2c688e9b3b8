// The three ways in which photos come to the page: dropped anywhere, pasted, chosen.

import { element } from "./text.js";

const bringsFiles = (event) => event.dataTransfer.types.includes("Files");

export function startSources(onFiles) {
  const chooser = element("chooser");
  element("choose").addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    onFiles([...chooser.files]);
    chooser.value = ""; // or the same file could not be chosen again
  });

  document.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length > 0) onFiles([...event.clipboardData.files]);
  });

  // A drop that nobody takes makes the browser leave the page for the file.
  const veil = element("veil").classList;
  document.addEventListener("dragover", (event) => {
    if (!bringsFiles(event)) return;
    event.preventDefault();
    veil.add("shown");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) veil.remove("shown");
  });
  document.addEventListener("drop", (event) => {
    if (!bringsFiles(event)) return;
    event.preventDefault();
    veil.remove("shown");
    onFiles([...event.dataTransfer.files]);
  });
}
