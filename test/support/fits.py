"""fits.py: does a value fit a schema of the served openapi.json? The subset of JSON Schema 2020-12
that tools/gen_api.py writes, and no other word: an unknown one is a fault of its own.

Imported by test/tools/test_api.py and test/e2e/api.py. Strict: a field of an object that is not
declared is a fault, although clients of the interface must let new fields pass.
"""
import re

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None),
         "integer": int}
SAID = {"description", "example", "default", "discriminator", "format"}    # bind nothing
KNOWN = SAID | {"$ref", "type", "const", "enum", "pattern", "minimum", "maximum", "properties",
                "required", "items", "maxItems", "anyOf", "oneOf"}


def resolve(whole, pointer):
    """What "#/a/b" of the document is; KeyError: nothing."""
    assert pointer.startswith("#/"), pointer
    found = whole
    for part in pointer[2:].split("/"):
        found = found[part]
    return found


def is_type(value, name):
    good = isinstance(value, TYPES[name])
    return good and not (name == "integer" and isinstance(value, bool))


def of_object(whole, schema, value, at):
    declared = schema.get("properties")
    if declared is None:
        return []
    missing = [name for name in schema.get("required", []) if name not in value]
    faults = [f"{at}: {name} is missing" for name in missing]
    for name, v in value.items():
        if name in declared:
            faults += misfits(whole, declared[name], v, f"{at}.{name}")
        else:
            faults.append(f"{at}: {name} is not declared")
    return faults


def of_list(whole, schema, value, at):
    is_long = len(value) > schema.get("maxItems", len(value))
    faults = [f"{at}: more than maxItems"] if is_long else []
    for i, v in enumerate(value):
        faults += misfits(whole, schema.get("items", {}), v, f"{at}[{i}]")
    return faults


def of_plain(schema, value, at):
    faults = []
    if "const" in schema and (value != schema["const"] or type(value) is not type(schema["const"])):
        faults.append(f"{at}: {value!r} is not {schema['const']!r}")
    if "enum" in schema and value is not None and value not in schema["enum"]:
        faults.append(f"{at}: {value!r} is none of {schema['enum']}")
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        faults.append(f"{at}: {value!r} is not {schema['pattern']}")
    if is_type(value, "integer") and not (schema.get("minimum", value) <= value
                                          <= schema.get("maximum", value)):
        faults.append(f"{at}: {value} is out of its bounds")
    return faults


def of_choices(whole, schema, value, at):
    """anyOf: one fits at least; oneOf: one alone."""
    word = "anyOf" if "anyOf" in schema else "oneOf"
    tried = [misfits(whole, s, value, at) for s in schema[word]]
    fitting_n = sum(not faults for faults in tried)
    if fitting_n == 1 or (word == "anyOf" and fitting_n):
        return []
    nearest = min(tried, key=len)
    return [f"{at}: {fitting_n} of {len(tried)} shapes fit; the nearest: {nearest[:3]}"]


def misfits(whole, schema, value, at="$"):
    """What is wrong, a line each; []: it fits."""
    unknown = set(schema) - KNOWN
    if unknown:
        return [f"{at}: a schema with {sorted(unknown)}"]
    if "$ref" in schema:
        return misfits(whole, resolve(whole, schema["$ref"]), value, at)
    if "anyOf" in schema or "oneOf" in schema:
        return of_choices(whole, schema, value, at)
    names = schema.get("type", [])
    names = [names] if isinstance(names, str) else names
    if names and not any(is_type(value, name) for name in names):
        return [f"{at}: {value!r} is no {' or '.join(names)}"]
    faults = of_plain(schema, value, at)
    if isinstance(value, dict):
        faults += of_object(whole, schema, value, at)
    if isinstance(value, list):
        faults += of_list(whole, schema, value, at)
    return faults


def shape_of(whole, operation, status, media):
    """The schema of an answer; None: it is not declared."""
    answer = operation["responses"].get(str(status))
    content = answer["content"] if answer else {}
    kinds = {declared.split(";")[0]: declared for declared in content}
    declared = kinds.get(media.split(";")[0].strip())
    return content[declared]["schema"] if declared else None
