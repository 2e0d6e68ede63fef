-- What went out, counted by the gate (src/gate, ADR 22). A row's key is a keyed hash of what it is
-- about (a number, a range, an agent, an operator, a wish): nothing here can be dialled.
CREATE TABLE gate_row(
    key INTEGER PRIMARY KEY,
    scope INTEGER NOT NULL,    -- enum gate_scope
    day INTEGER NOT NULL,      -- days since 1970, local; the counts are of this day
    calls_n INTEGER NOT NULL,
    cost INTEGER NOT NULL,     -- ten-thousandths of a euro, estimated
    open_n INTEGER NOT NULL    -- wishes to be called back that nobody has settled
) STRICT;
CREATE TABLE gate_key(
    id INTEGER PRIMARY KEY CHECK(id = 1),
    k0 INTEGER NOT NULL,       -- 128 random bits, made with the table
    k1 INTEGER NOT NULL
) STRICT;
