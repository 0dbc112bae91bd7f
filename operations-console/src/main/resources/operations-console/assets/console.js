// Pages can be read without this script. It shows times in the reader's time zone and keeps a page current: the server
// says with a stream of events when what the page shows has changed, and htmx then reads the page again.
(() => {
  "use strict";

  /** Whatever no stream reports, and the ages, are not older than this. */
  const REFRESH_MS = 60000;
  /** Changes that follow each other closely are read once. */
  const MIN_PAUSE_MS = 1000;
  /** Only after this a reader who keeps a page from changing is told. */
  const STALE_NOTE_MS = 10000;
  /** After a stream that was refused: there may be too many. */
  const REOPEN_MS = 10000;

  const clock = new Intl.DateTimeFormat(undefined, {
    year: "numeric", month: "short", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
  });

  let stream = null;
  let watched = "";
  let isStale = false;
  let isSignedOut = false;
  let isPressed = false;
  let refreshedAt = 0;
  let reopenAt = 0;

  /** The title keeps the time in UTC. */
  function localise(root) {
    for (const time of root.querySelectorAll("time:not(.age)")) {
      const at = new Date(time.dateTime);
      if (!Number.isNaN(at.getTime())) {
        time.textContent = clock.format(at);
      }
    }
  }

  /** Whether a field has another value than the page gave it, also when it no longer has the focus. */
  function isChanged(field) {
    if (field.matches("select")) {
      const options = [...field.options];
      const given = options.some((option) => option.defaultSelected)
        ? options.findLastIndex((option) => option.defaultSelected)
        : options.findIndex((option) => !option.disabled);
      return field.selectedIndex !== given;
    }
    return field.matches("[type=checkbox], [type=radio]")
      ? field.checked !== field.defaultChecked
      : field.value !== field.defaultValue;
  }

  /**
   * A page must not change while its reader selects text, has written something, moves with the keyboard, has opened
   * something or presses a button: the focus leaves a field when the pointer goes down, the click follows when it goes up.
   */
  function isBusy() {
    const active = document.activeElement;
    return document.hidden
      || isPressed
      || String(document.getSelection()) !== ""
      || [...document.querySelectorAll("#live :is(input, select, textarea)")].some(isChanged)
      || (active !== null && active.closest("#live") !== null && active.matches("input, textarea, select, :focus-visible"))
      || document.querySelector("main details[open]") !== null;
  }

  function live() {
    return document.getElementById("live");
  }

  function note(text) {
    const status = document.getElementById("live-status");
    if (status !== null && status.textContent !== text) {
      status.textContent = text;
    }
  }

  function refresh() {
    isStale = false;
    refreshedAt = Date.now();
    live().dispatchEvent(new CustomEvent("refresh"));
  }

  function endSession() {
    isSignedOut = true;
    close();
    note("Your session has ended: reload the page to sign in.");
  }

  function close() {
    if (stream !== null) {
      stream.close();
      stream = null;
    }
  }

  /** Only a visible window has a stream: browsers open six connections to a server at most. */
  function open() {
    watched = live().dataset.watch;
    stream = new EventSource("/live?watch=" + encodeURIComponent(watched));
    // What changed before the stream was ready is read once.
    stream.addEventListener("ready", () => { isStale = true; });
    stream.addEventListener("changed", () => { isStale = true; });
    stream.addEventListener("session-ended", endSession);
    stream.addEventListener("error", () => {
      if (stream !== null && stream.readyState === EventSource.CLOSED) {
        // The stream was refused, so the page is read as often as it is tried again.
        close();
        isStale = true;
        reopenAt = Date.now() + REOPEN_MS;
      }
    });
  }

  function tick() {
    if (live() === null || live().dataset.watch === "" || isSignedOut) {
      close();
      return;
    }
    if (document.hidden || (stream !== null && live().dataset.watch !== watched)) {
      close();
    }
    if (document.hidden) {
      return;
    }
    if (stream === null && Date.now() >= reopenAt) {
      open();
    }
    const age = Date.now() - refreshedAt;
    if (isBusy()) {
      // The note moves what is below it.
      if (isStale && !isPressed && age >= STALE_NOTE_MS) {
        note("This page has changed since. It is read again when nothing in it is selected, written, open or has the focus.");
      }
    } else if (isStale ? age >= MIN_PAUSE_MS : age >= REFRESH_MS) {
      refresh();
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    localise(document);
    refreshedAt = Date.now();
    tick();
    setInterval(tick, 500);
  });
  document.addEventListener("pointerdown", (event) => { isPressed = event.button === 0; });
  for (const end of ["pointerup", "pointercancel"]) {
    // The click comes first.
    document.addEventListener(end, () => setTimeout(() => { isPressed = false; }));
  }
  window.addEventListener("blur", () => { isPressed = false; });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (isBusy()) {
      // Its reader began to write, to select or to press while the answer was on its way.
      event.detail.shouldSwap = false;
      isStale = true;
    }
  });
  document.addEventListener("htmx:afterSwap", () => localise(document));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) {
      note("");
    } else if (event.detail.xhr.status === 401) {
      endSession();
    } else {
      note("This page is not current: the console does not respond.");
    }
  });
  document.addEventListener("visibilitychange", () => {
    isStale = true;
    tick();
  });
  window.addEventListener("pagehide", close);
})();
