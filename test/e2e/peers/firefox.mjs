/* firefox.mjs — Debian's Firefox for test/e2e/browser.py, by WebDriver BiDi: those orders of
   browser.mjs that firefox.py gives, each `at` a CSS selector.
   Usage: node firefox.mjs FOLDER-OF-node_modules FIREFOX */
import { createRequire } from "node:module";
import { AXE, axeSource, keysOf, obey, sharedKeys } from "./orders.mjs";

const [peers, program] = process.argv.slice(2);
const require = createRequire(`${peers}/package.json`);
const { default: puppeteer } = await import(require.resolve("puppeteer-core"));
const axe = axeSource(require);
const LEFT = "NS_BINDING_ABORTED";      // what a page that is left had under way is no error
const MICROPHONE_HZ = 1000;             // of its own: only who has a microphone may use loopback

const browser = await puppeteer.launch({ browser: "firefox", executablePath: program,
    headless: true, extraPrefsFirefox: {
        "intl.accept_languages": "fr-FR", "intl.locale.requested": "fr",
        "media.autoplay.default": 0,
        "permissions.default.microphone": 1, "media.navigator.streams.fake": true,
        "media.navigator.audio.fake_frequency": MICROPHONE_HZ,
        "media.peerconnection.ice.loopback": true,
        "media.peerconnection.ice.obfuscate_host_addresses": false } });
let page = null, errors = [];

/* In the page: is one of these shown, with these words? */
function isShown(at, has) {
    return [...document.querySelectorAll(at)].some((e) => e.checkVisibility() &&
        e.textContent.replace(/\s+/g, " ").includes(has.replace(/\s+/g, " ")));
}

/* In the page: keeps its connection in reach of level(). */
function keep() {
    const Connection = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Connection {
        constructor(...args) {
            super(...args);
            window.heardBy = this;
        }
    };
}

/* In the page: how loud what it receives is, in dB of full scale. Where there is no sound card its
   AudioContext never runs, so that no frequency can be told. */
async function level() {
    const stats = [...(await window.heardBy.getStats()).values()];
    return 20 * Math.log10((stats.find((s) => s.type === "inbound-rtp")?.audioLevel ?? 0) + 1e-10);
}

const orders = {
    async open({ url, width = 1280, height = 800, microphone = 0 }) {
        await page?.close();
        errors = [];
        page = await browser.newPage();
        await page.setViewport({ width, height });
        page.on("pageerror", (e) => errors.push(String(e)));
        page.on("console", (m) => m.type() === "error" && errors.push(m.text()));
        page.on("requestfailed", (r) => r.failure()?.errorText.includes(LEFT) ||
            errors.push(`${r.url()} ${r.failure()?.errorText}`));
        if (microphone && microphone !== MICROPHONE_HZ)
            throw new Error(`its microphone is a tone of ${MICROPHONE_HZ} Hz`);
        await page.evaluateOnNewDocument(keep);
        return orders.go({ url });
    },
    go: async ({ url }) => (await page.goto(url, { waitUntil: "load" })).status(),
    where: async () => new URL(page.url()).pathname,
    errors: async () => errors.splice(0),
    fill: async ({ at, text }) => page.locator(at).fill(text),
    click: async ({ at }) => page.locator(at).click(),
    press: async ({ keys }) => { for (const k of keys) await page.keyboard.press(k); },
    text: async ({ at }) => page.$eval(at, (e) => e.innerText),
    async until({ at, has, ms = 20000 }) {
        const began = Date.now();
        await page.waitForFunction(isShown, { timeout: ms, polling: 50 }, at, has);
        return Date.now() - began;
    },
    async axe() {
        await page.evaluate(`${axe}; null`);
        return [...await page.evaluate(AXE), ...sharedKeys(await page.$$eval("[data-key]", keysOf))];
    },
    wide: async () => page.evaluate(() => document.documentElement.scrollWidth -
        document.documentElement.clientWidth),
    shot: async ({ path, whole = true }) => (await page.screenshot({ path, fullPage: whole }), path),
    level: async () => page.evaluate(level),
};

await obey(orders, await browser.version());
await browser.close();
