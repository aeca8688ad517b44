// The meeting screen: keeps what is typed as it goes, and goes nowhere before it is kept.
// Nothing is stored in the browser: what the server has not taken yet stays in the page alone.
const form = document.querySelector("form[data-keeps]");
const said = form.querySelector("[data-said]");
const PAUSE = 1200; // milliseconds without a key before what was typed is sent
const AGAIN = 4000;
const PATIENCE = 10000;

let typed = 0; // how often something changed
let kept = 0; // up to which change the server has it
let timer;
let running = null;

form.addEventListener("input", () => {
  typed += 1;
  soon(PAUSE);
});
form.addEventListener("change", () => soon(PAUSE));
form.addEventListener("submit", leave);
window.addEventListener("online", () => soon(0));
window.addEventListener("beforeunload", (event) => {
  if (typed > kept) event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  const save = event.ctrlKey && event.key.toLowerCase() === "s";
  const plain = event.ctrlKey ? event.key === "Enter" : event.altKey && event.key.startsWith("Page");
  if (!save && !plain) return;
  event.preventDefault();
  if (save) keep();
  else form.querySelector(`[data-key="${event.key}"]`)?.click();
});

function soon(wait) {
  clearTimeout(timer);
  timer = setTimeout(keep, wait);
}

// One at a time: each sending carries the version that the one before came back with.
function keep() {
  clearTimeout(timer);
  running ??= send().finally(() => {
    running = null;
  });
  return running;
}

async function send() {
  const upTo = typed;
  const body = new FormData(form);
  body.set("do", "keep");
  say("Keeping…");
  try {
    const response = await fetch(location.pathname, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
    return await answered(response, upTo);
  } catch {
    say("Not kept: no connection. What you typed is still on this page, and is tried again.", true);
    soon(AGAIN);
    return false;
  }
}

async function answered(response, upTo) {
  if (response.type === "opaqueredirect" || response.status === 403) {
    say("Not kept: you are signed out. Sign in on another tab; this page then goes on.", true);
    await renewToken();
    soon(AGAIN);
    return false;
  }
  if (response.status === 409) {
    const { why } = await response.json();
    say(`Not kept: ${why} Choose a button below to see what stands there now.`, true);
    return true; // the page that the button leads to shows both versions
  }
  if (!response.ok) throw new Error(String(response.status));
  const { draft, at } = await response.json();
  form.elements.draft.value = draft;
  kept = upTo;
  say(`Kept at ${at}`);
  if (typed > kept) soon(PAUSE);
  return true;
}

// A new session has another token, which stands in any page that it is shown.
async function renewToken() {
  const response = await fetch(location.pathname, { redirect: "manual" }).catch(() => null);
  if (!response?.ok) return;
  const there = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = there.querySelector("form[data-keeps] [name=csrfmiddlewaretoken]");
  if (token) form.elements.csrfmiddlewaretoken.value = token.value;
}

async function leave(event) {
  if (form.dataset.leaves) return;
  event.preventDefault();
  const { submitter } = event;
  if (running) await running;
  if (!(await keep())) return;
  form.dataset.leaves = "yes";
  kept = typed;
  form.requestSubmit(submitter);
}

function say(words, late = false) {
  said.textContent = words;
  said.classList.toggle("cdop-bar__said--late", late);
}
