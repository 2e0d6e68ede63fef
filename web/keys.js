/* keys.js — one key presses the button that has it written on it. Not while somebody types, not with
   Ctrl, Alt or the like: those are the browser's. Who speaks to the computer, or strikes keys without
   meaning to, switches them off (WCAG 2.1.4); this browser remembers it. */

const KEPT = "decroche.keys";
const english = document.documentElement.lang === "en";
const types = (e) => e.closest("input:not([type=hidden]), textarea, select, [contenteditable]");
const areOn = () => localStorage.getItem(KEPT) !== "off";

document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || types(event.target))
        return;
    const button = areOn() && document.querySelector(
        `[data-key="${CSS.escape(event.key.toUpperCase())}"]:not([hidden])`);
    if (!button)
        return;
    event.preventDefault();
    button.focus();
    if (!types(button))             // where one writes, the key only goes there
        button.click();
});

/* ---- the switch ---- */

const place = document.createElement("p"), button = document.createElement("button");

function show() {
    button.setAttribute("aria-pressed", String(areOn()));
    document.body.classList.toggle("keyless", !areOn());
}

place.className = "keys";
button.type = "button";
button.textContent = english ? "Keys" : "Touches";
button.title = english ? "Keys that press buttons" : "Les touches qui pressent les boutons";
button.addEventListener("click", () => {
    localStorage.setItem(KEPT, areOn() ? "off" : "on");
    show();
});
place.append(button);
document.querySelector("header .language").before(place);
show();
