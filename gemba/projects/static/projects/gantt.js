// Bars are moved by mouse, finger or arrows and snap to working days; the form below the chart saves them. Until it is
// sent nothing has changed. Without this script the same form opens by the link of each row.
// Days are numbers here (days since 1970): five hundred bars that wait for each other move within one frame.
"use strict";
(() => {
  const chart = document.querySelector("[data-gantt]");
  const form = document.querySelector("[data-gantt-form]");
  if (!chart || !form || !chart.querySelector("[data-move]")) return;
  const DAY = 86400000, EDGE = 8;
  const day = text => Date.parse(text + "T00:00:00Z") / DAY;
  const iso = number => new Date(number * DAY).toISOString().slice(0, 10);
  const shown = number => iso(number).split("-").reverse().join(".");
  const off = new Set(), extra = new Set();
  for (const [kept, words] of [[off, chart.dataset.off], [extra, chart.dataset.extra]])
    for (const word of words.split(" ")) if (word) kept.add(day(word));
  const dayWidth = Number(chart.dataset.day);
  const rows = [...chart.querySelectorAll("[data-move]")].map(group => ({
    group, bar: group.querySelector(".gantt-bar"), key: group.dataset.key, start: day(group.dataset.start),
    end: day(group.dataset.end), x: Number(group.dataset.x), width: Number(group.dataset.width),
    hasBegun: "begun" in group.dataset, isDate: "milestone" in group.dataset,
    after: (group.dataset.after || "").split(" "), drawn: 0,
  }));
  const rowOf = new Map(rows.map((row, place) => [row.bar, Object.assign(row, { place })]));

  // Working days counted once: how many before each day, and which day is the n-th. 1970-01-01 was a Thursday.
  const first = rows.reduce((least, row) => Math.min(least, row.start), Infinity) - 400;
  const last = rows.reduce((most, row) => Math.max(most, row.end), -Infinity) + 4000;
  const isWorking = date => extra.has(date) || ((date + 3) % 7 < 5 && !off.has(date));
  const before = new Int32Array(last - first + 2), working = [];
  for (let date = first; date <= last; date++) {
    if (isWorking(date)) working.push(date);
    before[date - first + 1] = working.length;
  }
  const within = date => Math.min(Math.max(date, first), last);
  // How many working days there are up to and including the day.
  const upTo = date => before[within(date) - first + 1];
  const nth = number => working[Math.min(Math.max(number, 1), working.length) - 1];
  const near = (date, step) => isWorking(date) ? date : nth(upTo(date) + (step > 0 ? 1 : 0));
  const add = (date, count) => !count ? date : nth(upTo(date) + count + (count < 0 && !isWorking(date) ? 1 : 0));
  const between = (from, to) => to < from ? -(upTo(from - 1) - upTo(to - 1)) : upTo(to) - upTo(from);

  const label = form.elements.namedItem("moves_following");
  const stagesLabel = label && label.nextElementSibling.textContent;
  let chosen = null, now = null, drag = null, waiting = [];

  document.querySelector("[data-gantt-how]").hidden = false;
  chart.classList.add("gantt-can-move");
  // One stop of Tab for all bars; arrows go between them.
  for (const row of rows) {
    row.bar.setAttribute("tabindex", row.place ? "-1" : "0");
    row.bar.setAttribute("role", "button");
    row.bar.setAttribute("aria-describedby", "gantt-how");
    row.bar.setAttribute("aria-label", `Двигать: ${row.group.querySelector("title").textContent}`);
  }

  const number = row => Number(row.key.slice(1));
  const draw = (row, start, end) => {
    const drawn = `${start} ${end}`;
    if (row.drawn === drawn || (!row.drawn && start === row.start && end === row.end)) return;
    row.drawn = drawn;
    row.group.classList.toggle("gantt-moved", start !== row.start || end !== row.end);
    const shift = (start - row.start) * dayWidth;
    if (row.isDate) return row.bar.setAttribute("transform", `translate(${shift} 0)`);
    row.bar.setAttribute("x", row.x + shift);
    row.bar.setAttribute("width", Math.max(3, row.width + (end - row.end - start + row.start) * dayWidth));
  };
  const field = name => form.elements.namedItem(name);
  // Stages follow by their order; lines of the roadmap wait for their predecessors, and those for theirs; projects for none.
  const followersOf = chosen => {
    if (chosen.key[0] === "p") return [];
    if (chosen.key[0] === "s") return rows.filter(row => row.key[0] === "s" && number(row) > number(chosen));
    const later = new Map();
    for (const row of rows) for (const key of row.after) later.set(key, [...(later.get(key) || []), row]);
    const found = new Set(), queue = [chosen];
    for (let row = queue.pop(); row; row = queue.pop())
      for (const one of later.get(row.key) || []) if (one !== chosen && !found.has(one)) { found.add(one); queue.push(one); }
    return [...found];
  };
  // What the server will move with this one: by as many working days, their lengths kept.
  const follow = () => {
    const by = label && label.checked ? between(near(chosen.end, -1), now.end) : 0;
    for (const row of waiting) {
      if (!by) { draw(row, row.start, row.end); continue; }
      const start = near(row.start, 1), from = add(start, by);
      draw(row, from, add(from, Math.max(0, between(start, row.end))));
    }
  };
  const choose = row => {
    if (chosen === row) return;
    for (const one of rows) draw(one, one.start, one.end);
    if (chosen) chosen.bar.setAttribute("tabindex", "-1");
    else rows[0].bar.setAttribute("tabindex", "-1");
    row.bar.setAttribute("tabindex", "0");
    now = { start: row.start, end: row.end };
    chosen = row;
    waiting = followersOf(row);
  };
  const show = () => {
    draw(chosen, now.start, now.end);
    follow();
    form.action = chosen.group.dataset.move;
    field("seen").value = chosen.group.dataset.seen;
    form.querySelector("[data-gantt-title]").textContent = chosen.group.dataset.title;
    if (label) {
      const isStage = chosen.key[0] === "s";
      form.querySelector("[data-gantt-stage]").hidden = !isStage;
      label.closest(".field").hidden = !waiting.length;
      label.nextElementSibling.textContent =
        isStage ? stagesLabel : "Сдвинуть на столько же рабочих дней и строки, которые ждут эту";
      field("start").closest(".field").hidden = chosen.isDate || chosen.hasBegun;
      field("start").value = chosen.hasBegun || chosen.isDate ? "" : shown(now.start);
    }
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
    const scale = Number(chart.dataset.sheet) / row.bar.ownerSVGElement.getBoundingClientRect().width;
    drag = { x: event.clientX, y: event.clientY, days: 0, isEdge, ...now, scale };
    row.bar.setPointerCapture(event.pointerId);
    row.group.classList.add("gantt-moving");
    if (waiting.length) chart.classList.add("gantt-busy");
  });
  const place = () => {
    const { days, isEdge, start, end } = drag;
    drag.frame = 0;
    if (!days) put(start, end);
    else if (isEdge) put(start, near(end + days, 1));
    else {
      const from = near(start + days, 1);
      put(from, chosen.isDate ? from : add(from, Math.max(0, between(near(start, 1), end))));
    }
    draw(chosen, now.start, now.end);
    follow();
  };
  chart.addEventListener("pointermove", event => {
    if (!drag) return;
    const days = Math.round((event.clientX - drag.x) * drag.scale / dayWidth);
    if (days === drag.days) return;
    drag.days = days;
    drag.frame = drag.frame || requestAnimationFrame(place);
  });
  // A finger that goes along the bar moves it, across it scrolls the page. (Chromium heeds no touch-action inside an SVG.)
  chart.addEventListener("touchmove", event => {
    if (!drag) return;
    const { clientX, clientY } = event.touches[0];
    if (drag.isAlong === undefined) drag.isAlong = Math.abs(clientX - drag.x) >= Math.abs(clientY - drag.y);
    if (drag.isAlong && event.cancelable) event.preventDefault();
  }, { passive: false });
  const drop = event => {
    if (!drag) return;
    if (drag.frame) { cancelAnimationFrame(drag.frame); place(); }
    const was = drag;
    drag = null;
    chart.classList.remove("gantt-busy");
    chosen.group.classList.remove("gantt-moving");
    if (event.type === "pointercancel") { put(was.start, was.end); draw(chosen, now.start, now.end); return follow(); }
    if (now.end !== was.end || now.start !== was.start) { show(); form.scrollIntoView({ block: "nearest" }); }
  };
  chart.addEventListener("pointerup", drop);
  chart.addEventListener("pointercancel", drop);
  chart.addEventListener("keydown", event => {
    const row = rowOf.get(event.target);
    if (!row) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key], turn = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step) {
      choose(row);
      if (event.shiftKey || row.hasBegun) put(now.start, add(now.end, step));
      else { const start = add(now.start, step); put(start, row.isDate ? start : add(start, Math.max(0, between(near(now.start, 1), now.end)))); }
      show();
    } else if (turn) {
      const other = rows[row.place + turn];
      // What was proposed stands until it is sent or taken back: another bar would throw it away.
      if (other && form.hidden) { choose(other); other.bar.focus(); }
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
