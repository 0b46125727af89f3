// Bars are moved by mouse, finger or arrows and snap to working days; the form below the chart saves them. Until it is
// sent nothing has changed. Without this script the same form opens by the link of each row.
"use strict";
(() => {
  const chart = document.querySelector("[data-gantt]");
  const form = document.querySelector("[data-gantt-form]");
  if (!chart || !form || !chart.querySelector("[data-move]")) return;
  const DAY = 86400000, EDGE = 8;
  const off = new Set(chart.dataset.off.split(" ")), extra = new Set(chart.dataset.extra.split(" "));
  const dayWidth = Number(chart.dataset.day);
  const day = text => new Date(text + "T00:00:00Z");
  const iso = date => date.toISOString().slice(0, 10);
  const shown = date => iso(date).split("-").reverse().join(".");
  const plus = (date, days) => new Date(date.getTime() + days * DAY);
  const isWorking = date => extra.has(iso(date)) || (date.getUTCDay() % 6 !== 0 && !off.has(iso(date)));
  const near = (date, step) => { for (let n = 0; n < 400 && !isWorking(date); n++) date = plus(date, step); return date; };
  const add = (date, count) => {
    const step = count < 0 ? -1 : 1;
    for (let n = Math.abs(count); n > 0; n--) date = near(plus(date, step), step);
    return date;
  };
  const between = (from, to) => {
    if (to < from) return -between(plus(to, -1), plus(from, -1));
    let count = 0;
    for (let date = plus(from, 1); date <= to; date = plus(date, 1)) if (isWorking(date)) count++;
    return count;
  };
  const rows = [...chart.querySelectorAll("[data-move]")].map(group => ({
    group, bar: group.querySelector(".gantt-bar"), key: group.dataset.key, start: day(group.dataset.start),
    end: day(group.dataset.end), x: Number(group.dataset.x), width: Number(group.dataset.width),
    hasBegun: "begun" in group.dataset, isDate: "milestone" in group.dataset,
    after: (group.dataset.after || "").split(" "),
  }));
  const rowOf = new Map(rows.map(row => [row.bar, row]));
  form.dataset.stages = form.elements.namedItem("moves_following").nextElementSibling.textContent;
  let chosen = null, now = null, drag = null;

  document.querySelector("[data-gantt-how]").hidden = false;
  chart.classList.add("gantt-can-move");
  for (const row of rows) {
    row.bar.setAttribute("tabindex", "0");
    row.bar.setAttribute("role", "button");
    row.bar.setAttribute("aria-describedby", "gantt-how");
    row.bar.setAttribute("aria-label", `Двигать: ${row.group.querySelector("title").textContent}`);
  }

  const number = row => Number(row.key.slice(1));
  const draw = (row, start, end) => {
    const moved = start - row.start !== 0 || end - row.end !== 0;
    row.group.classList.toggle("gantt-moved", moved);
    const shift = (start - row.start) / DAY * dayWidth;
    if (row.isDate) return row.bar.setAttribute("transform", `translate(${shift} 0)`);
    row.bar.setAttribute("x", row.x + shift);
    row.bar.setAttribute("width", Math.max(3, row.width + ((end - row.end) - (start - row.start)) / DAY * dayWidth));
  };
  const field = name => form.elements.namedItem(name);
  // Stages follow by their order; lines of the roadmap wait for their predecessors, and those for theirs.
  const followers = () => {
    if (chosen.key[0] === "s") return rows.filter(row => row.key[0] === "s" && number(row) > number(chosen));
    const found = new Set([chosen.key]);
    for (let size = 0; size !== found.size;) {
      size = found.size;
      for (const row of rows) if (row.after.some(key => found.has(key))) found.add(row.key);
    }
    return rows.filter(row => row !== chosen && found.has(row.key));
  };
  // What the server will move with this one: by as many working days, their lengths kept.
  const follow = () => {
    const moves = field("moves_following").checked;
    const by = between(near(chosen.end, -1), now.end);
    for (const row of followers()) {
      const start = near(row.start, 1);
      if (!moves || !by) draw(row, row.start, row.end);
      else { const from = add(start, by); draw(row, from, add(from, Math.max(0, between(start, row.end)))); }
    }
  };
  const choose = row => {
    if (chosen && chosen !== row) { for (const one of rows) draw(one, one.start, one.end); }
    if (chosen !== row) now = { start: row.start, end: row.end };
    chosen = row;
  };
  const show = () => {
    draw(chosen, now.start, now.end);
    follow();
    const isStage = chosen.key[0] === "s";
    form.action = chosen.group.dataset.move;
    form.querySelector("[data-gantt-title]").textContent = chosen.group.dataset.title;
    form.querySelector("[data-gantt-stage]").hidden = !isStage;
    field("moves_following").closest(".field").hidden = !followers().length;
    field("moves_following").nextElementSibling.textContent =
      isStage ? form.dataset.stages : "Сдвинуть на столько же рабочих дней и строки, которые ждут эту";
    field("start").closest(".field").hidden = chosen.isDate || chosen.hasBegun;
    field("start").value = chosen.hasBegun || chosen.isDate ? "" : shown(now.start);
    field("end").value = shown(now.end);
    form.hidden = false;
    document.querySelector("[data-gantt-said]").textContent =
      `${chosen.group.dataset.title}: ${chosen.isDate ? "" : shown(now.start) + " — "}${shown(now.end)}`;
  };
  const back = () => {
    for (const row of rows) draw(row, row.start, row.end);
    form.hidden = true;
    now = chosen && { start: chosen.start, end: chosen.end };
  };
  const put = (start, end) => {
    if (chosen.isDate) start = end;
    if (chosen.hasBegun) start = chosen.start;
    now = { start, end: end < start ? start : end };
  };

  chart.addEventListener("pointerdown", event => {
    const row = rowOf.get(event.target);
    if (!row || event.button) return;
    event.preventDefault();
    choose(row);
    row.bar.focus({ preventScroll: true });
    const box = row.bar.getBoundingClientRect();
    const isEdge = row.hasBegun || (!row.isDate && box.width > 2 * EDGE && event.clientX > box.right - EDGE);
    drag = { x: event.clientX, isEdge, ...now, scale: chart.viewBox.baseVal.width / chart.getBoundingClientRect().width };
    row.bar.setPointerCapture(event.pointerId);
    row.group.classList.add("gantt-moving");
    chart.classList.add("gantt-busy");
  });
  chart.addEventListener("pointermove", event => {
    if (!drag) return;
    const days = Math.round((event.clientX - drag.x) * drag.scale / dayWidth);
    if (drag.isEdge) put(drag.start, near(plus(drag.end, days), 1));
    else {
      const start = near(plus(drag.start, days), 1);
      put(start, chosen.isDate ? start : add(start, Math.max(0, between(near(drag.start, 1), drag.end))));
    }
    if (!days) put(drag.start, drag.end);
    draw(chosen, now.start, now.end);
    follow();
  });
  const drop = event => {
    if (!drag) return;
    const was = drag;
    drag = null;
    chart.classList.remove("gantt-busy");
    chosen.group.classList.remove("gantt-moving");
    if (event.type === "pointercancel") { put(was.start, was.end); draw(chosen, now.start, now.end); return follow(); }
    if (now.end - was.end || now.start - was.start) { show(); form.scrollIntoView({ block: "nearest" }); }
  };
  chart.addEventListener("pointerup", drop);
  chart.addEventListener("pointercancel", drop);
  chart.addEventListener("keydown", event => {
    const row = rowOf.get(event.target);
    if (!row) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) {
      choose(row);
      if (event.shiftKey || row.hasBegun) put(now.start, add(now.end, step));
      else { const start = add(now.start, step); put(start, row.isDate ? start : add(start, Math.max(0, between(near(now.start, 1), now.end)))); }
      show();
    } else if (event.key === "Enter" || event.key === " ") {
      choose(row);
      show();
      field("end").focus();
    } else if (event.key === "Escape") back();
    else return;
    event.preventDefault();
  });
  form.addEventListener("reset", event => { event.preventDefault(); back(); if (chosen) chosen.bar.focus(); });
  form.addEventListener("change", event => {
    if (!chosen) return;
    const found = /^(\d\d)\.(\d\d)\.(\d{4})$/.exec(event.target.value || "");
    if (found && ["start", "end"].includes(event.target.name)) {
      const date = day(`${found[3]}-${found[2]}-${found[1]}`);
      if (!isNaN(date)) { now[event.target.name] = date; draw(chosen, now.start, now.end); }
    }
    follow();
  });
})();
