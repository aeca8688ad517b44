// Loaded at the start of the body, before anything is drawn: tells the style sheets that scripts
// run, so that what needs them is not shown first and hidden later.
document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
