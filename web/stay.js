/* stay.js — buttons of the screen are pressed without leaving the page, so that the headset and what
   is being said in it stay. What comes back is the page as it would have been loaded; where this
   cannot be, it is. */
import { morph } from "./live.js";

const live = document.getElementById("live");

async function press(form, button) {
    const body = new URLSearchParams(new FormData(form, button));
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("live");
    if (!answer.ok || new URL(answer.url).pathname !== location.pathname || !fresh)
        location.assign(answer.ok ? answer.url : location.href);
    else
        morph(live, fresh);
}

live.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || document.getElementById("phone")?.dataset.place === undefined)
        return;
    event.preventDefault();
    const button = event.submitter;
    if (button)
        button.disabled = true;         // once
    press(form, button).catch(() => location.reload()).finally(() => {
        if (button)
            button.disabled = false;
    });
});
