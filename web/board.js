/* board.js — what is done from the board: alive, and by keys. */
import "./live.js";
import "./keys.js";
