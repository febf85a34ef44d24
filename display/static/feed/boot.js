// Looks after a page whose scripts do not begin: a browser that is too old for them goes to the
// plain page, a page that came half is loaded again. In the words of 2009, so that it runs
// anywhere.
(function () {
  var PATIENCE_MS = 20000;
  var AGAIN_MS = 60000;
  var TRIALS = "antrean.trials";
  var root = document.documentElement;
  var setup = JSON.parse(document.getElementById("setup").textContent);
  var isGone = false;

  // Browsers before 2020 lack it.
  if (!Element.prototype.replaceChildren) {
    Element.prototype.replaceChildren = function () {
      while (this.lastChild) this.removeChild(this.lastChild);
      for (var i = 0; i < arguments.length; i += 1) {
        var each = arguments[i];
        this.appendChild(typeof each === "string" ? document.createTextNode(each) : each);
      }
    };
  }

  function trials(change) {
    try {
      var count = Number(sessionStorage.getItem(TRIALS)) || 0;
      sessionStorage.setItem(TRIALS, String(change(count)));
      return count;
    } catch (problem) {
      return 0;
    }
  }

  function goPlain() {
    if (isGone || !setup.plain || root.getAttribute("data-alive")) return;
    isGone = true;
    trials(function (count) {
      return count + 1;
    });
    location.replace(setup.plain);
  }

  function loadAgain() {
    if (root.getAttribute("data-alive")) return;
    var request = new XMLHttpRequest();
    request.open("GET", location.href);
    request.onload = function () {
      if (request.status === 200) location.reload();
    };
    request.send();
  }

  function look() {
    if (root.getAttribute("data-alive")) {
      trials(function () {
        return 0;
      });
      return;
    }
    if (setup.plain) goPlain();
    else loadAgain();
    setTimeout(look, AGAIN_MS);
  }

  if (!("noModule" in document.createElement("script"))) {
    goPlain();
  }
  // A script that this browser cannot read.
  window.addEventListener("error", function (event) {
    if (event.error instanceof SyntaxError) goPlain();
  });
  setTimeout(look, PATIENCE_MS);
})();
