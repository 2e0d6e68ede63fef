"""api_types.py: the words for types of schema/api.toml -> JSON Schema (2020-12) and examples.

Imported by gen_api.py. A mistake ends the program with its place. Objects are left open in what is
published, because fields are appended; the tests take every field that is not declared as a fault.
"""
import re
import sys

U32, U64, I64 = 2**32 - 1, 2**64 - 1, 2**63 - 1
PLAIN = {
    "text": {"type": "string"},
    "bool": {"type": "boolean"},
    "u32": {"type": "integer", "minimum": 0, "maximum": U32},
    "u64": {"type": "integer", "format": "uint64", "minimum": 0, "maximum": U64},
    "instant": {"type": "integer", "format": "int64", "minimum": -I64 - 1, "maximum": I64},
    "duration": {"type": "integer", "format": "int64", "minimum": 0, "maximum": I64},
    "ppm": {"type": "integer", "minimum": 0, "maximum": 1000000},
    "cursor": {"type": "string", "pattern": "^[0-9a-f]{24}$"},
    "true": {"const": True}, "false": {"const": False}, "null": {"type": "null"},
}
FIXED = {"true": True, "false": False, "null": None}
PYTHON = {"string": str, "boolean": bool, "integer": int}
FIELD_KEYS = {"name", "type", "eg", "doc", "values"}
EVENT_INTS = {"u8": 2**8 - 1, "u16": 2**16 - 1, "u32": U32, "u64": U64}


def camel(name):
    return "".join(word.capitalize() for word in name.split("_"))


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


class Types:
    """rows: [type] of api.toml; enums, events: of gen.read()."""

    def __init__(self, rows, enums, events):
        self.rows, self.enums, self.events = rows, enums, events
        self.used = set()           # types and enums that something names
        for name, row in rows.items():
            self.check_row(name, row)

    def check_row(self, name, row):
        where = f"schema/api.toml [type.{name}]"
        if not row.get("doc"):
            sys.exit(f"{where}: a line of doc is missing")
        if name in {camel(e) for e in self.enums} or name.startswith("Event") and name != "Events":
            sys.exit(f"{where}: an enum or event has that name")
        names = [f.get("name") for f in row.get("fields", [])]
        if not names or len(set(names)) != len(names):
            sys.exit(f"{where}: no fields, or one that stands twice")
        for f in row["fields"]:
            if set(f) - FIELD_KEYS or not {"name", "type", "doc"} <= set(f):
                sys.exit(f"{where}: a field has name, type, doc, eg and values: {f}")

    # ---- schemas ---------------------------------------------------------------------------------
    def schema(self, f, where):
        """Of a field or a parameter: a row with type, and values of a word or an enum."""
        m = re.fullmatch(r"(\w+(?: \w+|(?:\|\w+)*))(\[\])?(\?)?", f["type"])
        if not m:
            sys.exit(f"{where}: '{f['type']}' is no type")
        found = self.base(m[1], f, where)
        found = {"type": "array", "items": found} if m[2] else found
        return self.or_null(found) if m[3] else found

    @staticmethod
    def or_null(found):
        if "type" in found:
            return {**found, "type": [found["type"], "null"]}
        return {"anyOf": [found, {"type": "null"}]}

    def base(self, word, f, where):
        if "|" in word:
            return {"anyOf": [self.base(w, f, where) for w in word.split("|")]}
        kind, _, enum = word.partition(" ")
        if word in PLAIN:
            return dict(PLAIN[word])
        if word == "word" and f.get("values"):
            return {"type": "string", "enum": f["values"]}
        if word in self.rows or word == "events":
            self.used.add(word)
            return ref("Event" if word == "events" else word)
        if kind not in ("enum", "tally") or enum not in self.enums:
            sys.exit(f"{where}: type '{word}' is unknown; use {' '.join(PLAIN)}, word with values, "
                     "events, enum or tally of one of enums.toml, or another type")
        return self.tally(enum) if kind == "tally" else self.closed(enum, f, where)

    def closed(self, enum, f, where):
        values = self.enums[enum]["values"]
        if set(f.get("values", [])) - set(values):
            sys.exit(f"{where}: a value is none of enum {enum}")
        if "values" in f:
            return {"type": "string", "enum": f["values"]}
        self.used.add("enum " + enum)
        return ref(camel(enum))

    def tally(self, enum):
        values = [v for v in self.enums[enum]["values"] if v != "none"]
        return {"type": "object", "properties": {v: dict(PLAIN["u64"]) for v in values},
                "required": values}

    def object(self, name):
        where = f"schema/api.toml [type.{name}]"
        fields = {f["name"]: {**self.schema(f, f"{where} {f['name']}"), "description": f["doc"]}
                  for f in self.rows[name]["fields"]}
        return {"type": "object", "description": self.rows[name]["doc"], "properties": fields,
                "required": list(fields), "example": self.example(name)}

    # ---- events ----------------------------------------------------------------------------------
    def event_value(self, f):
        if f.enum:
            self.used.add("enum " + f.enum)
            found = ref(camel(f.enum))
        elif f.type == "ms":
            found = dict(PLAIN["instant"])
        elif f.type == "bool":
            found = dict(PLAIN["bool"])
        else:
            found = {"type": "integer", "minimum": 0, "maximum": EVENT_INTS[f.type]}
        return {"type": "array", "items": found, "maxItems": f.n} if f.n else found

    def event(self, kind, row):
        fields = {"id": dict(PLAIN["u64"]), "at": dict(PLAIN["instant"]), "kind": {"const": kind}}
        for f in row["list"]:       # as event/print.c names them: the head has a kind already
            name = "contact_kind" if f.name == "kind" else f.name
            fields[name] = {"const": 0} if name in ("person_id", "reference") \
                else self.event_value(f)
        return {"type": "object", "description": row["doc"], "properties": fields,
                "required": list(fields)}

    def all_events(self):
        names = {kind: "Event" + camel(kind) for kind in self.events}
        mapping = {kind: ref(name)["$ref"] for kind, name in names.items()}
        found = {"Event": {"oneOf": [ref(name) for name in names.values()],
                           "discriminator": {"propertyName": "kind", "mapping": mapping}}}
        found.update({names[k]: self.event(k, row) for k, row in self.events.items()})
        return found

    # ---- examples --------------------------------------------------------------------------------
    def example(self, name):
        return {f["name"]: self.field_example(f, f"schema/api.toml [type.{name}] {f['name']}")
                for f in self.rows[name]["fields"]}

    def field_example(self, f, where):
        word = f["type"].rstrip("?")
        one = self.word_example(word.removesuffix("[]"), f, where)
        return [one] if word.endswith("[]") else one

    def word_example(self, word, f, where):
        word = word.partition("|")[0]
        kind, _, enum = word.partition(" ")
        if word in FIXED:
            return FIXED[word]
        if word in self.rows:
            return self.example(word)
        if word == "events":
            return {"id": 100, "at": 1794819600000, "kind": "agent_signed_in",
                    "agent_id": 3826002220}
        if kind == "tally":
            return {v: 1 for v in self.enums[enum]["values"] if v != "none"}
        values = f.get("values") or (self.enums[enum]["values"] if kind == "enum" else [])
        eg = f.get("eg", values[0] if values else None)
        if eg is None or (values and eg not in values):
            sys.exit(f"{where}: eg is missing, or none of the values")
        if word in PLAIN and not isinstance(eg, PYTHON[PLAIN[word]["type"]]):
            sys.exit(f"{where}: eg '{eg}' is no {word}")
        return eg

    # ---- all -------------------------------------------------------------------------------------
    def components(self):
        found = {name: self.object(name) for name in self.rows}
        if "events" in self.used:
            found.update(self.all_events())
        for enum in self.enums:
            if "enum " + enum in self.used:
                found[camel(enum)] = {"type": "string", "enum": self.enums[enum]["values"],
                                      "description": self.enums[enum]["doc"]}
        return found
