// Pages can be read without this script. It shows times in the reader's time zone and keeps a page current.
(() => {
  "use strict";

  const REFRESH_MS = 5000;

  const clock = new Intl.DateTimeFormat(undefined, {
    year: "numeric", month: "short", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
  });

  /** The title keeps the time in UTC. */
  function localise(root) {
    for (const time of root.querySelectorAll("time:not(.age)")) {
      const at = new Date(time.dateTime);
      if (!Number.isNaN(at.getTime())) {
        time.textContent = clock.format(at);
      }
    }
  }

  /** A page must not change while its reader selects text, writes, moves with the keyboard or has opened something. */
  function isBusy() {
    const active = document.activeElement;
    return document.hidden
      || String(document.getSelection()) !== ""
      || (active !== null && active.closest("#live") !== null && active.matches("input, textarea, select, :focus-visible"))
      || document.querySelector("main details[open]") !== null;
  }

  function refresh() {
    const live = document.getElementById("live");
    if (live !== null && !isBusy()) {
      live.dispatchEvent(new CustomEvent("refresh"));
    }
  }

  function note(text) {
    const status = document.getElementById("live-status");
    if (status !== null && status.textContent !== text) {
      status.textContent = text;
    }
  }

  document.addEventListener("DOMContentLoaded", () => localise(document));
  document.addEventListener("htmx:afterSwap", () => localise(document));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) {
      note("");
    } else if (event.detail.xhr.status === 401) {
      note("Your session has ended: reload the page to sign in.");
    } else {
      note("This page is not current: the console does not respond.");
    }
  });
  document.addEventListener("visibilitychange", refresh);
  setInterval(refresh, REFRESH_MS);
})();
