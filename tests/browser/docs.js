// /docs: the API's description, shown by Swagger UI as it comes from npm.

import assert from "node:assert/strict";
import test from "node:test";

import { newPage, picture } from "./browser.js";
import { ask, site } from "./stack.js";

test("every operation is shown, and one is tried out, under the page's policy", async (t) => {
  const page = await newPage(t);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await page.goto(`${site}/docs`);
  await page.locator(".opblock").first().waitFor();
  const { paths } = await (await ask("/openapi.json")).json();
  const isMethod = (name) => ["get", "post", "delete"].includes(name);
  const operations = Object.values(paths).flatMap((path) => Object.keys(path).filter(isMethod));
  assert.equal(await page.locator(".opblock").count(), operations.length);
  await picture(page, "docs");

  const list = page.locator("#operations-photos-listPhotos");
  await list.locator(".opblock-summary-control").click();
  await list.getByRole("button", { name: "Try it out" }).click();
  await list.getByRole("button", { name: "Execute" }).click();
  const status = list.locator(".live-responses-table .response-col_status");
  await status.filter({ hasText: "200" }).waitFor();
  assert.deepEqual(complaints, []);
});

test("without the viewer the page leads to the description", async (t) => {
  const page = await newPage(t);
  await page.route("**/docs/*", (route) => route.fulfill({ status: 404 }));
  await page.goto(`${site}/docs`);
  await page.getByRole("link", { name: "/openapi.json" }).click();
  await page.waitForURL("**/openapi.json");
});
