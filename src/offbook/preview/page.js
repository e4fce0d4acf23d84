"use strict";
// The list, the search, and what the keys do. A card's HTML is touched only when it is shown.
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const PLACES = [["cards", "Cards"], ["open", "Open"], ["retired", "Retired"]];
  const EMPTY = { cards: "No card was found in these notes.", open: "Every question has an answer.", retired: "No card is retired." };
  const find = (selector) => document.querySelector(selector);
  const body = document.body, frame = find(".frame"), list = find(".list"), search = find(".search");

  const places = new Map();  // from a place's name to its tab, its part of the list, its rows
  const rows = new Map();    // from a card's id, as in the address, to its row
  let place = "cards", current = null, back = false, night = false, ready = false;

  function make(tag, className, text) {
    const element = document.createElement(tag);
    element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  /** Return the ids of the notes that cards come from, each once. Anki makes several cards of a note with gaps. */
  function notesOf(cards) {
    return [...new Set(cards.map((card) => card.id.slice(0, card.id.lastIndexOf("."))))];
  }

  // -- the list ------------------------------------------------------------------------------

  function buildPlace(name, label) {
    const cards = data.cards.filter((card) => card.place === name);
    const part = make("div", "part");
    const tab = make("button", "tab", label);
    tab.type = "button";
    tab.id = `tab-${name}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", "list");
    tab.append(make("span", "number", String(notesOf(cards).length)));
    tab.addEventListener("click", () => choosePlace(name));
    find(".places").append(tab);
    const entry = { tab, part, rows: buildRows(cards, part) };
    if (!cards.length) part.append(make("p", "none", EMPTY[name]));
    part.append(make("p", "none unfound", "Nothing found."));
    places.set(name, entry);
    list.append(part);
  }

  function buildRows(cards, part) {
    const made = [];
    let group, section;
    for (const card of cards) {
      if (group === undefined || group.dataset.name !== card.group) {
        group = make("section", "group");
        group.dataset.name = card.group;
        group.append(make("h2", "group-name", card.group));
        part.append(group);
        section = undefined;
      }
      if (section === undefined || section.dataset.name !== card.section) {
        section = make("div", "section");
        section.dataset.name = card.section;
        section.append(make("h3", "section-name", card.section));
        group.append(section);
      }
      const row = buildRow(card);
      section.append(row);
      made.push(row);
    }
    return made;
  }

  function buildRow(card) {
    const row = make("button", "row");
    row.type = "button";
    row.tabIndex = -1;
    row.card = card;
    const title = make("span", "row-title", card.title);
    title.dir = "auto";
    row.append(title);
    for (const badge of card.badges) row.append(make("span", "badge", badge));
    rows.set(encodeURIComponent(card.id), row);
    return row;
  }

  /** Letters only matter: neither case nor accents. */
  function folded(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  }

  function wordsOf(card) {
    card.words ??= folded([card.title, card.text, card.group, card.section, card.where, ...card.about, ...card.badges].join("\n"));
    return card.words;
  }

  function filter() {
    const wanted = folded(search.value).split(/\s+/).filter(Boolean);
    for (const { tab, part, rows } of places.values()) {
      for (const row of rows) row.hidden = !wanted.every((word) => wordsOf(row.card).includes(word));
      const found = notesOf(rows.filter((row) => !row.hidden).map((row) => row.card)).length;
      for (const box of part.querySelectorAll(".section, .group")) box.hidden = !box.querySelector(".row:not([hidden])");
      part.classList.toggle("is-unfound", rows.length > 0 && found === 0);
      tab.querySelector(".number").textContent = String(found);
    }
    list.scrollTop = 0;
    tellCount();
    giveTabStop();
  }

  function shownRows() {
    return places.get(place).rows.filter((row) => !row.hidden);
  }

  function choosePlace(name, row) {
    place = name;
    for (const [key, { tab, part }] of places) {
      tab.setAttribute("aria-selected", String(key === name));
      tab.tabIndex = key === name ? 0 : -1;
      part.hidden = key !== name;
    }
    list.setAttribute("aria-labelledby", `tab-${name}`);
    choose(row ?? shownRows()[0] ?? null);
  }

  /** One row can be reached by Tab: the current one, or else the first. */
  function giveTabStop() {
    const shown = shownRows();
    for (const row of list.querySelectorAll('.row[tabindex="0"]')) row.tabIndex = -1;
    const stop = current && !current.hidden ? current : shown[0];
    if (stop) stop.tabIndex = 0;
  }

  // -- the card ------------------------------------------------------------------------------

  function choose(row, side) {
    const inList = document.activeElement?.classList.contains("row");
    current?.removeAttribute("aria-current");
    current = row;
    back = side === "back";
    find(".stage").classList.toggle("is-empty", !row);
    giveTabStop();
    if (row) {
      row.setAttribute("aria-current", "true");
      row.scrollIntoView({ block: "nearest" });
      if (inList) row.focus({ preventScroll: true });
      tellAbout(row.card);
    }
    find(".nothing").hidden = Boolean(row);
    find(".nothing").textContent = row ? "" : EMPTY[place];
    show();
  }

  function show() {
    tellCount();
    find(".flip").textContent = back ? "Show question" : "Show answer";
    if (!current) return;
    const card = current.card, html = back ? card.back : card.front;
    frame.title = `${back ? "Back" : "Front"}: ${card.title}`;
    history.replaceState(null, "", `#${encodeURIComponent(card.id)}${back ? ":back" : ""}`);
    if (ready) frame.contentWindow.postMessage({ html: withMedia(html), back, night, number: card.side }, "*");
  }

  /** Put the files in, which are kept once for all cards. */
  function withMedia(html) {
    if (!html.includes(" src=")) return html;
    const template = document.createElement("template");
    template.innerHTML = html;
    for (const element of template.content.querySelectorAll("[src]")) {
      const name = element.getAttribute("src");
      if (Object.hasOwn(data.media, name)) element.setAttribute("src", data.media[name]);
    }
    return template.innerHTML;
  }

  function tellCount() {
    const notes = notesOf(shownRows().map((row) => row.card));
    const index = current && !current.hidden ? notes.indexOf(notesOf([current.card])[0]) : -1;
    find(".count").textContent = notes.length ? `${index < 0 ? "–" : index + 1} of ${notes.length}` : "";
  }

  function tellAbout(card) {
    const where = make("code", "where", card.where), facts = make("div", "facts");
    facts.append(...card.about.map((text) => make("span", "fact", text)));
    where.title = card.where;
    facts.title = card.about.join("\n");
    find(".about").replaceChildren(where, facts);
  }

  // -- what can be done ----------------------------------------------------------------------

  function turn() {
    if (!current) return;
    back = !back;
    show();
  }

  function step(by, side) {
    const shown = shownRows(), row = shown[shown.indexOf(current) + by];
    if (row) choose(row, side);
  }

  function forward() {
    if (current && !back) turn();
    else step(1);
  }

  function backward() {
    if (back) turn();
    else if (shownRows().indexOf(current) > 0) step(-1, "back");
  }

  function dress(isNight) {
    night = isNight;
    body.classList.toggle("nightMode", night);
    document.documentElement.style.colorScheme = night ? "dark" : "light";
    find(".theme").setAttribute("aria-pressed", String(night));
    if (ready) frame.contentWindow.postMessage({ night }, "*");
  }

  function narrow() {
    find(".phone").setAttribute("aria-pressed", String(body.classList.toggle("is-phone")));
  }

  function startSearch() {
    body.dataset.view = "list";
    search.focus();
    search.select();
  }

  const KEYS = {
    " ": turn,
    ArrowRight: forward,
    ArrowLeft: backward,
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    j: () => step(1),
    k: () => step(-1),
    "/": startSearch,
    d: () => dress(!night),
    p: narrow,
  };

  function isTaken(event) {
    const button = event.target.closest("button:not(.row)");
    if (button && event.key === " ") return true;
    return Boolean(button && button.getAttribute("role") === "tab" && /^Arrow(Left|Right)$/.test(event.key));
  }

  function onTabKey(event) {
    const names = [...places.keys()], by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const name = names[(names.indexOf(place) + by + names.length) % names.length];
    choosePlace(name);
    places.get(name).tab.focus();
    event.preventDefault();
  }

  function onSearchKey(event) {
    if (event.key === "Escape" && search.value) {
      search.value = "";
      filter();
    } else if (event.key === "Enter" || event.key === "ArrowDown") {
      const row = current && !current.hidden ? current : shownRows()[0];
      if (row) {
        row.focus();
        choose(row);
        if (event.key === "Enter") body.dataset.view = "card";
      }
    } else return;
    event.preventDefault();
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target === search) return onSearchKey(event);
    if (!Object.hasOwn(KEYS, event.key) || isTaken(event)) return;
    event.preventDefault();
    KEYS[event.key]();
  }

  function onMessage(event) {
    if (event.source !== frame.contentWindow) return;
    const { key, open } = event.data;
    if (event.data.ready) {
      ready = true;
      frame.classList.add("is-ready");
      show();
    } else if (key !== undefined && Object.hasOwn(KEYS, key)) KEYS[key]();
    else if (/^https?:|^mailto:/i.test(open)) window.open(open, "_blank", "noopener");
    else if (/^(?:obsidian|logseq):/i.test(open)) location.href = open;
  }

  function onRow(event) {
    const row = event.target.closest(".row");
    if (!row) return;
    body.dataset.view = "card";
    choose(row);
  }

  function start() {
    for (const [name, label] of PLACES) buildPlace(name, label);
    const [id, side] = location.hash.slice(1).split(":");
    const wanted = rows.get(id);
    if (wanted) body.dataset.view = "card";
    choosePlace(wanted?.card.place ?? "cards", wanted);
    if (wanted) choose(wanted, side);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dress(dark.matches);
    dark.addEventListener("change", () => dress(dark.matches));
    frame.srcdoc = data.frame;

    addEventListener("message", onMessage);
    addEventListener("keydown", onKey);
    list.addEventListener("click", onRow);
    search.addEventListener("input", filter);
    find(".places").addEventListener("keydown", onTabKey);
    find(".theme").addEventListener("click", () => dress(!night));
    find(".phone").addEventListener("click", narrow);
    find(".flip").addEventListener("click", turn);
    find(".previous").addEventListener("click", () => step(-1));
    find(".next").addEventListener("click", () => step(1));
    find(".to-list").addEventListener("click", () => {
      body.dataset.view = "list";
      current?.focus();
    });
  }

  start();
})();
