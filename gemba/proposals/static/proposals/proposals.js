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
