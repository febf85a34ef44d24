// Keeps the plain page new: it fetches itself every 10 s and takes over what is said there, so that
// a server that is away for a while leaves the last picture and not the browser's error. In the
// words of 2009, so that it runs anywhere.
(function () {
  var EVERY_MS = 10000;
  var OLD_MS = 25000;
  var TRIES_MAX = 3;
  var FULL_MS = 300000;
  var heardMs = Date.now();
  var startedMs = heardMs;

  // A page may stand here only because the server was slow at the wrong moment.
  function tryFullPage() {
    try {
      var tried = Number(sessionStorage.getItem("antrean.trials"));
      if (tried > 0 && tried < TRIES_MAX) {
        location.replace(document.querySelector("[data-full]").getAttribute("data-full"));
      }
    } catch (problem) {
      // without storage nobody knows how often it was tried
    }
  }

  function showAge() {
    var cut = document.getElementById("cut");
    var ageMs = Math.abs(Date.now() - heardMs);
    cut.style.display = ageMs > OLD_MS ? "block" : "none";
    cut.textContent = cut
      .getAttribute("data-words")
      .replace(/\{n\}/g, String(Math.floor(ageMs / 1000)));
    if (Math.abs(Date.now() - startedMs) > FULL_MS) {
      startedMs = Date.now();
      tryFullPage();
    }
  }

  function take(page) {
    var fresh = page && page.getElementById("page");
    var old = document.getElementById("page");
    if (!fresh) return;
    old.parentNode.replaceChild(document.adoptNode(fresh), old);
    heardMs = Date.now();
  }

  function ask() {
    var request = new XMLHttpRequest();
    request.open("GET", location.href);
    request.responseType = "document";
    request.timeout = EVERY_MS - 1000;
    request.onload = function () {
      if (request.status === 200) take(request.response);
    };
    request.send();
  }

  setInterval(ask, EVERY_MS);
  setInterval(showAge, 1000);
})();
