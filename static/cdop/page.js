// Starts the NHS components of the page. Every page works without it.
// Their address carries the hash of their content, so the page hands it over.
const { nhsuk } = document.querySelector("script[data-nhsuk]").dataset;
const { initAll } = await import(nhsuk);
initAll();
