"""A keyboard that has the letters of the French one."""


def type_words(page, text, *, delay=15):
    """Press the keys of a text, one after the other; ``delay``: milliseconds between two.

    Playwright puts in a letter that the American keyboard lacks without pressing a key: the desk,
    which keeps the keys typed while an answer is on its way, would not see it go by.
    """
    session = None
    for letter in text:
        if letter.isascii():
            page.keyboard.type(letter)
        else:
            session = session or page.context.new_cdp_session(page)
            key = {"key": letter, "text": letter}
            session.send("Input.dispatchKeyEvent", {"type": "keyDown", **key})
            session.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
        page.wait_for_timeout(delay)
    if session:
        session.detach()


class Keyboard:
    """Counts what an agent presses: a chord such as Ctrl+Entrée counts as two keys."""

    def __init__(self, page):
        self.page = page
        self.count = 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.count += key.count("+") + 1

    def type(self, text):
        type_words(self.page, text)
        self.count += len(text)
