"""Texts become vectors once; what is cached is trusted only as far as its checksums go."""

import subprocess
import sys
import threading
import unicodedata

import numpy as np
import pytest

from recommender.domain import ForeignCache, ModelError, NotReady
from recommender.text.embedding import Embedder, clean_text
from recommender.text.readings import text_words
from recommender.text.sentence_encoder import SentenceEncoder, model_fingerprint
from recommender.text.vector_cache import VectorCache

TEXTS = ["una casa abierta", "a safe harbour", "una casa abierta"]


def embedder_over(folder, encoder):
    return Embedder(lambda: encoder, VectorCache(folder, encoder.fingerprint))


def test_a_text_is_encoded_once_ever(tmp_path, hash_encoder):
    first = embedder_over(tmp_path, hash_encoder).passages(TEXTS)
    again = embedder_over(tmp_path, hash_encoder).passages(TEXTS)

    assert hash_encoder.texts_read == ["una casa abierta", "a safe harbour"]
    assert np.array_equal(first, again)
    assert np.array_equal(first[0], first[2])


def test_words_come_back_from_the_cache_as_they_went_in(tmp_path, hash_encoder):
    expected = hash_encoder.read(TEXTS[:2], "passage")

    found = embedder_over(tmp_path, hash_encoder).read(TEXTS[:2])

    assert found.counts.tolist() == [3, 3]
    assert np.array_equal(found.word_rows(1), expected.word_rows(1))


def test_question_and_passage_of_equal_wording_are_different_entries(tmp_path, hash_encoder):
    embedder = embedder_over(tmp_path, hash_encoder)

    embedder.read(["casa"], "passage")
    embedder.read(["casa"], "query")

    assert hash_encoder.texts_read == ["casa", "casa"]


def test_a_question_is_not_kept(tmp_path, hash_encoder):
    embedder = embedder_over(tmp_path, hash_encoder)

    embedder.query("what a private person asks")

    assert len(embedder.cache) == 0
    assert not (tmp_path / "vectors.bin").exists()


@pytest.mark.parametrize("place", [2, 40, 1024 + 5, -1])
def test_a_corrupt_cache_is_rebuilt(tmp_path, hash_encoder, place):
    before = embedder_over(tmp_path, hash_encoder).passages(TEXTS)
    path = tmp_path / "vectors.bin"
    data = bytearray(path.read_bytes())
    data[place] ^= 0xFF
    path.write_bytes(data)

    after = embedder_over(tmp_path, hash_encoder).passages(TEXTS)

    assert np.array_equal(before, after)
    assert len(hash_encoder.texts_read) == 4  # both texts, twice
    assert len(VectorCache(tmp_path, hash_encoder.fingerprint)) == 2


def test_a_truncated_cache_is_rebuilt(tmp_path, hash_encoder):
    embedder_over(tmp_path, hash_encoder).passages(TEXTS)
    path = tmp_path / "vectors.bin"
    path.write_bytes(path.read_bytes()[:-7])

    assert len(VectorCache(tmp_path, hash_encoder.fingerprint)) == 0


def test_the_cache_of_another_model_is_refused_and_kept(tmp_path, hash_encoder):
    embedder_over(tmp_path, hash_encoder).passages(TEXTS)
    before = (tmp_path / "vectors.bin").read_bytes()

    with pytest.raises(ForeignCache, match="hash-8") as caught:
        VectorCache(tmp_path, "another-model")

    assert caught.value.code == "foreign-cache"
    assert (tmp_path / "vectors.bin").read_bytes() == before


def test_two_that_add_at_the_same_time_keep_each_other_s_vectors(tmp_path, hash_encoder):
    one, other = embedder_over(tmp_path, hash_encoder), embedder_over(tmp_path, hash_encoder)

    one.passages(["uno"])
    other.passages(["dos"])

    assert len(VectorCache(tmp_path, hash_encoder.fingerprint)) == 2


def test_no_half_written_file_stays_behind(tmp_path, hash_encoder):
    embedder_over(tmp_path, hash_encoder).passages(TEXTS)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["vectors.bin", "vectors.lock"]


def test_a_query_waits_for_a_loading_encoder_and_then_gives_up_by_name(tmp_path, hash_encoder):
    loaded = threading.Event()

    def load():
        loaded.wait(10)
        return hash_encoder

    embedder = Embedder(load, VectorCache(tmp_path, hash_encoder.fingerprint), patience=0.05)
    embedder.start_loading()
    assert not embedder.ready
    with pytest.raises(NotReady):
        embedder.query("hola")

    loaded.set()
    embedder.read(["hola"])
    assert embedder.ready
    assert len(embedder.query("hola")) == 1


def test_an_encoder_that_cannot_be_loaded_says_so_to_who_asks(tmp_path):
    embedder = Embedder(lambda: SentenceEncoder(tmp_path / "nowhere"), VectorCache(tmp_path, "x"))

    with pytest.raises(ModelError, match="nowhere"):
        embedder.query("hola")


def test_an_encoder_of_another_fingerprint_than_the_cache_is_refused(tmp_path, hash_encoder):
    embedder = Embedder(lambda: hash_encoder, VectorCache(tmp_path, "another"))

    with pytest.raises(ModelError, match="hash-8"):
        embedder.passages(["hola"])


def test_progress_counts_only_what_is_encoded(tmp_path, hash_encoder):
    embedder_over(tmp_path, hash_encoder).passages(TEXTS)
    told = []

    embedder_over(tmp_path, hash_encoder).passages(TEXTS, lambda done, total: told.append((done, total)))

    assert told == []


def test_a_warm_cache_needs_no_torch(tmp_path, hash_encoder):
    embedder_over(tmp_path, hash_encoder).passages(TEXTS)
    program = (
        "import sys; from pathlib import Path; from recommender.text.embedding import Embedder, VectorCache;"
        "from recommender.text import matching;"
        f"e = Embedder(lambda: 1 / 0, VectorCache(Path({str(tmp_path)!r}), 'hash-8'));"
        f"print(e.passages({TEXTS!r}).shape);"
        "assert not {'torch', 'sentence_transformers', 'sklearn', 'scipy'} & set(sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "(3, 8)"


def test_text_is_cleaned_to_one_form():
    assert clean_text("  ﬁn\u00a0de\nsemana ") == "fin de semana"
    assert clean_text(unicodedata.normalize("NFD", "niñez")) == "niñez"
    assert clean_text("a\ud800b") == "a?b"


def test_folders_with_different_contents_have_different_fingerprints(tmp_path):
    (tmp_path / "config.json").write_text("1")
    one = model_fingerprint(tmp_path)
    (tmp_path / "config.json").write_text("2")

    assert model_fingerprint(tmp_path) != one
    assert model_fingerprint("intfloat/multilingual-e5-small") == "hub/intfloat/multilingual-e5-small"


@pytest.mark.model
def test_fifty_arabic_ligatures_do_no_harm(encoder):
    vectors = encoder.encode(["ﷺ" * 50, "", "\x00\x01", "🌍" * 2000], "query")

    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.model
def test_decomposed_accents_make_no_difference(encoder):
    composed = "Niñez y adolescencia en la frontera: atención médica"

    one, other = encoder.encode([composed, unicodedata.normalize("NFD", composed)], "query")

    assert np.array_equal(one, other)


@pytest.mark.model
def test_every_word_of_a_text_has_its_vector(encoder):
    text = "Casa de acogida (2 pisos), ¡gratuita!"

    reading = encoder.read([text], "passage")

    assert reading.counts.tolist() == [len(text_words(text))]
    assert np.allclose(np.linalg.norm(reading.word_rows(0), axis=1), 1, atol=0.02)


@pytest.mark.model
def test_a_text_does_not_depend_on_what_it_is_encoded_with(encoder):
    alone = encoder.encode(["una casa"], "passage")[0]
    together = encoder.encode(["una casa", "una historia mucho más larga " * 20], "passage")[0]

    assert float(alone @ together) > 0.9999


@pytest.mark.model
def test_a_sentence_is_nearest_to_its_translation(encoder):
    spanish = ["refugio para mujeres", "crédito para pequeños negocios", "vacunas para la niñez"]
    english = ["shelter for women", "loans for small businesses", "vaccines for children"]

    likeness = encoder.encode(spanish, "query") @ encoder.encode(english, "passage").T

    assert likeness.argmax(axis=1).tolist() == [0, 1, 2]


def test_a_folder_that_claims_to_be_another_model_is_not_believed(tmp_path):
    for name, pooling in (("ours", "mean"), ("changed", "cls")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "fingerprint").write_text("multilingual-e5-small/1")
        (tmp_path / name / "pooling.json").write_text(pooling)

    assert model_fingerprint(tmp_path / "ours") != "multilingual-e5-small/1"
    assert model_fingerprint(tmp_path / "ours") != model_fingerprint(tmp_path / "changed")
