"""call_codecs.py — cases of call.py: telephones that speak G.722 or Opus and no G.711. They are
heard and hear as others do, within 3 dB; and nobody is transcoded who shares a codec."""
import time

import sound
from cases import case
from robots import Phone, wait_until
from world import FAMILY, ODETTE, PUBLIC, HUMAN

G722, OPUS = "G722/16000/1", "opus/48000/2"
CALLER_HZ, AGENT_HZ, FAR = 440, 1000, 3.0           # dB


def near(w, sentence, got, want):
    """Within 3 dB, which is told."""
    w.fact(sentence.split(":")[0], got - want, "dB")
    w.check(f"{sentence} is within 3 dB", abs(got - want) < FAR, f"{got:.1f} for {want:.1f}")


def level_in(caller, hz, seconds=2.0):
    return sound.tone_db(caller.heard.samples(time.time() - seconds), hz)


def said_by(phone, hz, seconds=2.0):
    """What the telephone said, before its encoder."""
    samples = sound.read_wav(phone.recordings("enc")[-1])
    return sound.tone_db(samples[-round(seconds * sound.RATE):], hz)


def tones_both_ways(w, caller, phone):
    w.both_hear(caller, phone, CALLER_HZ, AGENT_HZ)
    time.sleep(2.5)
    near(w, "to the agent: the caller's tone", sound.tone_db(phone.samples(2.0), CALLER_HZ),
         sound.tone_db(sound.decode(sound.sine(CALLER_HZ)), CALLER_HZ))
    near(w, "to the caller: the agent's tone", level_in(caller, AGENT_HZ), said_by(phone, AGENT_HZ))


def agent_without_g711(w, codec, rate):
    """Signs in with keys, is rung, talks, holds, is heard again, wraps up with a key."""
    agent = w.agent(HUMAN, codecs=codec)
    caller = w.queued(ODETTE)
    tones_both_ways(w, caller, agent)
    w.check("it speaks its own codec", sound.rate_of(agent.recordings()[-1]) == rate)
    agent.tell("hold")
    w.hears(caller, "hold.start")
    time.sleep(2)
    w.check("on hold it is not heard",
            sound.heard(caller.heard, AGENT_HZ, time.time() - 1) < 0.2)
    agent.tell("resume")
    w.both_hear(caller, agent, CALLER_HZ, AGENT_HZ)
    caller.press("5")
    caller.hang_up()
    w.outcomes("answered")


@case()
def codec_g722_agent(w):
    """An agent's telephone with G.722 alone."""
    agent_without_g711(w, G722, 16000)


@case()
def codec_opus_agent(w):
    """An agent's telephone with Opus alone."""
    agent_without_g711(w, OPUS, 48000)


def level_of_music(samples):
    """Of its loud half: pauses are no measure."""
    powers = sorted(map(sound.power, sound.windows(samples)))
    return sound.db(sum(powers[len(powers) // 2:]) / (len(powers) - len(powers) // 2))


@case()
def codec_opus_caller(w):
    """A caller with Opus alone hears greeting and music as loud as one with G.711, and presses a
    key; an agent with G.711 answers."""
    other = w.call(ODETTE)
    phone = Phone("0639981240", None, w.service.sip[1], tone=CALLER_HZ, codecs=OPUS)
    w.people.append(phone)
    w.check("the call is answered", phone.dial(PUBLIC), phone.program.said)
    time.sleep(6)
    near(w, "greeting: of Opus", level_of_music(phone.samples()[sound.RATE:5 * sound.RATE]),
         level_of_music(other.heard.samples()[sound.RATE:5 * sound.RATE]))
    other.press(FAMILY)
    phone.press(FAMILY)
    events = w.until(lambda e: len(e.of("contact_queued")) == 2, 15)
    w.check("both keys lead to the queue", len(events.of("contact_queued")) == 2)
    time.sleep(14)                              # words, and then music
    near(w, "waiting: of Opus", level_of_music(phone.samples(5.0)),
         level_of_music(other.heard.samples(time.time() - 5)))
    other.hang_up()
    agent = w.agent(HUMAN)
    w.check("the agent hears the caller", agent.hears(CALLER_HZ, 10), "")
    w.check("the caller hears the agent", phone.hears(AGENT_HZ, 5), "")
    time.sleep(2.5)
    near(w, "to the agent: the caller's tone", sound.tone_db(agent.samples(2.0), CALLER_HZ),
         said_by(phone, CALLER_HZ))
    near(w, "to the caller: the agent's tone", sound.tone_db(phone.samples(2.0), AGENT_HZ),
         said_by(agent, AGENT_HZ))
    phone.hang_up()
    w.outcomes("turned_away", "answered")       # nobody was at work when the other left


@case()
def codec_g722_both(w):
    """A caller and an agent who share G.722 get each other's sound above 4 kHz, which no law has:
    nothing was decoded on its way."""
    phone = Phone("0639981240", None, w.service.sip[1], tone=6000, codecs=G722)
    w.people.append(phone)
    w.check("the call is answered", phone.dial(PUBLIC), phone.program.said)
    time.sleep(1)
    phone.press(FAMILY)
    events = w.until(lambda e: e.of("contact_queued"), 15)
    w.check("a key leads to the queue", events.of("contact_queued"))
    agent = w.agent(HUMAN, tone=5500, codecs=f"PCMA/8000/1,{G722}")
    w.order("they are joined", "offer_joined", seconds=15)
    for who, hz in ((agent, 6000), (phone, 5500)):
        w.check(f"{hz} Hz is heard", wait_until(lambda who=who, hz=hz: high(who, hz) > -30, 8, 0.3),
                lambda who=who, hz=hz: f"{high(who, hz):.1f} dB")
    phone.hang_up()
    w.outcomes("answered")


def high(phone, hz):
    """The level of a tone at the rate of the recording: of 16 kHz, and one channel."""
    samples = sound.read_wav(phone.recordings()[-1], is_whole=True)[-16000:]
    return sound.tone_db(samples, hz * sound.RATE / 16000)


@case()
def codec_g711_untouched(w):
    """Who likes Opus best, but shares G.711, speaks G.711; and it is passed on byte for byte."""
    agent = w.agent(HUMAN, codecs=f"{OPUS},{G722},PCMA/8000/1")
    caller = w.queued(ODETTE)
    w.both_hear(caller, agent, CALLER_HZ, AGENT_HZ)
    time.sleep(2)
    w.check("both speak G.711", sound.rate_of(agent.recordings()[-1]) == sound.RATE)
    said = sound.sine(CALLER_HZ) * 2
    heard = sound.encode(agent.samples(1.0))
    frames = [heard[i:i + sound.FRAME] for i in range(0, len(heard) - sound.FRAME, sound.FRAME)]
    w.check("each frame is as the caller sent it", len(frames) > 40 and
            sum(f in said for f in frames) > 0.9 * len(frames),
            lambda: f"{sum(f in said for f in frames)} of {len(frames)}")
    caller.hang_up()
    w.outcomes("answered")
