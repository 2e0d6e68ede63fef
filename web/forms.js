/* forms.js — what a button of the page orders is sent without leaving the page: what is being typed
   elsewhere, focus and what is open stay. What was refused is told in #told, and what was typed is
   still there. Without it, the same forms load the page again. */
import { refresh, show } from "./live.js";

const english = document.documentElement.lang === "en";
const told = document.getElementById("told");
const busy = new WeakSet();         // a second click is no second order

function tell(text, isGood = false) {
    const p = document.createElement("p");
    p.className = isGood ? "notice" : "warning";
    p.setAttribute("role", isGood ? "status" : "alert");
    p.textContent = text;
    told.replaceChildren(p);
}

/* What the house gives back of a text stands where it is typed; behind a draft when it came from
   elsewhere. */
function echo(area, text, form) {
    if (!area || !text || area.value === text)
        return;
    area.value = area.form === form || !area.value.trim() ? text : `${area.value}\n${text}`;
}

async function send(form, button) {
    const body = new URLSearchParams(new FormData(form, button));
    const headers = { Accept: "text/html" };
    const answer = form.method === "get" ? await fetch(`${form.action}?${body}`, { headers }) :
        await fetch(form.action, { method: "POST", body, headers });
    if (answer.status === 401)
        location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = page.getElementById("told");
    const words = said?.textContent.trim(), isGood = !said?.querySelector(".warning");
    const fresh = page.getElementById("live");
    if (isGood && answer.ok)
        form.reset();               // it was taken: what was typed is no draft any more
    if (!fresh)
        tell(page.querySelector("h1")?.textContent ?? String(answer.status));
    else if (answer.redirected)
        await refresh();            // by its own address: an open card stays open
    else {
        show(page);
        for (const t of fresh.querySelectorAll("textarea"))
            echo(document.getElementById(t.id), t.value, form);
    }
    if (fresh && words)
        tell(words, isGood);
    else if (fresh)
        told.replaceChildren();
}

document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.closest("#live"))
        return;
    event.preventDefault();
    if (busy.has(form))
        return;
    busy.add(form);
    try {
        await send(form, event.submitter);
    } catch {
        tell(english ? "The service does not answer: nothing was sent. Try again." :
            "Le service ne répond pas\u00a0: rien n’a été envoyé. Réessayez.");
    }
    busy.delete(form);
});
