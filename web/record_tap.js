/* record_tap.js — on the thread of sound: what the microphone gives goes to record.js as it is. */
registerProcessor("tap", class extends AudioWorkletProcessor {
    process([[samples]]) {
        if (samples)
            this.port.postMessage(samples.slice());
        return true;
    }
});
