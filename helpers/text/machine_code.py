"""A plain function goes in; what compiles it comes out: for Python as a whole, for compiled code as a part of it.

Numba makes of every function, its own small ones too, a library that could be run: what the function calls is copied
into it, all of that is optimised and turned into machine code, and Python's way in is built. What stands five calls
deep goes through this five times, and most of these libraries are never run. Here a function that compiled code calls
stays as it was lowered, and the one that Python calls takes in all it needs, once.
"""

import contextlib
import gc
from collections.abc import Callable, Iterator
from typing import Any

from numba.core import compiler, dispatcher, ir, lowering, typed_passes, types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler_machinery import register_pass
from numba.core.registry import CPUDispatcher
from numba.core.target_extension import CPU, dispatcher_registry, jit_registry, target_registry
from numba.core.targetconfig import Option
from numba.core.typing.templates import make_concrete_template

OPTIONS = {"nopython": True, "nogil": True, "error_model": "numpy"}
TARGET = "unspun"  # by this name numba's own functions are compiled as parts, where ours call them
PARTS = ("getattr", "getitem", "static_getitem", "getiter", "exhaust_iter")  # of what holds arrays, as numba names them


class _Part(JITCodeLibrary):
    """A function as it was lowered, to be taken in by others: neither optimised nor run."""

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout

    def finalize(self) -> None:
        """Go without what makes a library ready to run."""
        self._finalized = True

    def _get_module_for_linking(self) -> Any:
        """Return the function's module; several may take it in, so it may be defined more than once."""
        if self._shared_module is None:
            for function in self._final_module.functions:
                if not function.is_declaration and function.linkage.name == "external":
                    function.linkage = "linkonce_odr"
            self._shared_module = self._final_module
        return self._shared_module


class _Whole(JITCodeLibrary):
    """A function that Python calls, with all that it calls itself."""

    def finalize(self) -> None:
        """Take in what is called, by parts as well; then it is optimised and compiled, all at once."""
        self._linking_libraries = _all_of(self._linking_libraries)
        super().finalize()


def _all_of(libraries: list) -> list:
    """Some libraries, and those that the parts among them take in, each once."""
    found = list(dict.fromkeys(libraries))
    known = set(found)
    for library in found:  # which grows
        if isinstance(library, _Part):
            new = [other for other in dict.fromkeys(library._linking_libraries) if other not in known]
            found += new
            known.update(new)
    return found


class _Flags(compiler.Flags):
    """How a function is compiled. Numba compares flags at every sign of addition, so what they say is kept."""

    __slots__ = ("_said",)
    _said: dict | None
    joined = Option(type=bool, default=True, doc="numba's own functions come in as parts, and are nobody else's")

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a flag, and forget what was said before."""
        object.__setattr__(self, "_said", None)
        super().__setattr__(name, value)

    def values(self) -> dict:
        """Return all flags."""
        said = self._said
        if said is None:
            said = super().values()
            object.__setattr__(self, "_said", said)
        return said

    def __eq__(self, other: object) -> bool:
        """Tell whether all flags are the same."""
        return isinstance(other, _Flags) and self.values() == other.values()

    def __hash__(self) -> int:
        """Return the same for all flags: there are hardly two kinds."""
        return 0


def _borrowed(function: Any, counted: Callable[[str], bool]) -> set[str]:
    """The names of variables whose arrays are a function's arguments or parts of them, whatever way it takes.

    Whoever called the function holds these arrays until it ends, so that nobody need count who else does.
    """
    values: dict[str, list] = {}
    for block in function.blocks.values():
        for line in block.find_insts(ir.Assign):
            if counted(line.target.name):
                values.setdefault(line.target.name, []).append(line.value)
    names = set(values)
    while owned := {name for name in names if not all(_is_lent(value, names, counted) for value in values[name])}:
        names -= owned
    return names


def _is_lent(value: Any, names: set[str], counted: Callable[[str], bool]) -> bool:
    """Tell whether a value is an argument, or one of the variables `names` or a part of one."""
    if isinstance(value, ir.Arg | ir.Var):
        return isinstance(value, ir.Arg) or value.name in names
    if not isinstance(value, ir.Expr):
        return False
    if value.op == "build_tuple":
        return all(item.name in names or not counted(item.name) for item in value.items)
    if value.op == "getitem" and counted(value.index.name):  # what an array chooses is copied
        return False
    return value.op in PARTS and value.value.name in names


class _Lower(lowering.Lower):
    """Numba's lowering, without the counting of who holds an array where it is borrowed."""

    def pre_lower(self) -> None:
        """Find out what is borrowed."""
        super().pre_lower()
        models = self.context.data_model_manager
        self._borrowed = _borrowed(self.func_ir, lambda name: models[self.typeof(name)].contains_nrt_meminfo())

    def lower_inst(self, inst: Any) -> None:
        """Lower a statement."""
        name = inst.target.name if isinstance(inst, ir.Assign) else inst.value if isinstance(inst, ir.Del) else None
        if name not in self._borrowed:
            return super().lower_inst(inst)
        self.context.enable_nrt = False
        try:
            super().lower_inst(inst)
        finally:
            self.context.enable_nrt = True


@register_pass(mutates_CFG=True, analysis_only=False)
class _Lowering(typed_passes.BaseNativeLowering):
    _name = "borrowing_lowering"  # type: ignore[assignment]

    @property
    def lowering_class(self) -> type:
        return _Lower


class _Compiler(compiler.Compiler):
    """Numba's compiler, with libraries of our own."""

    library: type[JITCodeLibrary] = _Whole

    def define_pipelines(self) -> list:
        """Return numba's passes, the library in place that they fill; nobody takes a function for one of C's."""
        state = self.state
        state.flags.no_cfunc_wrapper = True
        state.targetctx = state.targetctx.subtarget(target=_Target)
        state.library = self.library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()  # so that it can be kept
        (passes,) = super().define_pipelines()
        if state.func_id.modname.partition(".")[0] == __name__.partition(".")[0]:
            passes.passes = [
                (_Lowering if step is typed_passes.NativeLowering else step, what)
                for step, what in passes.passes
                if step is not typed_passes.NopythonRewrites  # of whole arrays at once, which we do not write
            ]
        return [passes]


class _PartCompiler(_Compiler):
    """The same, without Python's way in."""

    library = _Part

    def define_pipelines(self) -> list:
        """Return numba's passes; what they do at the end is left out."""
        flags = self.state.flags  # only here: numba keeps its own functions by the flags with which they are asked for
        flags.no_compile = flags.no_cpython_wrapper = True
        return super().define_pipelines()


class _FunctionCompiler(dispatcher._FunctionCompiler):  # type: ignore[name-defined]
    def _customize_flags(self, flags: Any) -> Any:
        return _Flags(flags)


@contextlib.contextmanager
def _nothing_swept() -> Iterator[None]:
    """Keep Python from looking through all that numba holds, again and again, for what nobody needs any more."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Dispatcher(CPUDispatcher):
    """A compiled function, as numba has it; called from compiled code it becomes a part of that."""

    def __init__(
        self,
        py_func: Callable,
        locals: dict | None = None,
        targetoptions: dict | None = None,
        pipeline_class: type = _Compiler,
    ) -> None:
        """Take in a plain function; nothing is compiled yet."""
        super().__init__(py_func, locals or {}, targetoptions or OPTIONS, pipeline_class)
        self._compiler = _FunctionCompiler(py_func, self.targetdescr, self.targetoptions, self.locals, pipeline_class)
        self._part_compiler = _FunctionCompiler(py_func, self.targetdescr, self.targetoptions, {}, _PartCompiler)
        self._parts: dict[tuple, Any] = {}

    def compile(self, sig: Any) -> Any:
        """Compile the function for Python's calls, or take what was kept."""
        with _nothing_swept():
            return super().compile(sig)

    def get_call_template(self, args: Any, kws: Any) -> tuple:
        """Return the type of a call from compiled code, the part compiled."""
        signature, arguments = self._compiler.fold_argument_types(*self._plain(args, kws))
        if arguments not in self._parts:
            self._parts[arguments] = self._compiled_part(arguments)
        known = [part.signature for part in self._parts.values()]
        template = make_concrete_template(self.py_func.__name__, key=self.py_func.__name__, signatures=known)
        return template, signature, arguments, {}

    def _plain(self, args: tuple, kws: dict) -> tuple[tuple, dict]:
        """Types without the values that numba knows: it would compile anew for each 0 and 1 that stands in a call."""
        return tuple(map(types.unliteral, args)), {name: types.unliteral(kind) for name, kind in kws.items()}

    def _compiled_part(self, arguments: tuple) -> Any:
        found = self._part_compiler.compile(arguments, None)
        found = found._replace(entry_point=object())  # by which calls find it
        self.targetctx.insert_user_function(found.entry_point, found.fndesc, [found.library])
        return found

    def get_overload(self, sig: Any) -> Any:
        """Return that by which compiled code finds the part for these types."""
        return self._parts[tuple(sig)].entry_point

    def add_overload(self, cres: Any) -> None:
        """Take in what was compiled, or was kept, for Python's calls."""
        for environment in cres._find_referenced_environments():  # of parts, whose constants nobody else puts in place
            cres.codegen.set_env(environment.env_name, environment)
        super().add_overload(cres)


class _NumbasOwn(Dispatcher):
    """One of numba's functions, which does ask what a number is."""

    def _plain(self, args: tuple, kws: dict) -> tuple[tuple, dict]:
        return args, kws


class _Target(CPU):
    """The processor, with compilers of our own."""


target_registry[TARGET] = _Target
dispatcher_registry[_Target] = Dispatcher
jit_registry[_Target] = lambda **options: lambda function: _NumbasOwn(function, targetoptions=options)
