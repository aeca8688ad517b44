// Starts the NHS components of the page. Every page works without it.
// The address carries the hash of the file's content, so it is handed over by the page.
const { src } = document.querySelector("script[data-nhsuk]").dataset;
const { initAll } = await import(src);
initAll();
