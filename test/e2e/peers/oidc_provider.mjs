/* oidc_provider.mjs — npm's oidc-provider in the place of ProConnect: code flow, client_secret in the
   body, userinfo as a signed token, sign-out with id_token_hint. Whoever writes a name is that person.
   Usage: node oidc_provider.mjs FOLDER-OF-node_modules PORT REDIRECT KID [ES256] [nopkce]
          [CERTIFICATE.pem KEY.key] */
import { createRequire } from "node:module";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { pathToFileURL } from "node:url";

const [peers, port, redirect, kid, ...more] = process.argv.slice(2);
const require = createRequire(`${peers}/package.json`);
const { default: Provider } = await import(pathToFileURL(require.resolve("oidc-provider")));
const [pem, secret] = [".pem", ".key"].map((end) => more.find((word) => word.endsWith(end)));
const issuer = `${pem ? "https" : "http"}://localhost:${port}`, algorithm = more.includes("ES256") ? "ES256" : "RS256";

function key() {
    const { privateKey } = algorithm === "ES256" ?
        generateKeyPairSync("ec", { namedCurve: "P-256" }) :
        generateKeyPairSync("rsa", { modulusLength: 2048 });
    return { ...privateKey.export({ format: "jwk" }), kid, use: "sig", alg: algorithm };
}

const oidc = new Provider(issuer, {
    clients: [{ client_id: "decroche", client_secret: "un-secret-de-plus-de-trente-deux-signes",
        redirect_uris: [redirect], response_types: ["code"], grant_types: ["authorization_code"],
        post_logout_redirect_uris: [`${new URL(redirect).origin}/connexion`],
        token_endpoint_auth_method: "client_secret_post",
        id_token_signed_response_alg: algorithm, userinfo_signed_response_alg: algorithm }],
    jwks: { keys: [key()] },
    scopes: ["openid", "email"],
    claims: { openid: ["sub"], email: ["email"], acr: null },
    acrValues: ["eidas1", "eidas2"],
    cookies: { keys: ["a key of the test"] },
    pkce: { required: () => !more.includes("nopkce") },
    features: { devInteractions: { enabled: false }, jwtUserinfo: { enabled: true },
        userinfo: { enabled: true }, rpInitiatedLogout: { enabled: true,
            logoutSource: (ctx, form) => { ctx.body = `<h1>Leave</h1>${form}
                <button form="op.logoutForm" name="logout" value="yes">yes</button>`; } } },
    interactions: { url: (_, { uid }) => `/login/${uid}` },
    findAccount: (_, id) => ({ accountId: id,
        claims: () => ({ sub: id, email: `${id}@Exemple.gouv.fr` }) }),
    /* Consent is the business of the people who declared this client. */
    async loadExistingGrant(ctx) {
        const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId,
            accountId: ctx.oidc.session.accountId });
        grant.addOIDCScope("openid email");
        await grant.save();
        return grant;
    },
});

async function login(request, response) {
    const answer = Object.fromEntries(new URL(request.url, issuer).searchParams);
    if (answer.who)
        return oidc.interactionFinished(request, response, answer.who === "personne" ?
            { error: "access_denied", error_description: "abandon" } :
            { login: { accountId: answer.who, acr: answer.acr, ts: Math.floor(Date.now() / 1000) } });
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(`<!DOCTYPE html><title>Fournisseur</title><form><input name="who" id="who">
        <input name="acr" id="acr" value="eidas2"><button>go</button></form>`);
}

const callback = oidc.callback();
const serve = (request, response) =>
    request.url.startsWith("/login/") ? login(request, response) : callback(request, response);
(pem ? https.createServer({ cert: readFileSync(pem), key: readFileSync(secret) }, serve) :
    http.createServer(serve)).listen(Number(port), "localhost", () => console.log("ready"));
