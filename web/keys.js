/* keys.js — one key presses the button that has it written on it. Not while somebody types, not with
   Ctrl, Alt or the like: those are the browser's. */

const types = (e) => e.closest("input:not([type=hidden]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || types(event.target))
        return;
    const button = document.querySelector(
        `[data-key="${CSS.escape(event.key.toUpperCase())}"]:not([hidden])`);
    if (!button)
        return;
    event.preventDefault();
    button.focus();
    if (!types(button))             // where one writes, the key only goes there
        button.click();
});
