/* What a browser adds to pages that work without it: suggestions while typing, lists that renew in
   place, the selection and the profile kept in this browser alone. Nothing is sent but what the form says. */
"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const store = {
    get: (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* private window */ } },
    drop: (key) => { try { localStorage.removeItem(key); } catch { /* private window */ } },
  };

  /* the selection */
  const SELECTION = "arraigo-selection";
  const chosen = () => store.get(SELECTION) || { practices: [], place: "", need: "", mode: "" };
  const showCount = () => {
    const now = chosen();
    for (const link of all("[data-shortlist-link]")) {
      const address = new URL(link.href);
      address.search = "";
      for (const id of now.practices) address.searchParams.append("practice", id);
      if (now.practices.length && now.place) address.searchParams.set("place", now.place);
      if (now.practices.length && now.place && now.need) address.searchParams.set("need", now.need);
      if (now.practices.length && now.place && now.mode) address.searchParams.set("mode", now.mode);
      link.href = address.href;
      link.querySelector("[data-shortlist-count]").textContent = now.practices.length ? ` (${now.practices.length})` : "";
    }
    for (const part of all("[data-selection]")) {
      part.hidden = !now.practices.length;
      const link = part.querySelector("a");
      const address = new URL(link.href);
      address.search = "";
      for (const id of now.practices.slice(0, 12)) address.searchParams.append("practice", id);
      link.href = address.href;
    }
  };
  const choose = (id, wanted, context = {}) => {
    const now = chosen();
    now.practices = now.practices.filter((other) => other !== id);
    if (wanted) now.practices.push(id);
    store.set(SELECTION, { ...now, ...context });
    showCount();
  };
  const dressSelection = (within = document) => {
    for (const form of all("[data-shortlist]", within)) {
      const context = { place: form.elements.place?.value || "", need: form.elements.need?.value || "", mode: form.elements.mode?.value || "" };
      for (const box of all("input[name=practice]", form)) {
        box.checked = chosen().practices.includes(box.value);
        box.addEventListener("change", () => choose(box.value, box.checked, context.place ? context : {}));
      }
    }
    for (const button of all("[data-shortlist-toggle]", within)) {
      const id = button.dataset.shortlistToggle;
      const label = () => { button.textContent = chosen().practices.includes(id) ? button.dataset.remove : button.dataset.add; };
      const onList = location.search.includes("practice=");
      button.hidden = false;
      if (!onList) label();
      button.addEventListener("click", () => {
        if (onList) {
          choose(id, false);
          const address = new URL(location.href);
          const left = address.searchParams.getAll("practice").filter((other) => other !== id);
          address.searchParams.delete("practice");
          for (const other of left) address.searchParams.append("practice", other);
          location.assign(address.href);
        } else {
          const context = button.dataset.place ? { place: button.dataset.place, need: button.dataset.need, mode: button.dataset.mode } : {};
          choose(id, !chosen().practices.includes(id), context);
          label();
        }
      });
    }
  };
  for (const button of all("[data-shortlist-clear]")) {
    button.hidden = false;
    button.addEventListener("click", () => { store.drop(SELECTION); location.assign(location.pathname); });
  }
  for (const button of all("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  /* what a screen reader is told of changes; a region there from the start is read reliably */
  const said = document.querySelector("[data-said]");
  const say = (text) => { if (said) said.textContent = text; };

  /* lists that renew in place; the address follows */
  const later = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));
  for (const form of all("form[data-live]")) {
    const target = document.getElementById(form.dataset.live);
    let latest = 0;
    const renew = async (focus) => {
      const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim && value.trim()));
      const address = `${form.action.split("?")[0]}?${asked}`;
      const turn = ++latest;
      target.setAttribute("aria-busy", "true");
      let wait = target.querySelector(".wait");
      if (!wait) {
        wait = document.createElement("p");
        wait.className = "wait";
        target.querySelector("h2, .empty")?.after(wait);
      }
      const tell = (text) => { wait.textContent = text; say(text); };
      tell(target.dataset.busy);
      try {
        let answer = await fetch(address, { headers: { Accept: "text/html" } });
        while (answer.status === 503 && turn === latest) {
          tell(target.dataset.loading);
          await later(Number(answer.headers.get("Retry-After")) || 2);
          answer = await fetch(address, { headers: { Accept: "text/html" } });
        }
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (turn !== latest) return;
        const fresh = page.getElementById(target.id) || page.querySelector("main");
        target.replaceChildren(...fresh.childNodes);
        if (answer.ok) {
          history.replaceState(null, "", address);
          const language = page.querySelector("a.language");
          if (language) document.querySelector("a.language").href = language.href;
        }
        dressSelection(target);
        const first = target.querySelector(".results h3 a, .cards h3 a");
        say([target.querySelector("h2, h1")?.textContent, first && `1. ${first.textContent}`].filter(Boolean).join(". "));
        if (focus) {
          const heading = target.querySelector("h2, h1");
          if (heading) { heading.tabIndex = -1; heading.focus(); }
        }
      } catch {
        tell(target.dataset.failed);
      } finally {
        if (turn === latest) target.removeAttribute("aria-busy");
      }
    };
    form.addEventListener("submit", (event) => { event.preventDefault(); renew(true); });
    form.addEventListener("change", (event) => {
      if (event.target.matches("select, input[type=checkbox]")) renew(false);
    });
  }

  /* suggestions while a place is typed */
  for (const input of all("[data-suggest]")) {
    const box = document.querySelector("[data-suggestions]");
    let latest = 0;
    input.addEventListener("input", async () => {
      const turn = ++latest;
      const typed = input.value.trim();
      if (typed.length < 2) { box.replaceChildren(); return; }
      const query = new URLSearchParams({ q: typed, per_page: 8, lang: document.documentElement.lang });
      const answer = await fetch(`${input.dataset.suggest}?${query}`).catch(() => null);
      if (turn !== latest) return;
      if (!answer?.ok) { box.replaceChildren(); return; }
      const found = (await answer.json()).territories;
      const told = document.createElement("p");
      told.className = "small";
      told.textContent = found.length ? box.dataset.some : box.dataset.none;
      const list = document.createElement("ul");
      for (const place of found) {
        const link = document.createElement("a");
        link.href = input.dataset.place.replace("ID", encodeURIComponent(place.id));
        link.textContent = place.parent ? `${place.name}, ${place.parent}` : place.name;
        const item = document.createElement("li");
        item.append(link);
        list.append(item);
      }
      box.replaceChildren(...(found.length ? [told, list] : [told]));
    });
  }

  /* the profile, kept here and exported as a file */
  const PROFILE = "arraigo-profile";
  /* groups of three digits are thousands with a point as with a comma, as the service reads the form */
  const figure = (text) => {
    const plain = text.trim().replace(/^USD/, "").replace(/^[$\s]+/, "");
    const grouped = /^([1-9]\d{0,2}(?:[.,\s]\d{3})+)(?:[.,](\d{1,2}))?$/.exec(plain);
    return Number(grouped ? grouped[1].replace(/\D/g, "") + (grouped[2] ? `.${grouped[2]}` : "") : plain.replace(",", "."));
  };
  const profileOf = (fields) => {
    const lists = ["themes", "populations"];
    const numbers = ["budget_usd", "staff", "horizon_months"];
    const profile = {};
    for (const [name, value] of fields) {
      if (lists.includes(name)) (profile[name] ||= []).push(value);
      else if (numbers.includes(name)) profile[name] = figure(value);
      else if (name === "territories") profile[name] = value.split(",").map((part) => part.trim());
      else if (name === "past") profile.past_practices = value.split("\n").map((part) => part.trim());
      else if (["type", "about"].includes(name)) profile[name] = value;
    }
    return { organisation: profile };
  };

  for (const form of all("[data-profile]")) {
    const status = form.querySelector("[data-profile-status]");
    const button = (name, act, shown) => {
      const found = form.querySelector(`[data-profile-${name}]`);
      found.hidden = !shown;
      found.addEventListener("click", act);
      return found;
    };
    const fields = () => [...new FormData(form)].filter(([, value]) => value.trim());
    const kept = Boolean(store.get(PROFILE));
    const load = button("load", () => {
      location.assign(`${form.action.split("?")[0]}?${new URLSearchParams(store.get(PROFILE) || [])}`);
    }, kept);
    const forget = button("forget", () => {
      store.drop(PROFILE); load.hidden = forget.hidden = true; status.textContent = status.dataset.forgotten;
    }, kept);
    button("keep", () => {
      store.set(PROFILE, fields()); load.hidden = forget.hidden = false; status.textContent = status.dataset.kept;
    }, true);
    button("export", () => {
      const file = new Blob([JSON.stringify(profileOf(fields()), null, 2)], { type: "application/json" });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = "arraigo.json";
      link.click();
      URL.revokeObjectURL(link.href);
    }, true);
  }
  /* a long table that the page has told the best of is folded where it would fill screens on end */
  if (window.matchMedia("(max-width: 47.99rem)").matches) {
    for (const part of all("details[data-fold]")) part.open = false;
  }
  /* a stacked table stays a table for a screen reader */
  const roles = { TABLE: "table", TBODY: "rowgroup", TR: "row", TH: "rowheader", TD: "cell" };
  for (const table of all("table.stack")) {
    for (const part of [table, ...all("tbody, tbody *", table)]) {
      if (roles[part.tagName]) part.setAttribute("role", roles[part.tagName]);
    }
  }

  /* a page that waits for something to load looks again until it is there */
  for (const note of all("[data-wait]")) {
    const begun = Date.now();
    const count = document.querySelector("[data-waited]");  // not read aloud: it changes every moment
    note.textContent = note.dataset.coming;
    const look = async () => {
      const seconds = Math.round((Date.now() - begun) / 1000);
      if (seconds > 120) { note.textContent = note.dataset.slow; return; }
      count.textContent = count.dataset.waited.replace("{n}", seconds);
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
      if (answer && answer.status !== 503) location.reload();
      else setTimeout(look, 1000 * Number(note.dataset.wait));
    };
    setTimeout(look, 1000);
  }
  dressSelection();
  showCount();
})();
