from concurrent.futures import ThreadPoolExecutor

from django.core.cache import caches


def test_what_is_kept_is_found_again():
    cache = caches["default"]
    cache.set("essai", {"mot": "clé"}, 30)
    assert cache.get("essai") == {"mot": "clé"}
    cache.delete("essai")
    assert cache.get("essai") is None


def test_a_client_is_made_once_for_reading_and_writing():
    cache = caches["default"]
    clients = {id(cache._cache.get_client("a", write=write)) for write in (False, True, False)}
    assert len(clients) == 1


def test_several_threads_read_their_own_keys():
    def there_and_back(number):
        cache = caches["default"]
        cache.set(f"essai-{number}", number, 30)
        return cache.get(f"essai-{number}")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(there_and_back, range(100))) == list(range(100))
