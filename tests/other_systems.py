"""What only Linux has is taken away from Python, or looked for in source: for the tests of what runs elsewhere."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "helpers"

# What Windows lacks, or macOS too.
MODULES = ["resource", "fcntl", "pwd", "grp", "termios", "tty", "pty", "syslog", "posix", "readline", "_posixshmem"]
OF_OS = """
    chown chroot fork forkpty fchmod fchown getegid geteuid getgid getgrouplist getgroups getloadavg getpgid getresuid
    getsid getuid getxattr initgroups kill killpg lchown listxattr memfd_create mkfifo mknod nice openpty pathconf pipe2
    posix_fadvise posix_fallocate posix_spawn pread pwrite register_at_fork removexattr sched_getaffinity
    sched_setaffinity sendfile setegid seteuid setgid setgroups setresuid setsid setuid setxattr statvfs sync sysconf
    ttyname uname wait3 wait4 waitid O_CLOEXEC O_DIRECTORY O_DSYNC O_NOATIME O_NOCTTY O_NOFOLLOW O_NONBLOCK O_PATH
    O_SYNC
""".split()
OF_SIGNAL = """
    SIGALRM SIGBUS SIGCHLD SIGCONT SIGHUP SIGKILL SIGPIPE SIGQUIT SIGSTOP SIGTSTP SIGUSR1 SIGUSR2 SIGXCPU SIGXFSZ alarm
    pause pthread_kill pthread_sigmask setitimer siginterrupt sigwait
""".split()
LACKING = {f"os.{name}" for name in OF_OS} | {f"signal.{name}" for name in OF_SIGNAL}
KEYWORDS = {"pass_fds", "preexec_fn", "process_group", "umask", "extra_groups"}
PLACES = ("/proc/", "/tmp", "/dev/", "/etc/", "/usr/", "/sys/", "/var/")
TEXT = {"open", "read_text", "write_text"}  # without `encoding` they speak the computer's language

# A process of its own: what the libraries need is loaded first, then what Windows lacks is gone.
TAKEN_AWAY = f"""
import importlib, os, signal, sys, multiprocessing.connection
for name in sys.argv[1].split():
    importlib.import_module(name)
for name in {MODULES!r}:
    sys.modules[name] = None
for module, names in ((os, {OF_OS!r}), (signal, {OF_SIGNAL!r})):
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
del multiprocessing.connection.Connection
os.name = sys.platform = "another"
"""


def without_linux(code: str) -> str:
    """Run code where everything is gone that Windows lacks; return what it prints."""
    command = [sys.executable, "-c", TAKEN_AWAY + code, " ".join(foreign())]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False)
    if done.returncode:
        raise AssertionError(done.stderr[-3000:])
    return done.stdout


def foreign() -> list[str]:
    """The modules of other packages that ours import as they are imported themselves."""
    found = set()
    for path in sources():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
    ours = set(sys.stdlib_module_names) | {"helpers", "__future__"}
    return sorted(name for name in found if name.partition(".")[0] not in ours)


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def modules() -> list[str]:
    """The names of our modules."""
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sources()]
    return [name.removesuffix(".__init__") for name in names if not name.endswith("__main__")]


def only_on_linux(source: str) -> list[str]:
    """The lines of a source that work on Linux only, and do not look first whether they are there."""
    tree = ast.parse(source)
    return [f"line {line}: {what}" for line, what in sorted(set(_unguarded(tree, False)))]


def _unguarded(node: ast.AST, guarded: bool) -> Iterator[tuple[int, str]]:
    """Walk a tree; below a look at the system, or a `try` that takes what is lacking, everything is allowed."""
    if not guarded:
        yield from ((node.lineno, what) for what in _linux_in(node))
    if isinstance(node, ast.Try) and any(_takes_what_lacks(handler) for handler in node.handlers):
        for part in node.body:
            yield from _unguarded(part, True)
        rest = [*node.handlers, *node.orelse, *node.finalbody]
    elif isinstance(node, ast.If | ast.IfExp) and _looks(node.test):
        rest, guarded = list(ast.iter_child_nodes(node)), True
    elif isinstance(node, ast.FunctionDef):
        rest = []
        for part in node.body:
            yield from _unguarded(part, guarded)
            if isinstance(part, ast.If) and _looks(part.test) and isinstance(part.body[-1], ast.Return):
                guarded = True  # what follows is for the other systems
        rest = [*node.decorator_list, node.args]
    else:
        rest = list(ast.iter_child_nodes(node))
    for child in rest:
        yield from _unguarded(child, guarded)


def _takes_what_lacks(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or any(
        isinstance(name, ast.Name) and name.id in ("ImportError", "AttributeError", "Exception")
        for name in ast.walk(handler.type)
    )


def _looks(test: ast.expr) -> bool:
    said = ast.unparse(test)
    return "os.name" in said or "sys.platform" in said or "hasattr(" in said


def _linux_in(node: ast.AST) -> list[str]:
    """What a node alone names that only Linux has."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names if alias.name in MODULES]
    if isinstance(node, ast.ImportFrom):
        named = {f"{node.module}.{alias.name}" for alias in node.names}
        lacks = named & (LACKING | {"multiprocessing.connection.Connection"})
        return [node.module, *lacks] if node.module in MODULES else sorted(lacks)
    if isinstance(node, ast.Attribute):
        return [name for name in [ast.unparse(node)] if name in LACKING]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _in_words(node.value)
    return _in_call(node) if isinstance(node, ast.Call) else []


def _in_words(said: str) -> list[str]:
    days = any(
        said[at + 1 : at + 2] == "-" and said[at + 2 : at + 3].isalpha() for at in range(len(said)) if said[at] == "%"
    )
    return [*(["a day as %-d"] if days else []), *(place for place in PLACES if said.startswith(place))]


def _in_call(node: ast.Call) -> list[str]:
    keywords = {keyword.arg for keyword in node.keywords}
    found = sorted(KEYWORDS & {keyword for keyword in keywords if keyword})
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    said = ast.unparse(node)
    if name == "get_context" and "'fork'" in said:
        found.append("a fork")
    binary = any(
        isinstance(word, ast.Constant) and isinstance(word.value, str) and "b" in word.value for word in node.args
    )
    builtin = isinstance(node.func, ast.Name) or name != "open"
    if name in TEXT and builtin and not binary and "encoding" not in keywords:
        found.append(f"{name} without encoding")
    if name in ("run", "Popen", "check_output") and "text" in keywords and "encoding" not in keywords:
        found.append(f"{name} as text without encoding")
    return found
