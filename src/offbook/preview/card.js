"use strict";
// Runs inside the frame. Shows the side that the page sends, as Anki does: the cards change,
// the document stays, so that the clock's start is there for the back to read.
(function () {
  const qa = document.getElementById("qa");
  const KEYS = [" ", "ArrowLeft", "ArrowRight", "/", "j", "k", "d", "p"];
  const OWN = "a, button, summary, input, audio, video, img, .enlarged";

  function show(side) {
    document.body.className = `card card${side.number}`;
    dress(side.night);
    qa.innerHTML = side.html;
    // What innerHTML brings does not run. The page's policy lets through the templates' scripts only.
    for (const old of qa.querySelectorAll("script")) {
      const script = document.createElement("script");
      script.textContent = old.textContent;
      old.replaceWith(script);
    }
    window.scrollTo(0, 0);
    if (side.back) document.getElementById("answer")?.scrollIntoView();
  }

  function dress(night) {
    document.body.classList.toggle("nightMode", night);
  }

  function tell(message) {
    parent.postMessage(message, "*");
  }

  /** Whether a key or a click belongs to what it falls on: a link, a hint, a box that scrolls. */
  function isTaken(event) {
    if (event.target.closest(OWN)) return event.type === "click" || event.key === " ";
    const box = event.target.closest("pre, .table, mjx-container");
    return Boolean(event.key && box && box.scrollWidth > box.clientWidth && event.key.startsWith("Arrow"));
  }

  addEventListener("message", (event) => {
    if (event.source !== parent) return;
    if (event.data.html === undefined) dress(event.data.night);
    else show(event.data);
  });

  addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link) {
      const address = link.getAttribute("href");
      event.preventDefault();
      if (address.startsWith("#")) document.getElementById(address.slice(1))?.scrollIntoView();
      else tell({ open: address });
    } else if (!isTaken(event) && getSelection().isCollapsed) {
      tell({ key: " " });
    }
  });

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !KEYS.includes(event.key) || isTaken(event)) return;
    event.preventDefault();
    tell({ key: event.key });
  });

  tell({ ready: true });
})();
