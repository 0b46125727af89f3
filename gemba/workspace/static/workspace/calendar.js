// Keys of the calendar: arrows go from day to day, Page Up and Page Down from month to month, T is today. Without it everything is reached with Tab.
"use strict";
(() => {
  const part = () => document.querySelector("[data-calendar]");
  const days = () => [...part().querySelectorAll("[data-day]")];
  const iso = day => `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
  let wanted = "";

  // One day of the grid stands in the order of Tab: the one last visited, today, or the first of the month.
  const ready = () => {
    if (!part()) return;
    const all = days();
    if (!all.length) return;
    all.forEach(day => { day.tabIndex = -1; });
    const inside = all.filter(day => !day.classList.contains("day-outside"));
    const at = all.find(day => day.dataset.day === wanted) || inside.find(day => day.hasAttribute("aria-current")) || inside[0];
    at.tabIndex = 0;
    if (wanted) { at.focus(); wanted = ""; }
  };
  const step = by => { const link = part().querySelector(`[data-step="${by}"]`); if (link) link.click(); };

  document.addEventListener("keydown", e => {
    const day = e.target.closest && e.target.closest("[data-day]");
    if (!day || e.ctrlKey || e.altKey || e.metaKey) return;
    const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
    const own = day === e.target;
    if (own && moves[e.key]) {
      e.preventDefault();
      const [y, m, d] = day.dataset.day.split("-").map(Number), next = iso(new Date(y, m - 1, d + moves[e.key]));
      const cell = days().find(other => other.dataset.day === next);
      if (cell && !cell.classList.contains("day-outside")) { days().forEach(other => { other.tabIndex = -1; }); cell.tabIndex = 0; cell.focus(); }
      else { wanted = next; step(moves[e.key] < 0 ? -1 : 1); }
    } else if (own && (e.key === "Enter" || e.key === " ")) {
      const first = day.querySelector("button");
      if (first) { e.preventDefault(); first.focus(); first.click(); }
    } else if (e.key === "PageUp" || e.key === "PageDown") {
      e.preventDefault();
      const [y, m, d] = day.dataset.day.split("-").map(Number), by = e.key === "PageUp" ? -1 : 1;
      wanted = iso(new Date(y, m - 1 + by, Math.min(d, new Date(y, m + by, 0).getDate())));
      step(by);
    } else if (!own && e.key === "Escape") day.focus();
  });
  document.addEventListener("click", e => {
    if (e.target.closest && e.target.closest("[data-print]")) print();
    const copy = e.target.closest && e.target.closest("[data-copy]");
    if (!copy) return;
    const field = document.getElementById(copy.dataset.copy);
    field.select();
    const done = () => { copy.querySelector("span").textContent = "Скопировано"; };
    if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(done, () => document.execCommand("copy") && done());
    else if (document.execCommand("copy")) done();
  });
  document.addEventListener("htmx:afterSwap", ready);
  ready();
})();
