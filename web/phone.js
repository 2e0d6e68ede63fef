/* phone.js — the headset of this computer as the agent's telephone (ADR 39): one connection, opened
   once and kept; what rings comes by the stream of news, sound is there already. Nobody hears the
   microphone but in a call and in the test of the headset. */

const REJOIN_MS = 2500;     // without sound for so long: offered again
const FETCH_MS = 4000;
const ECHO_MS = 10000;
const CHOICES = ["mic", "out", "ring"];
const KEPT = "decroche.casque";

const $ = (name) => document.getElementById(`phone-${name}`);
const english = document.documentElement.lang === "en";
const say = (french, inEnglish) => english ? inEnglish : french;

let mode = "off";           // off, opening, on, taken (by another page)
let state = "none";         // as the house sees it: none, ready, rings, call
let place = null;           // where this page offers again
let known = "none";         // the same, as it was when the house last said anything
let pc = null, mic = null, joining = false, aliveAt = 0, tries = 0;
let isMuted = false, isHeld = false, echoTimer = 0, bell = null, note = null, meter = null;

/* ---- words -------------------------------------------------------------------------------- */

function tell(text, isWrong = false) {
    if ($("say").textContent !== text)
        $("say").textContent = text;
    $("say").classList.toggle("warning", isWrong);
}

const desk = () => say("Les appels sonnent à votre téléphone de bureau.",
    "Calls ring at the telephone on your desk.");

function tellWhy(error) {
    const words = {
        NotAllowedError: say("Le navigateur refuse le microphone. Autorisez-le à gauche de l’adresse de la page, puis recommencez.",
            "The browser refuses the microphone. Allow it beside the address of the page, then try again."),
        NotFoundError: say("Aucun microphone n’est branché. Branchez le casque, puis recommencez.",
            "There is no microphone. Plug the headset in, then try again."),
        NotReadableError: say("Le microphone est pris par un autre programme. Fermez-le, puis recommencez.",
            "Another program has the microphone. Close it, then try again."),
        full: say("Le service n’a plus de place pour un casque.", "The service has no room for another headset."),
        refused: say("Ce navigateur ne sait pas téléphoner avec le service.",
            "This browser cannot telephone with the service."),
    };
    const what = words[error.name] ?? words[error.message] ??
        say("Le casque n’a pas pu être relié au service.", "The headset could not be connected.");
    tell(`${what} ${desk()}`, true);
}

/* ---- what is shown ------------------------------------------------------------------------ */

function show() {
    const isOn = mode === "on", inCall = isOn && state === "call", rings = isOn && state === "rings";
    $("on").hidden = isOn || mode === "opening";
    $("answer").hidden = !rings;
    $("hang-up").hidden = !rings && !inCall;
    $("mute").hidden = $("hold").hidden = $("keys").hidden = !inCall;
    for (const [name, is] of [["mute", isMuted], ["hold", isHeld]]) {
        $(name).setAttribute("aria-pressed", String(is));
        $(name).classList.toggle("pressed", is);
    }
    $("more").hidden = !isOn;
    $("echo").disabled = state !== "ready";
    const { dataset } = document.getElementById("phone");
    dataset.state = isOn ? state : mode;
    if (isOn || mode === "opening")
        dataset.place = place ?? "";
    else
        delete dataset.place;
    if (!isOn)
        return;
    $("hang-up").firstChild.data = rings ? say("Refuser ", "Refuse ") : say("Raccrocher ", "Hang up ");
    const words = {
        rings: say("Un appel sonne.", "A call rings."),
        call: isHeld ? say("En ligne, la personne entend la musique d’attente.", "On the line, the person hears music.") :
            isMuted ? say("En ligne, micro coupé.", "On the line, muted.") : say("En ligne.", "On the line."),
        ready: echoTimer ? say("Parlez\u00a0: vous vous entendez.", "Speak: you hear yourself.") :
            say("Le casque est prêt.", "The headset is ready."),
        none: say("Le casque se relie au service…", "The headset is connecting…"),
    };
    tell(words[state], state === "none" && Date.now() - aliveAt > REJOIN_MS / 2);
}

function listen() {         // the microphone is heard only while somebody is there
    const track = mic?.getAudioTracks()[0];
    if (track)
        track.enabled = Boolean(echoTimer) || (known === "call" && !isMuted && !isHeld);
}

/* ---- ringing ------------------------------------------------------------------------------ */

async function ringOut() {  // beside the headset, which the house rings itself
    const device = choice("ring");
    if (!device || bell)
        return;
    const context = new AudioContext(), tone = context.createOscillator();
    const level = context.createGain(), out = context.createMediaStreamDestination();
    bell = { context, sound: new Audio() };
    tone.frequency.value = 440;
    tone.connect(level).connect(out);
    level.gain.value = 0;
    for (let i = 0; i < 60; i++) {      // 1.5 s in 5, as France rings
        level.gain.setValueAtTime(0.3, context.currentTime + 5 * i);
        level.gain.setValueAtTime(0, context.currentTime + 5 * i + 1.5);
    }
    tone.start();
    bell.sound.srcObject = out.stream;
    try {
        await bell.sound.setSinkId?.(device);
        await bell?.sound.play();
    } catch { /* the device is gone: the headset rings */ }
}

function ring(is) {
    document.title = document.title.replace(/^☎ /, "");
    if (is) {
        document.title = `☎ ${document.title}`;
        ringOut();
        if (document.hidden && window.Notification?.permission === "granted") {
            note = new Notification(say("Un appel sonne", "A call rings"), { tag: "decroche", requireInteraction: true });
            note.onclick = () => { window.focus(); $("answer").focus(); };
        }
        return;
    }
    bell?.sound.pause();
    bell?.context.close();
    note?.close();
    bell = note = null;
}

function become(next) {
    if (next === state)
        return;
    ring(mode === "on" && next === "rings");
    if (next === "ready")
        isMuted = isHeld = false;
    if (next !== "ready")
        stopEcho();
    if (next !== "none") {
        aliveAt = Date.now();
        known = next;
    }
    state = next;
    listen();
    show();
}

/* ---- the house ---------------------------------------------------------------------------- */

async function ask(path, method, body) {
    const headers = { "X-Decroche-Csrf": document.querySelector("input[name=csrf]").value };
    if (body !== undefined)
        headers["Content-Type"] = "application/sdp";
    return fetch(path, { method, headers, body, signal: AbortSignal.timeout(FETCH_MS) });
}

const act = (what) => place && ask(`${place}/act?what=${what}`, "POST").catch(() => null);

function connect() {
    pc?.close();
    const mine = pc = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    mine.addTransceiver(mic.getAudioTracks()[0], { direction: "sendrecv", streams: [mic] });
    mine.ontrack = ({ track }) => {
        $("sound").srcObject = new MediaStream([track]);
        $("sound").play().catch(() => tell(say("Cliquez dans la page pour entendre.",
            "Click into the page to hear."), true));
    };
    mine.onconnectionstatechange = () => {
        if (mine !== pc)
            return;
        if (mine.connectionState === "connected")
            tries = 0;
        if (mine.connectionState === "failed")
            rejoin();
    };
}

/* The answer of the house to an offer of ours. False: this page is not the telephone any more. */
async function offer() {
    await pc.setLocalDescription();
    let answer = await ask(place ?? "/api/v1/rtc", "POST", pc.localDescription.sdp);
    if (answer.status === 404 && state !== "none")
        return false;       // another page took over
    if (answer.status === 404)
        answer = await ask("/api/v1/rtc", "POST", pc.localDescription.sdp);
    if (!answer.ok)
        throw new Error(answer.status === 503 ? "full" : answer.status === 422 ? "refused" : "network");
    place = answer.headers.get("Location");
    await pc.setRemoteDescription({ type: "answer", sdp: await answer.text() });
    aliveAt = Date.now();
    return true;
}

/* The same connection by another way; a new one when that did not help. */
async function rejoin() {
    if (mode !== "on" || joining)
        return;
    joining = true;
    try {
        if (tries++ % 2 === 0 && pc.connectionState !== "failed" && pc.signalingState === "stable")
            pc.restartIce();
        else
            connect();
        if (!await offer())
            giveUp("taken");
    } catch { /* no network: the watch tries again */ }
    joining = false;
    show();
}

function watch() {
    const isWell = state !== "none" && ["connected", "connecting"].includes(pc?.connectionState);
    if (isWell)
        aliveAt = Date.now();
    else if (mode === "on" && Date.now() - aliveAt > REJOIN_MS) {
        aliveAt = Date.now();
        rejoin();
    } else if (mode === "on") {
        show();
    }
}

/* ---- on and off --------------------------------------------------------------------------- */

async function takeMicrophone() {
    const device = choice("mic");
    const fresh = await navigator.mediaDevices.getUserMedia({ audio: {
        ...(device && { deviceId: { ideal: device } }),
        echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
    mic?.getTracks().forEach((t) => t.stop());
    mic = fresh;
    listen();
    const sender = pc?.getSenders()[0];
    if (sender && pc.connectionState !== "closed")
        await sender.replaceTrack(mic.getAudioTracks()[0]);
    measure();
}

async function turnOn() {
    if (mode === "on" || mode === "opening")
        return;
    mode = "opening";
    tell(say("Le casque se relie au service…", "The headset is connecting…"));
    show();
    try {
        await takeMicrophone();
        connect();
        place = null;
        await offer();
        mode = "on";
        localStorage.setItem(KEPT, "oui");
        if (window.Notification?.permission === "default" && navigator.userActivation?.isActive)
            Notification.requestPermission();
        await listDevices();
        await useOutput();
        show();
    } catch (error) {
        giveUp("off");
        tellWhy(error);
    }
}

function giveUp(why) {
    mode = why;
    ring(false);
    pc?.close();
    mic?.getTracks().forEach((t) => t.stop());
    pc = mic = place = null;
    show();
    tell(why === "taken" ? say("Le casque est utilisé par une autre page de votre compte.",
        "Another page of your account has the headset.") : desk(), why === "taken");
}

function turnOff() {
    if (place)
        ask(place, "DELETE").catch(() => null);
    localStorage.removeItem(KEPT);
    giveUp("off");
}

/* ---- devices ------------------------------------------------------------------------------ */

const choice = (name) => localStorage.getItem(`${KEPT}.${name}`) ?? "";

async function listDevices() {
    const found = await navigator.mediaDevices.enumerateDevices();
    for (const name of CHOICES) {
        const kind = name === "mic" ? "audioinput" : "audiooutput";
        const usual = name === "ring" ? say("le casque seul", "the headset alone") :
            say("celui de l’ordinateur", "that of the computer");
        const list = found.filter((d) => d.kind === kind && d.deviceId && d.deviceId !== "default");
        $(name).replaceChildren(new Option(usual, ""), ...list.map((d, i) =>
            new Option(d.label || `${i + 1}`, d.deviceId)));
        $(name).value = list.some((d) => d.deviceId === choice(name)) ? choice(name) : "";
    }
}

async function useOutput() {
    try {
        await $("sound").setSinkId?.(choice("out"));
    } catch { /* it is gone: that of the computer */ }
}

async function choose(name) {
    localStorage.setItem(`${KEPT}.${name}`, $(name).value);
    try {
        if (name === "mic")
            await takeMicrophone();
        if (name === "out")
            await useOutput();
    } catch (error) {
        tellWhy(error);
    }
}

/* ---- level, test -------------------------------------------------------------------------- */

function measure() {
    meter?.close();
    meter = new AudioContext();
    const ear = meter.createAnalyser(), samples = new Float32Array(1024);
    // its own copy: the one that is sent is silent while nobody is there
    const copy = mic.clone();
    copy.getTracks().forEach((t) => { t.enabled = true; });
    mic.getAudioTracks()[0].addEventListener("ended", () => copy.getTracks().forEach((t) => t.stop()));
    meter.createMediaStreamSource(copy).connect(ear);
    const its = meter;
    const timer = setInterval(() => {
        if (its.state === "closed" || !mic) {
            clearInterval(timer);
            copy.getTracks().forEach((t) => t.stop());
            return;
        }
        if (!$("more").open)
            return;
        ear.getFloatTimeDomainData(samples);
        const power = samples.reduce((sum, v) => sum + v * v, 0) / samples.length;
        $("level").value = Math.min(1, Math.max(0, (10 * Math.log10(power + 1e-9) + 60) / 50));
    }, 100);
}

function stopEcho() {
    if (!echoTimer)
        return;
    clearTimeout(echoTimer);
    echoTimer = 0;
    act("silence");
    listen();
    show();
}

async function echo() {
    if (echoTimer)
        return stopEcho();
    const answer = await act("echo");
    if (!answer?.ok)
        return;
    echoTimer = setTimeout(stopEcho, ECHO_MS);
    listen();
    show();
}

/* ---- buttons ------------------------------------------------------------------------------ */

function answer() {
    if (state !== "rings")
        return;
    mic.getAudioTracks()[0].enabled = true;     // at once; listen() again when the house has said so
    ring(false);
    act("answer");
}

async function hold() {
    const answer = await act(isHeld ? "resume" : "hold");
    if (!answer?.ok)
        return;
    isHeld = !isHeld;
    listen();
    show();
}

function begin() {
    const keys = { on: turnOn, answer, "hang-up": () => act("hang_up"), echo, hold, off: turnOff,
        mute: () => { isMuted = !isMuted; listen(); show(); } };
    for (const [name, does] of Object.entries(keys))
        $(name).addEventListener("click", does);
    for (const name of CHOICES)
        $(name).addEventListener("change", () => choose(name));
    $("keys").addEventListener("click", (event) => {
        const key = event.target.dataset?.press;
        if (key)
            pc?.getSenders()[0]?.dtmf?.insertDTMF(key, 100);
    });
    if (!window.isSecureContext || !navigator.mediaDevices || !window.RTCPeerConnection) {
        $("on").disabled = true;
        tell(say("Cette page n’est pas chiffrée (https)\u00a0: le navigateur ne lui donne pas le microphone. ",
            "This page is not encrypted (https): the browser gives it no microphone. ") + desk(), true);
        return;
    }
    document.addEventListener("headset", (event) => become(event.detail));
    navigator.mediaDevices.addEventListener("devicechange", () => mode === "on" && listDevices());
    window.addEventListener("online", rejoin);
    setInterval(watch, 500);
    if (localStorage.getItem(KEPT))
        turnOn();
}

if (document.getElementById("phone"))
    begin();
