/* ears.mjs — what a browser of the tests says and hears: functions that run in the page. */

/* In the page: its microphone is a tone. */
export function speak(hz) {
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
export function hear() {
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
export async function clickAndHear(at) {
    window.ear.firstAt = 0;
    window.ear.clickedAt = performance.now();
    document.querySelector(at).click();
    while (!window.ear.firstAt && performance.now() - window.ear.clickedAt < 5000)
        await new Promise((done) => setTimeout(done, 4));
    return window.ear.firstAt - window.ear.clickedAt;
}
