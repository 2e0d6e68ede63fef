// smpp_peer.mjs — an SMPP gateway out of npm's `smpp`, told what to do by a test: a line of JSON on
// its input is an order, a line on its output is what happened. Its codings, lengths and heads are
// the package's, none of ours.
//
//   node smpp_peer.mjs FOLDER [CERTIFICATE KEY]    FOLDER: where node_modules stands
//
// orders: {"do": "receipt", "id", "stat"}   a delivery receipt in words (appendix B)
//         {"do": "tlv", "id", "state"}      the same by the optional parameters alone
//         {"do": "text", "from", "words"}   somebody writes; the package chooses GSM 7 bit or UCS-2
//         {"do": "enquire"} {"do": "unbind"}
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [folder, certificate, key] = process.argv.slice(2);
const smpp = createRequire(`${folder}/`)("smpp");
const WHO = { system_id: "decroche", password: "mot-de-passe" };
const tell = (what) => console.log(JSON.stringify(what));
let client = null;
let submits = 0;

function took(name) {
    return (answer) => tell({ answered: name, status: answer.command_status });
}

function submit(session, pdu) {
    submits += 1;
    const words = pdu.short_message.message;
    tell({
        submit: submits, to: pdu.destination_addr, to_npi: pdu.dest_addr_npi, from: pdu.source_addr,
        coding: pdu.data_coding, receipt: pdu.registered_delivery,
        reference: pdu.user_message_reference, words: String(words),
    });
    session.send(pdu.response({ message_id: `n${submits}` }));
}

function hears(session) {
    session.on("bind_transceiver", (pdu) => {
        const is_known = pdu.system_id === WHO.system_id && pdu.password === WHO.password;
        client = session;
        tell({ bind: pdu.system_id, version: pdu.interface_version, known: is_known });
        session.send(pdu.response({ command_status: is_known ? 0 : smpp.ESME_RBINDFAIL }));
    });
    session.on("submit_sm", (pdu) => submit(session, pdu));
    session.on("enquire_link", (pdu) => {
        tell({ enquired: true });
        session.send(pdu.response());
    });
    session.on("close", () => tell({ closed: true }));
    session.on("error", (why) => {
        tell({ error: String(why) });
        session.destroy();
    });
}

const TO = { destination_addr: "38000", source_addr_ton: 1, source_addr_npi: 1 };
const orders = {
    receipt: ({ id, stat }) => client.deliver_sm({
        ...TO, source_addr: "33612345678", esm_class: smpp.ESM_CLASS.MC_DELIVERY_RECEIPT,
        short_message: `id:${id} sub:001 dlvrd:001 submit date:2611221000 done date:2611221001 ` +
            `stat:${stat} err:000 text:`,
    }, took(id)),
    tlv: ({ id, state }) => client.deliver_sm({
        ...TO, source_addr: "33612345678", esm_class: smpp.ESM_CLASS.MC_DELIVERY_RECEIPT,
        receipted_message_id: id, message_state: smpp.MESSAGE_STATE[state], short_message: "",
    }, took(id)),
    text: ({ from, words }) => client.deliver_sm({
        ...TO, source_addr: from, short_message: words,
    }, took(words)),
    enquire: () => client.enquire_link(took("enquire")),
    unbind: () => client.unbind(took("unbind")),
};

const papers = certificate ? { cert: readFileSync(certificate), key: readFileSync(key) } : {};
const server = smpp.createServer(papers, hears);
server.on("tlsClientError", (why) => tell({ error: String(why) }));
server.listen(0, "127.0.0.1", () => tell({ port: server.address().port }));
createInterface({ input: process.stdin })
    .on("line", (line) => {
        const order = JSON.parse(line);
        orders[order.do](order);
    })
    .on("close", () => process.exit(0));
