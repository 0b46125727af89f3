// The page behind a QR code: keeps what is typed on the phone, shrinks the photo, sends when the network is back.
// Everything is an addition: without it the form is an ordinary one.
"use strict";
(function () {
  var form = document.getElementById("quick");
  if (!form || !window.fetch || !window.FormData || !window.Promise || !window.indexedDB) return;
  var unit = form.getAttribute("data-unit"), draftKey = "quick:" + unit, box = function (id) { return document.getElementById(id); };
  var names = ["problem", "solution", "person"], button = form.querySelector("button[type=submit]"), photo = null, busy = false;

  // What is typed: in localStorage; the photo and what waits for the network: in IndexedDB.
  function readDraft() { try { return JSON.parse(localStorage.getItem(draftKey)) || {}; } catch (e) { return {}; } }
  function writeDraft(value) { try { localStorage.setItem(draftKey, JSON.stringify(value)); } catch (e) { /* full or forbidden */ } }
  function dropDraft() { try { localStorage.removeItem(draftKey); } catch (e) { /* same */ } }
  function base(act) {
    return new Promise(function (done, fail) {
      var open = indexedDB.open("gemba-quick", 1);
      open.onupgradeneeded = function () { open.result.createObjectStore("kept"); };
      open.onerror = function () { fail(open.error); };
      open.onsuccess = function () {
        var db = open.result, work = db.transaction("kept", "readwrite"), asked = act(work.objectStore("kept"));
        work.oncomplete = function () { db.close(); done(asked && asked.result); };
        work.onerror = work.onabort = function () { db.close(); fail(work.error); };
      };
    });
  }
  function put(key, value) { return base(function (s) { s.put(value, key); }).catch(function () {}); }
  function get(key) { return base(function (s) { return s.get(key); }).catch(function () {}); }
  function drop(key) { return base(function (s) { s.delete(key); }).catch(function () {}); }
  var photoKey = "photo:" + unit, waitKey = "wait:" + unit;

  function newKey() {
    var bytes = new Uint8Array(16), text = "";
    (window.crypto || window.msCrypto).getRandomValues(bytes);
    for (var i = 0; i < 16; i++) text += ("0" + bytes[i].toString(16)).slice(-2);
    return text;
  }
  function keep() {
    var value = { at: Date.now(), key: form.sent_key.value };
    names.forEach(function (name) { value[name] = form[name].value; });
    writeDraft(value);
    if (form.problem.value || form.solution.value) box("kept").textContent = "Текст сохранён на этом телефоне.";
  }
  function restore() {
    var value = readDraft();
    if (!value.at || Date.now() - value.at > 14 * 864e5) return;
    names.forEach(function (name) { if (value[name] && !form[name].value) form[name].value = value[name]; });
    if (value.key) form.sent_key.value = value.key;
    if (form.problem.value || form.solution.value) box("kept").textContent = "Мы сохранили то, что вы написали раньше.";
    get(photoKey).then(function (blob) { if (blob && !photo) { photo = blob; shown(); } });
  }

  // A photo of ten megabytes becomes one of three hundred kilobytes; the canvas writes no place and no time.
  function draw(picture, file, done) {
    var most = 1600, width = picture.naturalWidth || picture.width, height = picture.naturalHeight || picture.height;
    var scale = Math.min(1, most / Math.max(width, height)), sheet = document.createElement("canvas");
    sheet.width = Math.max(1, Math.round(width * scale)); sheet.height = Math.max(1, Math.round(height * scale));
    sheet.getContext("2d").drawImage(picture, 0, 0, sheet.width, sheet.height);
    if (!sheet.toBlob) return done(file);
    sheet.toBlob(function (blob) { done(blob && blob.size < file.size ? blob : file); }, "image/jpeg", 0.8);
  }
  function shrink(file) {
    return new Promise(function (done) {
      if (window.createImageBitmap) return createImageBitmap(file).then(function (map) { draw(map, file, done); }, function () { done(file); });
      // An older phone reads the picture into an address of its own: the security policy allows no other.
      var reader = new FileReader(), picture = new Image();
      picture.onload = function () { draw(picture, file, done); };
      picture.onerror = reader.onerror = function () { done(file); };
      reader.onload = function () { picture.src = reader.result; };
      reader.readAsDataURL(file);
    });
  }
  function shown() { box("photo-note").textContent = photo ? "Снимок готов, " + Math.max(1, Math.round(photo.size / 1024)) + " КБ." : ""; }
  form.photo.addEventListener("change", function () {
    var file = form.photo.files[0];
    if (!file) { photo = null; drop(photoKey); return shown(); }
    box("photo-note").textContent = "Готовим снимок…";
    shrink(file).then(function (blob) { photo = blob; put(photoKey, blob); shown(); });
  });

  // What others have proposed like it, while one types; whatever goes wrong, nothing is shown.
  var pause = 0, asked = "";
  function hideAlike() { clearTimeout(pause); asked = ""; box("similar").textContent = ""; }
  function showAlike(found) {
    var place = box("similar"), part = document.createElement("div"), list = document.createElement("ul");
    place.textContent = "";
    if (!found.length) return;
    part.className = "box"; part.textContent = "Похожее уже предлагали. Если у вас иначе, отправляйте:";
    found.forEach(function (one) {
      var row = document.createElement("li");
      row.textContent = one.title + " — " + one.state.toLowerCase(); list.appendChild(row);
    });
    part.appendChild(list); place.appendChild(part);
  }
  function alike() {
    var text = form.problem.value + " " + form.solution.value, body = new FormData();
    if (text === asked || busy || navigator.onLine === false) return;
    asked = text; body.append("text", text.slice(0, 4000));
    fetch(location.pathname + "similar/", { method: "POST", body: body, credentials: "omit" }).then(function (response) {
      return response.ok ? response.json() : { found: [] };
    }).then(function (answer) { if (asked === text) showAlike(answer.found); }).catch(function () {});
  }
  form.addEventListener("input", function (event) {
    if (event.target !== form.problem && event.target !== form.solution) return;
    clearTimeout(pause); pause = setTimeout(alike, 700);
  });

  function nameChosen() { box("code-field").hidden = form.person.value === "nobody"; }
  form.person.addEventListener("change", nameChosen);
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);

  function mistakes(errors) {
    var first = null;
    names.concat(["photo", "code"]).forEach(function (name) {
      var place = box(name + "-error"), field = box(name);
      place.hidden = !errors[name]; place.textContent = errors[name] || "";
      if (errors[name]) { field.setAttribute("aria-invalid", "true"); first = first || field; } else field.removeAttribute("aria-invalid");
    });
    var summary = box("summary"), common = errors.__all__ || "";
    summary.hidden = !first && !common;
    summary.textContent = "Не отправлено. " + common + (first ? " Исправьте отмеченное: текст сохранён." : "");
    if (first) first.focus(); else if (common) summary.focus();
  }
  function done(answer, isKept) {
    var place = box("done"), one = document.createElement("div"), number = document.createElement("span"), link = document.createElement("a");
    number.className = "number"; number.textContent = answer.number ? "№ " + answer.number : "Принято";
    link.href = answer.url; link.textContent = "Следить за ответом";
    one.appendChild(number); one.appendChild(document.createTextNode(answer.answer + ". ")); one.appendChild(link);
    // What waited has left, each with its own address to follow; somebody may be writing the next one meanwhile.
    if (!isKept) place.textContent = "";
    place.appendChild(one); place.hidden = false;
    if (!isKept) { clear(); place.focus(); }
  }
  function clear() {
    form.reset(); photo = null; shown(); hideAlike(); nameChosen(); mistakes({}); form.sent_key.value = newKey();
    box("kept").textContent = ""; dropDraft(); drop(photoKey);
  }
  function isEmpty() { return !form.problem.value && !form.solution.value; }

  // What waits for the network: one after another, for one phone may serve a whole shift.
  function queue() { return get(waitKey).then(function (kept) { return !kept ? [] : Array.isArray(kept) ? kept : [kept]; }); }
  function without(key) {
    return queue().then(function (all) {
      var left = all.filter(function (one) { return one.fields.sent_key !== key; });
      return (left.length ? put(waitKey, left) : drop(waitKey)).then(function () { return left; });
    });
  }
  function waiting(all, said) {
    var place = box("waiting"), last = all[all.length - 1], back = document.createElement("button");
    place.hidden = !all.length;
    if (!last) return;
    place.textContent = (said || "Нет связи. ") + (all.length > 1 ? "Сохранено на этом телефоне предложений: " + all.length + ". Они уйдут сами"
      : "Предложение сохранено на этом телефоне и уйдёт само") + ", когда связь вернётся. Можно закрыть страницу и открыть её снова.";
    back.type = "button"; back.className = "quiet"; back.textContent = "Исправить «" + last.fields.problem.slice(0, 40) + "»";
    back.addEventListener("click", function () {
      if (!busy) without(last.fields.sent_key).then(function (left) { fill(last); waiting(left); form.problem.focus(); });
    });
    if (isEmpty()) place.appendChild(back);
  }
  function fill(kept) {
    names.forEach(function (name) { form[name].value = kept.fields[name]; });
    form.code.value = kept.fields.code; form.sent_key.value = kept.fields.sent_key; photo = kept.photo || null;
    if (photo) put(photoKey, photo);
    shown(); nameChosen(); keep();
  }
  function post(fields, blob) {
    var body = new FormData();
    Object.keys(fields).forEach(function (name) { body.append(name, fields[name]); });
    if (blob) body.append("photo", blob, "photo.jpg");
    return fetch(location.pathname, { method: "POST", body: body, headers: { Accept: "application/json" }, credentials: "omit" });
  }
  function send(kept, isKept) {
    if (busy) return;
    busy = true; button.disabled = true;
    return post(kept.fields, kept.photo).then(function (response) {
      if (response.status >= 500) throw new Error("server");
      if (response.status === 413) return { errors: { photo: "Снимок слишком большой. Выберите другой." } };
      return response.json();
    }).then(function (answer) {
      if (!answer.errors) return without(kept.fields.sent_key).then(function (left) { done(answer, isKept); waiting(left); return left.length; });
      if (!isKept) { mistakes(answer.errors); return 0; }
      return queue().then(function (all) {
        if (!isEmpty()) return waiting(all, "Одно предложение не принято: отправьте нынешнее, и мы покажем, что в нём исправить. ");
        return without(kept.fields.sent_key).then(function (left) { fill(kept); mistakes(answer.errors); waiting(left); });
      });
    }, function () {
      // The code goes along: without it the proposal could not leave by itself. It is erased as soon as it has left.
      return without(kept.fields.sent_key).then(function (left) {
        var all = isKept ? [kept].concat(left) : left.concat([kept]);
        return put(waitKey, all).then(function () { if (!isKept) clear(); waiting(all); if (!isKept) box("waiting").focus(); });
      });
    }).then(function (more) { busy = false; button.disabled = false; if (more) again(); });
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var fields = { sent_key: form.sent_key.value, code: form.code.value };
    names.forEach(function (name) { fields[name] = form[name].value; });
    keep(); send({ fields: fields, photo: photo || form.photo.files[0] || null }, false);
  });
  function again() {
    queue().then(function (all) {
      if (!all.length || busy) return;
      if (navigator.onLine === false) waiting(all); else send(all[0], true);
    });
  }
  window.addEventListener("online", again);
  setInterval(again, 20000);
  if (box("summary").hidden) restore();
  nameChosen(); again();
})();
