// The recovery codes on paper: the browser prints the page as it is.

const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => globalThis.print());
