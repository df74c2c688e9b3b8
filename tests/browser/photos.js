// Photos to upload: painted landscapes, no two alike, as JPEG.

import { fileOf } from "./browser.js";

const SHAPES = [[1600, 1067], [1200, 1500], [1600, 900], [1400, 1400], [1067, 1600], [1800, 1000]];

const painted = new Map(); // by number: painting takes a while

// Writes `count` photos called NAME-1.jpg and so on, and returns their files.
export async function paintPhotos(page, name, count) {
  const files = [];
  for (let number = 1; number <= count; number += 1) {
    if (!painted.has(number)) {
      const [width, height] = SHAPES[(number - 1) % SHAPES.length];
      const base64 = await page.evaluate(paint, { width, height, seed: number });
      painted.set(number, Buffer.from(base64, "base64"));
    }
    files.push(fileOf(`${name}-${number}.jpg`, painted.get(number)));
  }
  return files;
}

// Runs in the browser: a sky, a sun, and hills one behind the other.
async function paint({ width, height, seed }) {
  const canvas = new OffscreenCanvas(width, height);
  const art = canvas.getContext("2d");
  const hue = (seed * 67 + 190) % 360;
  const sky = art.createLinearGradient(0, 0, 0, height);
  sky.addColorStop(0, `hsl(${hue} 55% 42%)`);
  sky.addColorStop(0.6, `hsl(${hue + 40} 75% 76%)`);
  art.fillStyle = sky;
  art.fillRect(0, 0, width, height);
  art.fillStyle = `hsl(${hue + 60} 95% 90%)`;
  art.beginPath();
  art.arc(width * (0.25 + ((seed * 0.23) % 0.5)), height * 0.34, height * 0.07, 0, 7);
  art.fill();
  for (let hill = 0; hill < 5; hill += 1) {
    art.fillStyle = `hsl(${hue + 10 * hill} ${38 - hill * 2}% ${58 - hill * 11}%)`;
    art.beginPath();
    art.moveTo(0, height);
    for (let x = 0; x <= width; x += 4) {
      const phase = seed * 3 + hill * 2.1;
      const wave = Math.sin(x / (290 - hill * 22) + phase) + Math.sin(x / 113 + phase) / 3;
      art.lineTo(x, height * (0.5 + hill * 0.11) - wave * height * 0.05);
    }
    art.lineTo(width, height);
    art.fill();
  }
  for (let star = 0; star < 24000; star += 1) { // grain, which gives the file its weight
    art.fillStyle = `rgb(255 255 255 / ${((star * 7919) % 97) / 2400})`;
    art.fillRect((star * 7561 * seed) % width, (star * 4733) % height, 3, 3);
  }
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
