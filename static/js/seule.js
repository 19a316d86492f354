// A commune that is alone to have the postcode is chosen without a key. The hand that is used to
// pressing « Entrée » after a postcode presses it all the same: that one does nothing more.

const HABITUDE = 2000; // milliseconds

let jusqua = 0;

export function choisieSeule() {
  jusqua = Date.now() + HABITUDE;
}

document.addEventListener(
  "keydown",
  (evenement) => {
    const superflue = Date.now() < jusqua && evenement.key === "Enter" && !evenement.ctrlKey;
    jusqua = 0;
    if (!superflue) return;
    evenement.preventDefault();
    evenement.stopImmediatePropagation();
  },
  { capture: true },
);
