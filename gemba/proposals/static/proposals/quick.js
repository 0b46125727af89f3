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
  function done(answer) {
    var place = box("done"), number = document.createElement("span"), link = document.createElement("a");
    number.className = "number"; number.textContent = answer.number ? "№ " + answer.number : "Принято";
    link.href = answer.url; link.textContent = "Следить за ответом";
    place.textContent = ""; place.appendChild(number); place.appendChild(document.createTextNode(answer.answer + ". ")); place.appendChild(link);
    place.hidden = false; box("waiting").hidden = true; box("kept").textContent = "";
    form.reset(); photo = null; shown(); nameChosen(); mistakes({}); form.sent_key.value = newKey();
    dropDraft(); drop(photoKey); drop(waitKey); place.focus();
  }
  function waiting() {
    var place = box("waiting");
    place.textContent = "Нет связи. Предложение сохранено на этом телефоне и уйдёт само, когда связь вернётся. Можно закрыть страницу и открыть её снова.";
    place.hidden = false;
  }
  function post(fields, blob) {
    var body = new FormData();
    Object.keys(fields).forEach(function (name) { body.append(name, fields[name]); });
    if (blob) body.append("photo", blob, "photo.jpg");
    return fetch(location.pathname, { method: "POST", body: body, headers: { Accept: "application/json" }, credentials: "omit" });
  }
  function send(fields, blob) {
    if (busy) return;
    busy = true; button.disabled = true;
    return post(fields, blob).then(function (response) {
      if (response.status === 413) return mistakes({ photo: "Снимок слишком большой. Выберите другой." });
      if (response.status >= 500) throw new Error("server");
      return response.json().then(function (answer) {
        drop(waitKey); box("waiting").hidden = true;
        if (answer.errors) mistakes(answer.errors); else done(answer);
      });
    }).catch(function () {
      // The code goes along: without it the proposal could not leave by itself. It is erased as soon as it has left.
      return put(waitKey, { fields: fields, photo: blob }).then(waiting);
    }).then(function () { busy = false; button.disabled = false; });
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var fields = { sent_key: form.sent_key.value, code: form.code.value };
    names.forEach(function (name) { fields[name] = form[name].value; });
    keep(); send(fields, photo || form.photo.files[0] || null);
  });
  function again() { get(waitKey).then(function (kept) { if (kept) { if (navigator.onLine === false) waiting(); else send(kept.fields, kept.photo); } }); }
  window.addEventListener("online", again);
  setInterval(again, 20000);
  if (box("summary").hidden) restore();
  nameChosen(); again();
})();
