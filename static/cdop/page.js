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
