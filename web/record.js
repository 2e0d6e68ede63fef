/* record.js — somebody says a sentence into the microphone, or chooses a file of sound; listens to
   it, then sends it: a WAV of one channel, 16 bits, 16 kHz, whatever the browser or the file had.

   <div class="recorder" data-recorder="ADDRESS" data-csrf="…" data-seconds="12"></div>

   ADDRESS takes a POST of audio/wav. What it answers is a page: the browser goes where it was sent,
   or its .warning is told here and what was recorded stays. Nothing is sent before somebody wants
   it. Without a script there is no recorder. */

import "./keys.js";

const RATE_HZ = 16000;
const english = document.documentElement.lang === "en";
const say = (french, words) => english ? words : french;

/* ---- sound ---- */

function wav(samples) {
    const bytes = new DataView(new ArrayBuffer(44 + 2 * samples.length));
    const put = (at, text) => [...text].forEach((c, i) => bytes.setUint8(at + i, c.charCodeAt(0)));
    put(0, "RIFF"), bytes.setUint32(4, 36 + 2 * samples.length, true), put(8, "WAVEfmt ");
    bytes.setUint32(16, 16, true), bytes.setUint16(20, 1, true), bytes.setUint16(22, 1, true);
    bytes.setUint32(24, RATE_HZ, true), bytes.setUint32(28, 2 * RATE_HZ, true);
    bytes.setUint16(32, 2, true), bytes.setUint16(34, 16, true);
    put(36, "data"), bytes.setUint32(40, 2 * samples.length, true);
    for (let i = 0; i < samples.length; i++) {
        const v = Math.max(-1, Math.min(1, samples[i]));
        bytes.setInt16(44 + 2 * i, Math.round(v * 32767), true);
    }
    return bytes.buffer;
}

/* By the browser's own filter. */
async function resample(buffer) {
    const n = Math.ceil(buffer.duration * RATE_HZ);
    const context = new OfflineAudioContext(1, Math.max(n, 1), RATE_HZ);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.start();
    return (await context.startRendering()).getChannelData(0);
}

/* ---- one recorder ---- */

class Recorder {
    constructor(place) {
        this.place = place;
        this.most = Number(place.dataset.seconds) || 60;
        this.chunks = [];
        this.samples = null;        // what would be sent
        this.build();
    }

    button(text, deed, plain = true) {
        const b = document.createElement("button");
        b.type = "button";
        b.className = plain ? "plain" : "";
        b.textContent = text;
        b.addEventListener("click", () => deed.call(this).catch((e) => this.tell(e.message)));
        this.row.append(b);
        return b;
    }

    build() {
        this.row = document.createElement("p");
        this.row.className = "deeds";
        this.start = this.button(say("Enregistrer au micro", "Record"), this.record, false);
        this.end = this.button(say("Arrêter", "Stop"), this.stop);
        this.hear = this.button(say("Réécouter", "Listen"), this.listen);
        this.give = this.button(say("Envoyer cet enregistrement", "Send this recording"),
            this.send, false);
        this.meter = document.createElement("meter");
        Object.assign(this.meter, { min: 0, max: 1, high: .95, low: .05, optimum: .5 });
        this.meter.setAttribute("aria-label", say("Niveau du micro", "Level of the microphone"));
        const label = document.createElement("label");
        label.textContent = say("ou un fichier de son ", "or a file of sound ");
        this.file = document.createElement("input");
        Object.assign(this.file, { type: "file", accept: "audio/*" });
        this.file.addEventListener("change", () => this.choose().catch((e) => this.tell(e.message)));
        label.append(this.file);
        this.told = document.createElement("p");
        this.told.setAttribute("role", "status");
        this.place.append(this.row, this.meter, label, this.told);
        this.show("none");
    }

    /* none, records, has */
    show(state) {
        this.state = state;
        this.start.hidden = this.file.parentElement.hidden = state === "records";
        this.end.hidden = this.meter.hidden = state !== "records";
        this.hear.hidden = this.give.hidden = state !== "has";
    }

    tell(text, isWrong = true) {
        this.told.className = isWrong && text ? "warning" : "";
        this.told.textContent = text;
    }

    async record() {
        if (!navigator.mediaDevices)
            throw new Error(say("Le micro demande une page en https, ou sur cette machine.",
                "The microphone wants a page over https, or on this machine."));
        let mic;
        try {
            mic = await navigator.mediaDevices.getUserMedia({ audio: {
                channelCount: 1, echoCancellation: false, noiseSuppression: false } });
        } catch (e) {
            throw new Error(e.name === "NotFoundError" ?
                say("Aucun micro n’est branché.", "There is no microphone.") :
                say("Le navigateur refuse le micro\u00a0: autorisez-le à côté de l’adresse, ou " +
                    "choisissez un fichier.", "The browser refuses the microphone: allow it " +
                    "beside the address, or choose a file."));
        }
        this.mic = mic;
        this.context = new AudioContext();
        try {
            await this.context.audioWorklet.addModule("/assets/record_tap.js");
        } catch (e) {
            this.free();
            throw e;
        }
        const tap = new AudioWorkletNode(this.context, "tap", { numberOfOutputs: 0 });
        this.chunks = [];
        this.n = 0;
        tap.port.onmessage = (event) => this.take(event.data);
        this.context.createMediaStreamSource(mic).connect(tap);
        this.tell(say("Parlez\u00a0: une seconde de silence, la phrase, une seconde de silence.",
            "Speak: a second of silence, the sentence, a second of silence."), false);
        this.show("records");
        this.end.focus();
    }

    take(samples) {
        if (this.state !== "records")
            return;
        this.chunks.push(samples);
        this.n += samples.length;
        const peak = samples.reduce((p, v) => Math.max(p, Math.abs(v)), 0);
        this.meter.value = Math.max(peak, this.meter.value * .9);
        if (this.n >= this.most * this.context.sampleRate)
            this.stop().catch((e) => this.tell(e.message));
    }

    async stop() {
        if (this.state !== "records")
            return;
        this.show("none");
        const buffer = new AudioBuffer({ length: Math.max(this.n, 1), numberOfChannels: 1,
            sampleRate: this.context.sampleRate });
        let at = 0;
        for (const chunk of this.chunks) {
            buffer.copyToChannel(chunk, 0, at);
            at += chunk.length;
        }
        await this.free();
        await this.keep(buffer);
        this.hear.focus();
    }

    /* The microphone is nobody's any more. */
    free() {
        this.mic.getTracks().forEach((t) => t.stop());
        return this.context.close();
    }

    async choose() {
        const [file] = this.file.files;
        if (!file)
            return;
        const context = new AudioContext();
        let buffer;
        try {
            buffer = await context.decodeAudioData(await file.arrayBuffer());
        } catch {
            throw new Error(say("Ce fichier n’est pas un son que ce navigateur sache lire.",
                "This browser cannot read that file as sound."));
        } finally {
            await context.close();
        }
        await this.keep(buffer);
    }

    async keep(buffer) {
        if (buffer.duration > this.most + 1)
            throw new Error(say(`C’est trop long\u00a0: ${this.most} secondes au plus.`,
                `That is too long: ${this.most} seconds at most.`));
        this.samples = await resample(buffer);
        const seconds = (this.samples.length / RATE_HZ).toFixed(1);
        this.tell(say(`${seconds.replace(".", ",")}\u00a0s, à réécouter. Rien n’est encore envoyé.`,
            `${seconds}\u00a0s, to be listened to. Nothing is sent yet.`), false);
        this.show("has");
    }

    async listen() {
        const context = new AudioContext();
        const buffer = new AudioBuffer({ length: this.samples.length, numberOfChannels: 1,
            sampleRate: RATE_HZ });
        buffer.copyToChannel(this.samples, 0);
        const source = context.createBufferSource();
        source.buffer = buffer;
        source.connect(context.destination);
        source.onended = () => context.close();
        source.start();
    }

    async send() {
        let answer;
        this.give.disabled = true;
        try {
            answer = await fetch(this.place.dataset.recorder, {
                method: "POST", body: wav(this.samples),
                headers: { "Content-Type": "audio/wav", Accept: "text/html",
                    "X-Decroche-Csrf": this.place.dataset.csrf } });
        } catch {
            throw new Error(say("Le service ne répond pas\u00a0: rien n’a été envoyé. Réessayez.",
                "The service does not answer: nothing was sent. Try again."));
        } finally {
            this.give.disabled = false;
        }
        if (answer.redirected) {
            location.assign(answer.url);
            return;
        }
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const said = page.querySelector(".warning") ?? page.querySelector("h1");
        this.tell(said?.textContent.trim() || String(answer.status));
    }
}

for (const place of document.querySelectorAll("[data-recorder]"))
    new Recorder(place);
