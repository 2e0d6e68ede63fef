/* browser.mjs — Debian's Chromium for test/e2e/browser.py: orders as lines of JSON on stdin, an answer
   for each on stdout. Usage: node browser.mjs FOLDER-OF-node_modules CHROMIUM */
import { createRequire } from "node:module";
import { clickAndHear, hear, speak } from "./ears.mjs";
import { AXE, axeSource, keysOf, obey, sharedKeys } from "./orders.mjs";

const [peers, program] = process.argv.slice(2);
const require = createRequire(`${peers}/package.json`);
const { chromium } = require("playwright-core");
const axe = axeSource(require);

const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox",
    "--use-fake-device-for-media-stream", "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required"] });
let context = null, page = null, errors = [];

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
    /* Through the debugger, not the page: its policy lets no script of ours in. */
    async axe() {
        const session = await context.newCDPSession(page);
        await session.send("Runtime.evaluate", { expression: axe });
        const { result } = await session.send("Runtime.evaluate", { awaitPromise: true,
            returnByValue: true, expression: AXE });
        const keys = await page.locator("[data-key]").evaluateAll(keysOf);
        return [...result.value, ...sharedKeys(keys)];
    },
    shot: async ({ path, whole = true }) => (await page.screenshot({ path, fullPage: whole }), path),
    text: async ({ at }) => page.locator(at).first().innerText(),
    texts: async ({ at }) => page.locator(at).allInnerTexts(),
    async until({ at, has, ms = 20000 }) {      // beside others a machine may be slow
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

await obey(orders, browser.version());
await browser.close();
