/* ecrire.js — for who writes to a service: counts the signs that are left, and looks for what is new
   on the page of their own. Only what differs is touched, so that a screen reader says a new state
   or answer once, and what is being typed stays. Without it the page has a link to look again. */

const SHOWN_MS = 800;       // between two looks, while the page is in view
const HIDDEN_MS = 15000;    // and while it is not
const STALE_MS = 20000;     // past it the page says that it may be wrong

const english = document.documentElement.lang === "en";
const live = document.getElementById("live");

/* ---- the counter ---- */

const box = document.getElementById("texte"), left = document.getElementById("reste");

function count() {
    const n = Number(left.dataset.max) - box.value.length;
    left.textContent = english ? `${n} sign${n > 1 ? "s" : ""} left` :
        `Il reste ${n}\u00a0signe${n > 1 ? "s" : ""}`;
}

if (box) {
    box.addEventListener("input", count);
    count();
}

/* ---- what is new ---- */

let lookedAt = Date.now(), stale = null, timer = 0;

function tellStale(is) {
    if (is === Boolean(stale))
        return;
    if (!is) {
        stale.remove();
        stale = null;
        return;
    }
    stale = document.createElement("p");
    stale.className = "warning";
    stale.setAttribute("role", "alert");
    stale.textContent = english ?
        "The service does not answer. Your place is kept; this page goes on looking." :
        "Le service ne répond plus. Votre place est gardée\u00a0; cette page continue de chercher.";
    live.before(stale);
}

function update(page) {
    const fresh = page.getElementById("live");
    if (!fresh)
        return location.reload();
    const state = document.getElementById("state"), now = fresh.querySelector("#state");
    if (state.textContent !== now.textContent) {
        state.textContent = now.textContent;
        state.dataset.state = now.dataset.state;
    }
    const thread = document.getElementById("thread");
    const rows = [...fresh.querySelector("#thread").children];
    for (let i = thread.children.length; i < rows.length; i++)
        thread.append(rows[i]);
    const n = page.querySelector("input[name=n]"), mine = document.querySelector("input[name=n]");
    if (mine && !n && !box?.value.trim())
        location.reload();          // it is over, and nothing is being typed
}

async function look() {
    timer = 0;
    try {
        const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
        if (answer.status === 404)
            return location.reload();
        if (answer.ok) {
            update(new DOMParser().parseFromString(await answer.text(), "text/html"));
            lookedAt = Date.now();
        }
    } catch {
        // told by tellStale() when it lasts
    }
    tellStale(Date.now() - lookedAt > STALE_MS);
    later();
}

function later() {
    if (!timer && document.getElementById("again"))
        timer = setTimeout(look, document.hidden ? HIDDEN_MS : SHOWN_MS);
}

if (live && document.getElementById("again")) {
    document.getElementById("again").hidden = true;
    document.addEventListener("visibilitychange", () => {
        if (!document.hidden) {
            clearTimeout(timer);
            look();
        }
    });
    later();
}
