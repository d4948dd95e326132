"use strict";
(function () {
  var form = document.getElementById("filter");
  if (form) { filters(form); }
  window.addEventListener("hashchange", reveal);
  reveal();

  function reveal() {
    var target = location.hash ? document.getElementById(location.hash.slice(1)) : null;
    if (target && target.tagName === "DETAILS") { target.open = true; }
  }

  function filters(form) {
    var groups = Array.from(document.querySelectorAll("details.group")).map(function (element) {
      return { element: element, severity: element.dataset.severity,
        head: element.querySelector("summary").textContent.toLowerCase(),
        line: document.querySelector('[data-group="' + CSS.escape(element.id) + '"]'),
        rows: Array.from(element.querySelectorAll("table.issues > tbody > tr")).map(function (row) {
          return { element: row, text: row.textContent.toLowerCase() };
        }) };
    });
    form.hidden = false;
    form.addEventListener("input", apply);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.elements.all.addEventListener("click", function () { open(true); });
    form.elements.none.addEventListener("click", function () { open(false); });

    function open(state) { groups.forEach(function (group) { group.element.open = state; }); }

    function apply() {
      var wanted = new Set(Array.from(form.querySelectorAll("[name=severity]:checked")).map(function (box) { return box.value; }));
      var words = form.elements.text.value.toLowerCase().trim();
      var shown = 0, samples = 0;
      groups.forEach(function (group) {
        var whole = group.head.includes(words), hits = 0;
        group.rows.forEach(function (row) {
          row.element.hidden = !(whole || row.text.includes(words));
          hits += row.element.hidden ? 0 : 1;
        });
        var gone = !wanted.has(group.severity) || !(whole || hits);
        group.element.hidden = gone;
        group.line.hidden = gone;
        if (!gone) { shown += 1; samples += hits; if (words && !whole) { group.element.open = true; } }
      });
      form.querySelector("output").textContent = shown + " of " + groups.length + " rules, " + samples + " of the issues shown here";
    }
  }
})();
