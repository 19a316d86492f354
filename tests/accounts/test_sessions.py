"""A session is read from Redis, and from the base when Redis is away."""

from django.urls import reverse

URL = "preferences"


AWAY = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",
    }
}


def test_a_session_is_read_without_a_query(client, login, django_assert_max_num_queries):
    login()
    client.get(reverse(URL))

    with django_assert_max_num_queries(9) as queries:
        client.get(reverse(URL))
    assert not [query for query in queries if "django_session" in query["sql"]]


def test_without_redis_an_agent_stays_logged_in(client, login, settings):
    login()
    settings.CACHES = AWAY

    assert client.get(reverse(URL)).status_code == 200


def test_without_redis_an_unknown_session_is_nobody_s(client, db, settings):
    settings.CACHES = AWAY
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32

    assert client.get(reverse(URL)).status_code == 302
