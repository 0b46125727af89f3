// What HTML and HTMX cannot do alone. Everything here is an addition: without it each page still works.
"use strict";
(() => {
  const root = document.documentElement, $ = (s, at = document) => at.querySelector(s), $$ = (s, at = document) => [...at.querySelectorAll(s)];
  const on = (name, act, capture) => document.addEventListener(name, act, capture);
  const person = () => document.body.dataset.person || "";
  root.classList.add("js");

  // Theme: the server reads the cookie, so that a page never flashes in the other colours.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const switchTheme = () => {
    const next = (root.dataset.theme || (dark.matches ? "dark" : "light")) === "dark" ? "light" : "dark";
    const same = (next === "dark") === dark.matches;
    document.cookie = `theme=${next};path=/;samesite=lax;max-age=${same ? 0 : 31536000}`;
    if (same) delete root.dataset.theme; else root.dataset.theme = next;
  };

  // Toasts.
  const live = toast => {
    const stay = () => setTimeout(() => toast.matches(":hover,:focus-within") ? stay() : toast.remove(), toast.querySelector("form") ? 15000 : 8000);
    toast.dataset.live = "1"; stay();
  };
  const say = text => {
    const place = $("#toasts"), box = document.createElement("div"), close = document.createElement("button");
    if (!place) return;
    box.className = "toast toast-error"; box.dataset.toast = "";
    box.append(Object.assign(document.createElement("span"), { textContent: text }));
    Object.assign(close, { type: "button", className: "icon-button", textContent: "×", ariaLabel: "Закрыть" }).dataset.close = "";
    box.append(close); place.append(box); live(box);
  };

  // Typed text is kept on this device until it is sent.
  const store = { get: k => { try { return JSON.parse(localStorage[k]); } catch { return null; } }, set: (k, v) => { try { localStorage[k] = JSON.stringify(v); } catch { /* full or forbidden: the form works without */ } }, drop: k => { try { delete localStorage[k]; } catch { /* same */ } } };
  const keyOf = form => `draft:${person()}:${form.dataset.draft}`;
  const kept = form => $$("input,select,textarea", form).filter(f => f.name && f.name[0] !== "_" && !/^(hidden|password|file|submit|button)$/.test(f.type) && f.name !== "csrfmiddlewaretoken");
  const read = form => kept(form).map(f => [f.name, /radio|checkbox/.test(f.type) ? f.value : "", /radio|checkbox/.test(f.type) ? f.checked : f.multiple ? [...f.selectedOptions].map(o => o.value) : f.value]);
  const restore = form => {
    const draft = store.get(keyOf(form)), note = $("[data-draft-note]", form);
    if (!draft || $(".error-summary", form)) return;
    if (Date.now() - draft.at > 6048e5) return store.drop(keyOf(form));
    if (JSON.stringify(draft.fields) === JSON.stringify(read(form))) return;
    const known = new Map(draft.fields.map(([n, v, x]) => [n + "\0" + v, x]));
    kept(form).forEach(f => {
      const box = /radio|checkbox/.test(f.type), value = known.get(f.name + "\0" + (box ? f.value : ""));
      if (value === undefined) return;
      if (box) f.checked = value; else if (f.multiple) [...f.options].forEach(o => o.selected = value.includes(o.value)); else f.value = value;
      if (f.dataset.counter !== undefined) count(f);
    });
    if (!note) return;
    const clear = Object.assign(document.createElement("button"), { type: "button", className: "button button-quiet button-small", textContent: "Очистить" });
    clear.onclick = () => { store.drop(keyOf(form)); form.reset(); note.textContent = ""; };
    note.replaceChildren(`Вернули набранное ${new Date(draft.at).toLocaleString("ru", { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" })}. `, clear);
  };
  const timers = new WeakMap();
  const keep = form => {
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => { store.set(keyOf(form), { at: Date.now(), fields: read(form) }); const n = $("[data-draft-note]", form); if (n) n.textContent = "Набранное сохранено на этом устройстве."; }, 400));
  };
  // A sent draft is dropped only when the next page shows that it arrived: not the sign-in, not an error, not the form with mistakes.
  const settle = () => {
    const sent = sessionStorage.sentDraft;
    if (!sent || document.body.classList.contains("bare")) return;
    const form = $$("[data-draft]").find(f => keyOf(f) === sent);
    if (!form || !$(".error-summary", form)) store.drop(sent);
    delete sessionStorage.sentDraft;
  };

  // Parts of the page that need a word when they appear.
  const count = area => {
    const out = $(`[data-counter-of="${CSS.escape(area.id)}"]`), left = area.dataset.counter - area.value.length;
    if (!out || !area.value) return;
    out.classList.toggle("counter-over", left < 0);
    out.textContent = left >= 0 ? `осталось ${left.toLocaleString("ru")} зн.` : `лишних ${(-left).toLocaleString("ru")} зн.`;
  };
  const sprite = name => { const use = $("use"); if (!use) return null; const svg = use.ownerSVGElement.cloneNode(true); svg.setAttribute("class", "icon"); svg.firstElementChild.setAttribute("href", use.getAttribute("href").split("#")[0] + "#" + name); return svg; };
  const calendar = field => {
    if (!field.showPicker || field.dataset.ready || field.disabled) return;
    field.dataset.ready = "1";
    const button = Object.assign(document.createElement("button"), { type: "button", className: "icon-button", ariaLabel: "Выбрать день в календаре" }), day = Object.assign(document.createElement("input"), { type: "date", tabIndex: -1, ariaHidden: "true", className: "picker" });
    button.append(sprite("calendar") || "…");
    button.onclick = () => { const [d, m, y] = field.value.split("."); day.value = y ? `${y}-${m}-${d}` : ""; day.showPicker(); };
    day.onchange = () => { if (day.value) { field.value = day.value.split("-").reverse().join("."); field.dispatchEvent(new Event("input", { bubbles: true })); field.focus(); } };
    field.after(button, day);
  };
  const marked = bulk => {
    const boxes = $$(`input[name=chosen][form="${bulk.id}"]`), n = boxes.filter(b => b.checked).length, all = $(`[data-check-all][form="${bulk.id}"]`);
    bulk.toggleAttribute("data-empty", !n);
    $("[data-bulk-count]", bulk).textContent = n ? `Отмечено: ${n}` : "Отметьте строки";
    if (all) { all.checked = n > 0 && n === boxes.length; all.indeterminate = n > 0 && n < boxes.length; }
  };
  const wake = at => {
    settle();
    $$("[data-draft]", at).forEach(restore); $$("[data-counter]", at).forEach(count); $$("[data-date]", at).forEach(calendar);
    $$("[data-bulk]").forEach(marked); $$("[data-toast]:not([data-live])").forEach(live);
    const first = $("[data-focus]", at); if (first) first.focus();
  };

  on("input", e => {
    const form = e.target.closest("[data-draft]");
    if (form) keep(form);
    if (e.target.dataset.counter !== undefined) count(e.target);
  });
  on("change", e => {
    const t = e.target;
    if (t.dataset.checkAll !== undefined) $$(`input[name=chosen][form="${t.getAttribute("form")}"]`).forEach(b => b.checked = t.checked);
    if (t.form && t.form.matches("[data-bulk]")) marked(t.form);
    if (t.dataset.preview !== undefined) {
      const out = $(`[data-preview-of="${CSS.escape(t.id)}"]`);
      out.replaceChildren(...[...t.files].map(file => {
        const box = document.createElement("span"), text = `${file.name}, ${(file.size / 1048576).toLocaleString("ru", { maximumFractionDigits: 1 })} МБ`;
        box.textContent = text;
        // Drawn on a canvas: no address of a picture, so nothing for the security policy to allow.
        if (/^image\//.test(file.type)) createImageBitmap(file, { resizeHeight: 280 }).then(map => {
          const sheet = Object.assign(document.createElement("canvas"), { width: map.width, height: map.height, ariaLabel: text });
          sheet.setAttribute("role", "img"); sheet.getContext("2d").drawImage(map, 0, 0); box.prepend(sheet);
        }, () => {});
        return box;
      }));
    }
  });
  on("submit", e => {
    const form = e.target;
    if (form.dataset.sent) return e.preventDefault();
    if (form.method !== "post" || form.dataset.download !== undefined) return;
    if (form.dataset.draft) { clearTimeout(timers.get(form)); store.set(keyOf(form), { at: Date.now(), fields: read(form) }); sessionStorage.sentDraft = keyOf(form); }
    if (form.closest("#account")) Object.keys(localStorage).filter(k => k.startsWith(`draft:${person()}:`)).forEach(store.drop);
    form.dataset.sent = "1";
    if (e.submitter) e.submitter.setAttribute("aria-busy", "true");
    setTimeout(() => release(form), 15000);
  });
  const release = form => { delete form.dataset.sent; $$("[aria-busy]", form).forEach(b => b.removeAttribute("aria-busy")); };
  addEventListener("pageshow", e => { if (e.persisted) $$("form[data-sent]").forEach(release); });

  on("click", e => {
    const t = e.target, open = t.closest("[data-opens]"), close = t.closest("[data-close]");
    if (open) { const box = document.getElementById(open.dataset.opens); if (box) box.showModal(); }
    if (close) close.closest("[data-toast],dialog").remove();
    if (t.closest("[data-theme-switch]")) switchTheme();
    if (t.matches("dialog")) t.close();
    $$("details.menu[open]").forEach(d => { if (!d.contains(t)) d.open = false; });
  });

  // Keys. On the Russian layout the key of "/" gives "." and "?" stands elsewhere: the place of the key counts too.
  const step = (list, from, by) => list[Math.max(0, Math.min(list.length - 1, from + by))];
  on("keydown", e => {
    const t = e.target, writes = t.closest("input:not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable]");
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && t.form) { e.preventDefault(); return t.form.requestSubmit(); }
    if (e.key === "Escape") { const menu = t.closest("details.menu[open]"); if (menu) { menu.open = false; $("summary", menu).focus(); } else if (t.matches("[data-search]")) t.blur(); return; }
    if (writes || e.ctrlKey || e.altKey || e.metaKey) return;
    const slash = e.code === "Slash";
    if (e.key === "?" || (slash && e.shiftKey)) { const help = $("#help"); if (help && !help.open) { e.preventDefault(); help.showModal(); } return; }
    if (e.key === "/" || slash) { const search = $("[data-search]"); if (search) { e.preventDefault(); search.focus(); search.select(); } return; }
    const down = { ArrowDown: 1, ArrowUp: -1 }[e.key], across = { ArrowRight: 1, ArrowLeft: -1 }[e.key], row = t.closest("[data-rows] tbody tr"), card = t.closest("[data-card]");
    if (row && down) {
      const rows = $$("tbody tr", row.closest("[data-rows]")), next = step(rows, rows.indexOf(row), down), link = $("a,button,input", $(".cell-main", next) || next) || $("a,button,input", next);
      if (link) { e.preventDefault(); link.focus(); }
    } else if (row && e.key === " " && !t.matches("input,button")) {
      const box = $("input[name=chosen]", row); if (box) { e.preventDefault(); box.click(); }
    } else if (card && t === card && (down || across)) {
      e.preventDefault();
      const columns = $$("[data-column]", card.closest("[data-board]")), column = card.closest("[data-column]"), cards = $$("[data-card]", column), at = cards.indexOf(card);
      if (down) return step(cards, at, down).focus();
      if (e.shiftKey) return move(card, step(columns, columns.indexOf(column), across).dataset.column);
      for (let i = columns.indexOf(column) + across; columns[i]; i += across) { const there = $$("[data-card]", columns[i]); if (there.length) return step(there, at, 0).focus(); }
    }
  });

  // Boards: drag and keys only fill the form that stands in the card.
  const move = (card, code) => {
    const form = $("[data-move]", card);
    if (!form || card.closest("[data-column]").dataset.column === code) return;
    form.elements.column.value = code; form.requestSubmit();
  };
  let dragged = null;
  on("dragstart", e => { dragged = e.target.closest && e.target.closest("[data-card]"); if (dragged) { dragged.dataset.dragged = ""; e.dataTransfer.effectAllowed = "move"; } });
  on("dragend", () => { if (dragged) delete dragged.dataset.dragged; dragged = null; $$("[data-over]").forEach(c => delete c.dataset.over); });
  on("dragover", e => { const c = dragged && e.target.closest("[data-column]"); $$("[data-over]").forEach(o => { if (o !== c) delete o.dataset.over; }); if (c) { e.preventDefault(); c.dataset.over = ""; } });
  on("drop", e => { const c = dragged && e.target.closest("[data-column]"); if (c) { e.preventDefault(); move(dragged, c.dataset.column); } });

  // Explanations of terms: hover opens, leaving closes; tap and key are the popover's own.
  let wait = 0;
  const knowsPopovers = "popover" in HTMLElement.prototype;
  const pop = el => el && document.getElementById(el.getAttribute("popovertarget"));
  const place = box => {
    const at = $(`[popovertarget="${box.id}"]`).getBoundingClientRect(), w = box.offsetWidth, h = box.offsetHeight, below = at.bottom + 8 + h < innerHeight;
    Object.assign(box.style, { margin: "0", right: "auto", bottom: "auto", left: Math.max(16, Math.min(at.left, innerWidth - w - 16)) + "px", top: Math.max(8, below ? at.bottom + 8 : at.top - h - 8) + "px" });
    box.dataset.placed = "1";
  };
  const shut = box => { if (box && box.matches(":popover-open")) box.hidePopover(); };
  on("pointerover", e => {
    const link = e.target.closest && e.target.closest("[data-prefetch] a[href]");
    if (link) fetchSoon(link);
    if (!knowsPopovers || e.pointerType !== "mouse" || !e.target.closest) return;
    const term = e.target.closest(".term,button.clause"), inside = e.target.closest(".term-pop");
    clearTimeout(wait);
    const box = pop(term);
    if (box && !box.matches(":popover-open")) wait = setTimeout(() => { box.dataset.hover = "1"; box.showPopover(); }, 250);
    else if (!term && !inside) wait = setTimeout(() => $$(".term-pop[data-hover]").forEach(shut), 200);
  });
  on("toggle", e => {
    const box = e.target;
    if (!box.classList || !box.classList.contains("term-pop")) return;
    if (e.newState !== "open") { delete box.dataset.placed; delete box.dataset.hover; return; }
    place(box);
  }, true);
  // A browser without popovers shows and hides them by a class.
  const showOnly = (box, from) => {
    const opens = box && !box.classList.contains("shown");
    $$("[popover].shown").forEach(other => { if (other === box || !other.contains(from)) other.classList.remove("shown"); });
    if (!opens) return;
    box.classList.add("shown");
    if (box.classList.contains("term-pop")) place(box);
  };
  if (!knowsPopovers) {
    on("click", e => showOnly(pop(e.target.closest("[popovertarget]")), e.target));
    on("keydown", e => { if (e.key === "Escape") showOnly(null, null); });
  }

  // Pages the person is about to open.
  const fetched = new Set();
  const fetchSoon = link => {
    if (link.origin !== location.origin || link.hash || link.download || fetched.has(link.href) || link.href === location.href || (navigator.connection && navigator.connection.saveData)) return;
    setTimeout(() => { if (!link.matches(":hover") || fetched.has(link.href)) return; fetched.add(link.href); document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", href: link.href })); }, 90);
  };

  const line = () => $$("[data-offline]").forEach(p => p.hidden = navigator.onLine);
  addEventListener("offline", line); addEventListener("online", line);

  // HTMX.
  on("htmx:configRequest", e => { const token = $("[name=csrfmiddlewaretoken]"); if (token) e.detail.headers["X-CSRFToken"] = token.value; });
  on("htmx:afterRequest", e => { const form = e.target.closest("form"); if (form) release(form); });
  on("htmx:responseError", e => { const xhr = e.detail.xhr; say((xhr.getResponseHeader("Content-Type") || "").startsWith("text/plain") ? xhr.responseText : "Действие не выполнено. Обновите страницу и повторите."); });
  on("htmx:sendError", () => say("Нет связи с сервером. Набранное осталось на странице: повторите, когда связь вернётся."));
  on("htmx:afterSettle", e => wake(e.target));
  line(); wake(document);
})();
