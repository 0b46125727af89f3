// Arrows go through what was found; Up from the first returns to the box.
"use strict";
(() => {
  const box = document.getElementById("find");
  if (!box) return;
  const hits = () => [...document.querySelectorAll("[data-hit]")];
  // The page has its own box: `/` goes to it, and the one above would say the same twice.
  document.querySelectorAll(".top-search").forEach(top => { top.hidden = true; });
  box.setAttribute("data-search", "");
  document.querySelectorAll(".top-search [data-search]").forEach(top => top.removeAttribute("data-search"));
  document.addEventListener("keydown", e => {
    if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
    const all = hits(), at = all.indexOf(document.activeElement);
    if (document.activeElement !== box && at < 0) return;
    e.preventDefault();
    const next = at + (e.key === "ArrowDown" ? 1 : -1);
    if (next < 0) box.focus(); else if (all[next]) all[next].focus();
  });
  if (box.value) box.setSelectionRange(box.value.length, box.value.length);
})();
