"use strict";
(() => {
  /** Letters only matter: neither case nor accents. */
  function folded(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  }

  const text = (row, name) => row.querySelector(`.${name}`).textContent;
  const byText = (name) => (one, other) => text(one, name).localeCompare(text(other, name), undefined, { numeric: true });
  const byNumber = (name) => (one, other) => Number(one.dataset[name]) - Number(other.dataset[name]);
  const isNew = (row) => row.classList.contains("new");
  const ORDERS = {
    // A card that was never seen is not weak: it comes behind those that were.
    recall: (one, other) => isNew(one) - isNew(other) || byNumber("recall")(one, other),
    question: byText("question"),
    place: byText("place"),
    due: (one, other) => one.dataset.due.localeCompare(other.dataset.due),
    lapses: byNumber("lapses"),
  };

  function enliven(cards) {
    const list = cards.querySelector(".list"), rows = [...list.children], buttons = [...cards.querySelectorAll(".sort")];
    const words = new Map(rows.map((row) => [row, folded(`${text(row, "question")}\n${text(row, "place")}`)]));
    const search = cards.querySelector(".search");

    function filter() {
      const wanted = folded(search.value).split(/\s+/).filter(Boolean);
      for (const row of rows) row.hidden = !wanted.every((word) => words.get(row).includes(word));
      const found = rows.filter((row) => !row.hidden).length;
      cards.querySelector(".count").textContent = found === rows.length ? `${found}` : `${found} of ${rows.length}`;
      cards.querySelector(".none").hidden = found > 0;
    }

    function sort(button) {
      const again = button.getAttribute("aria-pressed") === "true";
      const down = again ? !button.classList.contains("is-down") : button.dataset.key === "lapses";
      for (const each of buttons) each.setAttribute("aria-pressed", String(each === button));
      button.classList.toggle("is-down", down);
      const order = ORDERS[button.dataset.key];
      list.append(...[...rows].sort((one, other) => (down ? order(other, one) : order(one, other))));
    }

    search.addEventListener("input", filter);
    for (const button of buttons) button.addEventListener("click", () => sort(button));
  }

  function dress(night) {
    document.body.classList.toggle("nightMode", night);
    document.documentElement.style.colorScheme = night ? "dark" : "light";
    document.querySelector(".theme").setAttribute("aria-pressed", String(night));
  }

  const dark = matchMedia("(prefers-color-scheme: dark)");
  dress(dark.matches);
  dark.addEventListener("change", () => dress(dark.matches));
  document.querySelector(".theme").addEventListener("click", () => dress(!document.body.classList.contains("nightMode")));
  for (const cards of document.querySelectorAll(".cards")) enliven(cards);
})();
