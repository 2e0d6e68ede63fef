/* browser.mjs — Debian's Chromium for test/e2e/browser.py: orders as lines of JSON on stdin, an answer
   for each on stdout. Usage: node browser.mjs FOLDER-OF-node_modules CHROMIUM */
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import readline from "node:readline";

const [peers, program] = process.argv.slice(2);
const require = createRequire(`${peers}/package.json`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "RGAAv4", "best-practice"];

const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox",
    "--use-fake-device-for-media-stream", "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required"] });
let context = null, page = null, errors = [];

/* In the page: its microphone is a tone. */
function speak(hz) {
    navigator.mediaDevices.getUserMedia = async () => {
        const room = new AudioContext(), tone = room.createOscillator(), level = room.createGain();
        const out = room.createMediaStreamDestination();
        tone.frequency.value = hz;
        level.gain.value = 0.2;
        tone.connect(level).connect(out);
        tone.start();
        return out.stream;
    };
}

/* In the page: the loudest frequency of what the headset plays, and how loud, in dB of full scale;
   and when it was last silent, and last loud (performance.now()). */
function hear() {
    const sound = document.getElementById("phone-sound");
    if (!sound?.srcObject)
        return { hz: 0, db: -200 };
    if (window.ear?.of !== sound.srcObject) {
        const room = new AudioContext(), ear = room.createAnalyser(), now = room.createAnalyser();
        ear.fftSize = 8192;
        now.fftSize = 256;
        const from = room.createMediaStreamSource(sound.srcObject);
        from.connect(ear);
        from.connect(now);
        window.ear = { of: sound.srcObject, room, ear, firstAt: 0, silentAt: 0 };
        const few = new Float32Array(256), its = window.ear;
        setInterval(() => {
            now.getFloatTimeDomainData(few);
            const isLoud = few.reduce((sum, v) => sum + v * v, 0) / few.length > 1e-5;
            if (!isLoud)
                its.silentAt = performance.now();
            else if (!its.firstAt && its.clickedAt)
                its.firstAt = performance.now();
        }, 4);
    }
    const { ear, room, silentAt } = window.ear;
    const bins = new Float32Array(ear.frequencyBinCount), wave = new Float32Array(ear.fftSize);
    ear.getFloatFrequencyData(bins);
    ear.getFloatTimeDomainData(wave);
    const best = bins.reduce((b, v, i) => v > bins[b] ? i : b, 1);
    const power = wave.reduce((sum, v) => sum + v * v, 0) / wave.length;
    return { hz: best * room.sampleRate / ear.fftSize, db: 10 * Math.log10(power + 1e-20),
             isSilent: performance.now() - silentAt < 50 };
}

/* In the page: clicks there, and how many ms later the first sound was. */
async function clickAndHear(at) {
    window.ear.firstAt = 0;
    window.ear.clickedAt = performance.now();
    document.querySelector(at).click();
    while (!window.ear.firstAt && performance.now() - window.ear.clickedAt < 5000)
        await new Promise((done) => setTimeout(done, 4));
    return window.ear.firstAt - window.ear.clickedAt;
}

async function begin() {
    page = await context.newPage();
    page.on("pageerror", (e) => errors.push(String(e)));
    page.on("console", (m) => m.type() === "error" && errors.push(m.text()));
    page.on("requestfailed", (r) => {       // what a page that is left had under way is none
        const why = r.failure()?.errorText;
        if (why !== "net::ERR_ABORTED")
            errors.push(`${r.url()} ${why}`);
    });
}

const orders = {
    async open({ url, width = 1280, height = 800, scheme = "light", scale = 1, headers = {},
                 script = true, language = "fr-FR", microphone = 0 }) {
        await context?.close();
        errors = [];
        context = await browser.newContext({
            viewport: { width: Math.round(width / scale), height: Math.round(height / scale) },
            deviceScaleFactor: scale, colorScheme: scheme, extraHTTPHeaders: headers,
            javaScriptEnabled: script, locale: language, bypassCSP: false,
            ignoreHTTPSErrors: true,    // papers of the tests are signed by nobody
            permissions: microphone ? ["microphone", "notifications"] : [] });
        if (microphone)         // a tone of this frequency; 0: the browser refuses it
            await context.addInitScript(speak, microphone);
        await begin();
        const answer = await page.goto(url, { waitUntil: "load" });
        return answer.status();
    },
    async go({ url }) { return (await page.goto(url, { waitUntil: "load" })).status(); },
    fill: async ({ at, text }) => page.locator(at).first().fill(text),
    value: async ({ at }) => page.locator(at).first().inputValue(),
    size: async ({ width, height }) => (await page.setViewportSize({ width, height }), null),
    /* The same session, and no scripts from its next page on. */
    async scripts({ on }) {
        const state = await context.storageState();
        await context.close();
        context = await browser.newContext({ viewport: { width: 1280, height: 800 },
            javaScriptEnabled: on, locale: "fr-FR", storageState: state });
        page = await context.newPage();
    },
    cookies: async ({ url }) => (await context.cookies(url)).map((c) => `${c.name}=${c.path}`),
    where: async () => new URL(page.url()).pathname,
    errors: async () => errors.splice(0),
    /* Through the debugger, not the page: its policy lets no script of ours in. And: a key of a page
       is that of one button. */
    async axe() {
        const session = await context.newCDPSession(page);
        await session.send("Runtime.evaluate", { expression: axe });
        const { result } = await session.send("Runtime.evaluate", { awaitPromise: true,
            returnByValue: true, expression: `axe.run(document, { runOnly: ${JSON.stringify(TAGS)} })
                .then((r) => r.violations.map((v) => [v.id, v.help, v.nodes.map((n) => n.html)]))` });
        const keys = await page.locator("[data-key]").evaluateAll(
            (all) => all.map((e) => e.dataset.key));
        const twice = keys.filter((k, i) => keys.indexOf(k) !== i);
        return [...result.value, ...twice.map((k) => ["key", "two buttons have this key", [k]])];
    },
    shot: async ({ path, whole = true }) => (await page.screenshot({ path, fullPage: whole }), path),
    text: async ({ at }) => page.locator(at).first().innerText(),
    texts: async ({ at }) => page.locator(at).allInnerTexts(),
    async until({ at, has, ms = 5000 }) {
        const began = Date.now();
        await page.locator(at, { hasText: has }).first().waitFor({ timeout: ms });
        return Date.now() - began;
    },
    click: async ({ at }) => page.locator(at).first().click(),
    press: async ({ keys }) => { for (const k of keys) await page.keyboard.press(k); },
    focus: async () => page.evaluate(() => document.activeElement.outerHTML.slice(0, 200)),
    run: async ({ expression }) => page.evaluate(expression),
    wide: async () => page.evaluate(() => document.documentElement.scrollWidth -
        document.documentElement.clientWidth),
    hear: async () => page.evaluate(hear),
    clickAndHear: async ({ at }) => page.evaluate(clickAndHear, at),
    /* As a renderer that was killed: no goodbye of any kind; then another tab. */
    async crash() { page.goto("chrome://crash").catch(() => {}); },
    async tab({ url }) {
        await begin();
        return (await page.goto(url, { waitUntil: "load" })).status();
    },
    /* In another tab, within ten seconds. */
    async elsewhere({ at, has }) {
        const other = context.pages().find((p) => p !== page);
        await other.locator(at, { hasText: has }).first().waitFor({ timeout: 15000 });
        return true;
    },
    offline: async ({ is }) => context.setOffline(is),
};

console.log(JSON.stringify({ ready: browser.version() }));
for await (const line of readline.createInterface({ input: process.stdin })) {
    const { id, do: name, ...args } = JSON.parse(line);
    try {
        console.log(JSON.stringify({ id, value: (await orders[name](args)) ?? null }));
    } catch (e) {
        console.log(JSON.stringify({ id, error: String(e) }));
    }
}
await browser.close();
