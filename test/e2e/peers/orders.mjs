/* orders.mjs — what both browsers of the tests do alike: orders as lines of JSON on stdin, an answer
   for each on stdout; and what is asked of a page by axe-core. */
import { readFileSync } from "node:fs";
import readline from "node:readline";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "RGAAv4", "best-practice"];

/* The source of axe-core, and the expression that gives [[rule, words, nodes]]. */
export const axeSource = (require) => readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
export const AXE = `axe.run(document, { runOnly: ${JSON.stringify(TAGS)} })
    .then((r) => r.violations.map((v) => [v.id, v.help, v.nodes.map((n) => n.html)]))`;

/* In the page: its keys; each is that of one button. */
export const keysOf = (all) => all.map((e) => e.dataset.key);
export function sharedKeys(keys) {
    const twice = keys.filter((k, i) => keys.indexOf(k) !== i);
    return twice.map((k) => ["key", "two buttons have this key", [k]]);
}

export async function obey(orders, version) {
    console.log(JSON.stringify({ ready: version }));
    for await (const line of readline.createInterface({ input: process.stdin })) {
        const { id, do: name, ...args } = JSON.parse(line);
        try {
            console.log(JSON.stringify({ id, value: (await orders[name](args)) ?? null }));
        } catch (e) {
            console.log(JSON.stringify({ id, error: String(e) }));
        }
    }
}
