// Starts the NHS components of the page. Every page works without it.
// Their address carries the hash of their content, so the page hands it over.
const { nhsuk } = document.querySelector("script[data-nhsuk]").dataset;
const { initAll } = await import(nhsuk);
initAll();

// A table that is wider than the screen says so, for as long as it is.
const HINT = "There is more to the side: scroll the table sideways, or choose it and press the arrow keys.";
const wide = new ResizeObserver((entries) => entries.forEach(({ target }) => tell(target)));
document.querySelectorAll(".cdop-wide").forEach((box) => wide.observe(box));

function tell(box) {
  const before = box.previousElementSibling;
  const hint = before?.classList.contains("cdop-wide__hint") ? before : null;
  const needed = box.scrollWidth > box.clientWidth + 8;
  if (needed && !hint) {
    box.insertAdjacentHTML("beforebegin", '<p class="cdop-wide__hint nhsuk-body-s"></p>');
    box.previousElementSibling.textContent = HINT;
  } else if (!needed && hint) {
    hint.remove();
  }
}

// Before somebody is signed out the page asks whether they are there. Typing and clicking tell the
// server so, a few times an hour. Once they are out, the page covers what it shows; what was typed
// stays in its boxes until they have signed in elsewhere and come back.
const { warn, leave, stay, signIn } = document.body.dataset;
const TOLD_EVERY = 5 * 60 * 1000;
if (stay) watch(Number(warn) * 1000, Number(leave) * 1000);

function watch(warnAfter, leaveAfter) {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const box = document.createElement("dialog");
  box.className = "cdop-idle";
  box.setAttribute("aria-labelledby", "cdop-idle-heading");
  box.innerHTML = '<h2 id="cdop-idle-heading"></h2><p></p><button type="button" class="nhsuk-button"></button>';
  document.body.append(box);
  const [heading, words, button] = box.children;
  let told = Date.now();
  let seen = Date.now();

  async function tell() {
    told = seen = Date.now();
    const answer = await fetch(stay, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" });
    return answer.status === 204;
  }

  function say(title, text, label, act) {
    if (heading.textContent === title) return;
    heading.textContent = title;
    words.textContent = text;
    button.textContent = label;
    button.onclick = act;
    if (!box.open) box.showModal();
  }

  function shut() {
    heading.textContent = "";
    box.classList.remove("cdop-idle--out");
    box.close();
  }

  function out() {
    box.classList.add("cdop-idle--out");
    say(
      "You are signed out",
      "Nothing was done for a while. What you typed on this page is still here: sign in, which opens in another window, then come back.",
      "Sign in",
      () => {
        window.open(signIn);
        heading.textContent = "";
        say("Have you signed in?", "Then go on where you were.", "Go on", async () => ((await tell()) ? shut() : (shut(), out())));
      },
    );
  }

  box.addEventListener("cancel", (event) => event.preventDefault());
  for (const kind of ["input", "keydown", "pointerdown"]) {
    document.addEventListener(kind, () => {
      if (box.open) return;
      seen = Date.now();
      if (seen - told > TOLD_EVERY) tell();
    });
  }
  setInterval(() => {
    const idle = Date.now() - seen;
    if (idle > leaveAfter) out();
    else if (idle > warnAfter && !box.open) {
      say(
        "Are you still there?",
        `In ${Math.round((leaveAfter - warnAfter) / 60000)} minutes you are signed out, because these records must not stay open on an empty desk.`,
        "I am still here",
        async () => ((await tell()) ? shut() : out()),
      );
    }
  }, 1000);
}
