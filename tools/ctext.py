"""ctext.py — C read as text: comments masked, functions found, nesting measured.

Made for clang-formatted Linux style (the brace of a function alone in column 0), and not fooled by
the other one. No preprocessor: what a macro hides is not seen.
"""
import re

LITERALS = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
CONTROL = re.compile(r"(if|for|while|switch|\w*foreach\w*)$")


def mask(text, keep_comments=False):
    """Comments and the inside of literals as spaces: places stay, words go."""
    def blank(m):
        t = m.group()
        if t[0] == "/" and keep_comments:
            return t
        inner = re.sub(r"[^\n]", " ", t)
        return inner if t[0] == "/" else t[0] + inner[1:-1] + t[-1]
    return LITERALS.sub(blank, text).split("\n")


class Function:
    def __init__(self, code, brace, first):
        head = re.sub(r"__attribute__\s*\(\(.*?\)\)", "", " ".join(code[first:brace + 1]))
        m = re.search(r"(\w+)\s*\(", head)
        self.name = m[1] if m else None
        self.parameters = count_parameters(head[m.end():]) if m else 0
        last = brace
        glued = code[brace].rstrip() != "{"
        while last + 1 < len(code) and not code[last].startswith("}") and \
                not (glued and last == brace and code[last].rstrip().endswith("}")):
            last += 1
        body = [re.sub(r"^\s*#.*", "", line) for line in code[brace:last + 1]]
        body[0] = body[0][body[0].index("{"):]
        depth, offset = deepest("\n".join(body))
        self.line, self.lines = first + 1, last - first + 1
        self.depth, self.depth_line = depth, brace + 1 + offset


def functions(code):
    """Each function of a masked text."""
    for i, line in enumerate(code):
        if line.rstrip() != "{" and not re.match(r"[A-Za-z_][^=;]*\)\s*\{", line):
            continue
        first = i
        while first and re.match(r"\s*[^\s#}/]", code[first - 1]) and \
                not code[first - 1].rstrip().endswith((";", "}", "\\")):
            first -= 1
        f = Function(code, i, first)
        if f.name:
            yield f


def count_parameters(text):
    depth, n = 0, 1
    for ch in text:
        depth += (ch == "(") - (ch == ")")
        n += ch == "," and depth == 0
        if depth < 0:
            break
    return n


class Brace:
    def __init__(self, is_block, counts, pending):
        self.is_block, self.counts, self.pending = is_block, counts, pending


def deepest(body):
    """(depth, line offset) of the deepest control statement, with or without braces.

    Braces of initialisers do not count. pending: control statements still waiting for their one
    statement without braces. rounds: for each open parenthesis, the control word before it.
    """
    braces, rounds, pending, top, line, before, closed = [], [], 0, (0, 0), 0, "", ""
    for t in re.findall(r"\n|\w+|[^\s\w]", body):
        if t == "\n":
            line += 1
            continue
        control = (before == "else" and t != "if") or before == "do" or bool(closed)
        if t == "{":
            is_block = not braces or (braces[-1].is_block and not rounds and
                                      (control or before in ("{", "}", ";", ":")))
            braces.append(Brace(is_block, is_block and len(braces) > 0, pending))
            pending = 0
        elif control and t != ";":
            pending += 1
        depth = sum(b.counts + b.pending for b in braces) + pending
        if depth > top[0]:
            top = (depth, line)
        if t == "}" and braces:
            braces.pop()
        if t in ";}" and not rounds:
            pending = 0
        if t == "(":
            rounds.append(before if CONTROL.match(before) else "")
        closed = rounds.pop() if t == ")" and rounds else ""
        before = t
    return top
