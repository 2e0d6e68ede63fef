/* live.js — keeps what stands in #live as true as the house: the server says that something is new,
   the part is fetched again, and only what differs is touched, so that focus, selection and what a
   screen reader reads stay where they are. Without it the page is the same, at the time of its
   loading. */

const AGAIN_MS = 500;       // not sooner after the last fetch
const QUIET_MS = 15000;     // without news: what is no event (lines, clocks of others) moves too
const STALE_MS = 20000;     // past it the page says that it may be wrong

const live = document.getElementById("live");
const english = document.documentElement.lang === "en";
let ahead = Number(live.dataset.now) - Date.now();      // the house's clock less ours
let fetchedAt = Date.now(), wanted = false, timer = 0, stale = null;

/* ---- what moves by itself ---- */

const two = (n) => String(n).padStart(2, "0");

export function duration(ms) {
    const s = Math.max(0, Math.floor(ms / 1000));
    if (s >= 3600)
        return `${Math.floor(s / 3600)}\u00a0h\u00a0${two(Math.floor(s / 60) % 60)}`;
    return s >= 60 ? `${Math.floor(s / 60)}\u00a0min\u00a0${two(s % 60)}` : `${s}\u00a0s`;
}

function tick() {
    const now = Date.now() + ahead;
    for (const e of live.querySelectorAll("[data-since]")) {
        const text = duration(now - Number(e.dataset.since));
        if (e.firstChild && e.firstChild.data !== text)
            e.firstChild.data = text;
    }
    for (const e of live.querySelectorAll("[data-until]")) {
        const text = duration(Number(e.dataset.until) - now);
        if (e.firstChild && e.firstChild.data !== text)
            e.firstChild.data = text;
    }
    tellStale(Date.now() - fetchedAt > STALE_MS);
}

/* ---- the page and the house ---- */

function tellStale(is) {
    if (is === Boolean(stale))
        return;
    document.body.classList.toggle("stale", is);
    if (!is) {
        stale.remove();
        stale = null;
        return;
    }
    stale = document.createElement("p");
    stale.className = "warning";
    stale.setAttribute("role", "alert");
    stale.textContent = english ? "The service does not answer. These figures are old." :
        "Le service ne répond plus. Ces chiffres ne sont plus à jour.";
    live.before(stale);
}

const isSame = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && a.id === b.id;

function copyAttributes(from, to) {
    for (const { name } of [...to.attributes])
        if (!from.hasAttribute(name) && !(name === "open" && to.nodeName === "DETAILS"))
            to.removeAttribute(name);
    for (const { name, value } of from.attributes)
        if (to.getAttribute(name) !== value)
            to.setAttribute(name, value);
}

/* Makes old what wanted is, and leaves alone what they have in common. */
export function morph(old, wanted) {
    if (old.nodeType === Node.TEXT_NODE) {
        if (old.data !== wanted.data)
            old.data = wanted.data;
        return;
    }
    copyAttributes(wanted, old);
    let at = old.firstChild;
    for (const next of [...wanted.childNodes]) {
        const found = at && isSame(at, next) ? at : later(at, next);
        if (!found) {
            old.insertBefore(next, at);
            continue;
        }
        while (at !== found) {
            const gone = at;
            at = at.nextSibling;
            gone.remove();
        }
        morph(found, next);
        at = found.nextSibling;
    }
    while (at) {
        const gone = at;
        at = at.nextSibling;
        gone.remove();
    }
}

/* One with the same id further on: rows before it are over. */
function later(at, next) {
    if (!next.id)
        return null;
    for (; at; at = at.nextSibling)
        if (isSame(at, next))
            return at;
    return null;
}

/* What an answer showed of a draft stays until that is typed in, or sent. */
function keepPreviews(fresh) {
    for (const p of live.querySelectorAll("[data-draft]")) {
        const draft = fresh.querySelector(`#${p.dataset.draft}`);
        if (draft && !fresh.querySelector(`#${p.id}`))
            draft.form.before(p.cloneNode(true));
    }
}

function dropPreview(fields) {
    for (const f of fields)
        live.querySelector(`[data-draft="${f.id}"]`)?.remove();
}

/* The page as the house has it now, whoever fetched it. False: it is another page. */
export function show(page) {
    const fresh = page.getElementById("live");
    if (!fresh)
        return false;
    ahead = Number(fresh.dataset.now) - Date.now();
    fetchedAt = Date.now();
    keepPreviews(fresh);
    morph(live, fresh);
    tick();
    return true;
}

export async function refresh() {
    timer = 0;
    wanted = false;
    try {
        const answer = await fetch(live.dataset.live, { headers: { Accept: "text/html" } });
        if (answer.status === 401)
            location.reload();
        if (!answer.ok)
            throw new Error(answer.status);
        show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
        wanted = true;              // told by tellStale() when it lasts
    }
    if (wanted)
        later_();
}

function later_() {
    wanted = true;
    if (!timer)
        timer = setTimeout(refresh, Math.max(AGAIN_MS - (Date.now() - fetchedAt), 0));
}

function listen() {
    const news = new EventSource("/live");
    const headset = (detail) => document.dispatchEvent(new CustomEvent("headset", { detail }));
    news.onmessage = later_;
    news.onopen = later_;           // what was missed while it was away
    news.onerror = () => headset("none");
    news.addEventListener("headset", (event) => headset(event.data));
}

setInterval(tick, 1000);
setInterval(() => Date.now() - fetchedAt > QUIET_MS && later_(), 1000);
document.addEventListener("input", (event) => dropPreview([event.target]));
document.addEventListener("reset", (event) => dropPreview(event.target.querySelectorAll("textarea")));
document.addEventListener("visibilitychange", () => document.hidden || later_());
listen();
