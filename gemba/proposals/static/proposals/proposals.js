// Ready answers: a press puts the text into the field, where it can be finished. Without it the field is simply empty.
"use strict";
document.addEventListener("click", event => {
  const chip = event.target.closest("[data-ready]");
  if (!chip) return;
  const field = document.getElementById(chip.dataset.readyFor);
  field.value = field.value.trim() ? `${field.value.trim()}\n${chip.dataset.ready}` : chip.dataset.ready;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

// A photo is shrunk before it leaves: ten megabytes become a few hundred kilobytes, and a canvas writes neither place nor
// time. What the browser cannot read, or what would grow, goes as it is: the server shrinks it and strips it too.
const MOST_PIXELS = 1600;
const shrunkFiles = new WeakSet();

async function shrink(file) {
  if (!file.type.startsWith("image/") || shrunkFiles.has(file)) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, MOST_PIXELS / Math.max(picture.width, picture.height));
    const sheet = document.createElement("canvas");
    sheet.width = Math.max(1, Math.round(picture.width * scale));
    sheet.height = Math.max(1, Math.round(picture.height * scale));
    sheet.getContext("2d").drawImage(picture, 0, 0, sheet.width, sheet.height);
    picture.close();
    const blob = await new Promise(done => sheet.toBlob(done, "image/jpeg", 0.8));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file;
  }
}

document.addEventListener("change", async event => {
  const input = event.target;
  if (input.type !== "file" || input.accept !== "image/*" || !window.createImageBitmap || !window.DataTransfer) return;
  const chosen = [...input.files];
  if (chosen.every(file => shrunkFiles.has(file))) return;
  const ready = await Promise.all(chosen.map(shrink));
  // Something else may have been chosen meanwhile.
  if (chosen.length !== input.files.length || chosen.some((file, at) => file !== input.files[at])) return;
  const kept = new DataTransfer();
  for (const file of ready) kept.items.add(file);
  input.files = kept.files;
  for (const file of input.files) shrunkFiles.add(file);
  // The preview shows what will be sent.
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
