/* agent.js — the agent's screen: alive, and by keys. */
import "./live.js";
import "./keys.js";
import "./phone.js";
import "./forms.js";
