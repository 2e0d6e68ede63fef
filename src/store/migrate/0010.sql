-- Kept free for the written contacts of the agent's screen (ADR 40).
SELECT 1;
