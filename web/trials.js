/* trials.js — a test call is under way: the part that says so is fetched again until it is over. */
import { refresh } from "./live.js";
import "./keys.js";

setInterval(() => document.querySelector("#live [data-busy]") && refresh(), 1000);
